"""`spardesk demo`: watch the model as the agent with a customer."""

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.endings import ENDINGS
from ui.cli.options import (
    SCENARIO,
    BaseUrl,
    Level,
    Model,
    Packs,
    Persona,
    Personas,
    settings_of,
)

if TYPE_CHECKING:
    from llm.types import ChatModel
    from simulator.world import World
    from ui.settings import Settings

Free = Annotated[
    bool,
    typer.Option(
        "--free",
        help="Let the model improvise from card and policy. Otherwise it says the lines of the "
        "scenario's good agent in its own words, and does what belongs to them at the desk.",
    ),
]


def demo(
    ctx: typer.Context,
    scenario: Annotated[str, SCENARIO],
    persona: Persona = None,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same customer.")] = 1,
    level: Level = None,
    free: Free = False,
    model: Model = None,
    base_url: BaseUrl = None,
    packs: Packs = None,
    personas: Personas = None,
) -> None:
    """Watch the model as the agent: to see how it is done, or to try a customer out.

    Nothing is kept or graded.

    [dim]Examples:[/]

      spardesk demo broken-coffee-machine

      spardesk demo late-parcel --persona margaret-doyle --free
    """
    from ui.cli.opening import load_model

    settings = settings_of(ctx, model=model, base_url=base_url, packs=packs, personas=personas)
    world = _world(settings, scenario, persona, level)
    with closing(load_model(settings)) as loaded:
        _show(world, loaded, seed, free=free)


def _world(
    settings: "Settings", scenario_id: str, persona_id: str | None, level: int | None
) -> "World":
    from scenarios.library import Library
    from simulator.world import World
    from ui.cli.errors import UsageError

    library = Library.load(settings.packs, settings.personas)
    scenario = library.scenario(scenario_id)
    persona = library.persona(persona_id or scenario.persona)
    if persona.language != scenario.language:
        raise UsageError(
            f"The persona {persona.id!r} speaks {persona.language!r}, the scenario "
            f"{scenario.id!r} is in {scenario.language!r}. Choose a persona of that language."
        )
    return World(library.pack_of(scenario.id), scenario, persona, level)


def _show(world: "World", model: "ChatModel", seed: int, *, free: bool) -> None:
    """Print the conversation as it goes."""
    from rich.text import Text

    from bench.playing import MemoryJournal
    from simulator.demo import DemoAgent
    from simulator.session import Session
    from simulator.types import CustomerSaid, DeskUsed
    from ui.cli.consoles import out

    console = out()
    session = Session.start(world, model=model, journal=MemoryJournal(), seed=seed)
    heard = 1
    for line in DemoAgent(model, world, seed, free=free).play(session):
        for event in session.events[heard:]:
            if isinstance(event, DeskUsed):
                console.print(Text(f"desk > {event.result.message}", "green"), soft_wrap=True)
        console.print(Text(f"agent > {line}", "bold cyan"), soft_wrap=True)
        *_, turn = session.reply(line)
        assert isinstance(turn, CustomerSaid)
        name = Text(f"{world.customer_name} > ", "bold magenta")
        mood = Text(f"  [{turn.cue.mood.emotion}]", "dim")
        console.print(name + Text(turn.text) + mood, soft_wrap=True)
        heard = len(session.events)
    ended = session.ended
    console.print(ENDINGS[ended.value] if ended else "The agent had nothing more to say.")
