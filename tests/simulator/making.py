"""A small world for the simulator's tests, and a journal in memory."""

from pathlib import Path

from dialogue.types import Act, Perception
from personas.types import Example, Persona, Typing
from scenarios.types import (
    Action,
    Argument,
    Brief,
    Card,
    Fact,
    Goal,
    Limits,
    Notes,
    Offer,
    Pack,
    Requirement,
    Scenario,
)
from simulator.types import Event
from simulator.world import World

HERE = Path(__file__).parent


class MemoryJournal:
    """Keeps events in a dict; counts appends."""

    def __init__(self) -> None:
        self.events: dict[str, list[Event]] = {}

    def append(self, session_id: str, event: Event, number: int | None = None) -> None:
        self.events.setdefault(session_id, []).append(event)

    def read(self, session_id: str) -> list[Event]:
        return list(self.events[session_id])


def persona(**changes: object) -> Persona:
    example = Example(
        agent="Hello?", mood="angry", means="My gas bill is wrong.", says="The gas bill is wrong!"
    )
    return Persona(
        id="vera",
        name="Vera",
        language="en",
        age=50,
        summary="Blunt.",
        voice="Vera is blunt.",
        examples=(example, example, example),
        typing=Typing(),
    ).model_copy(update=changes)


def brief(**changes: object) -> Brief:
    return Brief(
        opening="My kettle came broken.",
        feeling="annoyed",
        facts=(
            Fact(
                id="order_number",
                about="the order number",
                says="It is 4471.",
                phrases=("order number",),
            ),
            Fact(id="emails", about="the emails", says="I wrote to you twice.", when="volunteered"),
            Fact(
                id="serial",
                about="the serial number",
                says="I cannot find a serial number.",
                when="unknown",
                phrases=("serial",),
            ),
            Fact(
                id="card",
                about="the card number",
                says="My card number stays with me.",
                when="never",
                phrases=("card number",),
            ),
        ),
        offers=(
            Offer(
                id="refund",
                about="a refund",
                phrases=("refund",),
                response="accept",
                says="Yes, a refund is right.",
            ),
            Offer(
                id="swap",
                about="a new kettle",
                phrases=("replacement", "new kettle"),
                response="refuse",
                says="No, I want no new kettle.",
            ),
            Offer(
                id="voucher",
                about="a voucher",
                phrases=("voucher",),
                response="accept_later",
                says="A voucher? No.",
                says_later="Fine, the voucher then.",
            ),
            Offer(
                id="by_monday",
                about="a date",
                phrases=("by monday",),
                response="accept",
                says="Monday is fine.",
            ),
        ),
        goals=(Goal(id="money", wants="I want my money back.", met_by=("refund", "voucher")),),
        puzzled="What do you mean? It is about my kettle.",
        insists="It is about my broken kettle.",
        satisfied="Thank you, goodbye.",
        gives_up="Forget it, I am done here.",
        limits=Limits(max_turns=12),
    ).model_copy(update=changes)


def scenario(**changes: object) -> Scenario:
    return Scenario(
        id="broken-kettle",
        title="Kettle",
        language="en",
        level=1,
        topic="damage",
        persona="vera",
        card=Card(contact="Vera", reason="Order 4471", objectives=("Listen",)),
        brief=brief(),
        notes=Notes(),
        ideal=("Hello", "I can refund you", "Goodbye"),
    ).model_copy(update=changes)


def pack() -> Pack:
    return Pack(
        id="shop",
        name={"en": "Shop"},
        policy={"en": "Be fair."},
        topics=("damage",),
        version="abc",
        tables={"orders": {"4471": {"status": "delivered", "total": 30.0, "refund": None}}},
        actions=(
            Action(
                name="refund_order",
                title="Refund",
                table="orders",
                key="order_id",
                arguments=(
                    Argument(name="order_id", label="Order"),
                    Argument(name="reason", label="Reason", choices=("damaged", "late")),
                ),
                requires=(
                    Requirement(
                        field="status",
                        one_of=("delivered",),
                        otherwise="Order {order_id} is {status}.",
                    ),
                    Requirement(field="total", at_most=50, otherwise="{total} is too much."),
                ),
                sets={"status": "refunded", "refund": "{reason}"},
                result="Refunded {total} for {order_id}.",
            ),
        ),
        scenarios=(scenario(),),
    )


def world(**changes: object) -> World:
    return World(pack=pack(), scenario=scenario(**changes), persona=persona())


def seen(*acts: Act, asks: tuple[str, ...] = (), offers: tuple[str, ...] = ()) -> Perception:
    """A perception that is sure of what it names."""
    return Perception(
        acts=dict.fromkeys(acts, 0.95),
        asks=dict.fromkeys(asks, 0.95),
        offers=dict.fromkeys(offers, 0.95),
    )
