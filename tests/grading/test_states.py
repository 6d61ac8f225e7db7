"""State checks: what a session's agenda and desk say, whatever the words were."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from dialogue.types import Act, Mood, Perception
from grading.case import Case, from_events
from grading.grader import grade
from grading.rubric import core_rubric
from grading.types import CheckResult, Scorecard
from personas.types import Example, Persona
from scenarios.types import Pack, Scenario
from simulator.types import (
    ActionResult,
    AgentSaid,
    Cue,
    CustomerSaid,
    DeskUsed,
    Does,
    Ended,
    EndReason,
    Event,
    Flag,
    Started,
)
from simulator.world import World

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

SCENARIO = Scenario.model_validate(
    {
        "id": "refund",
        "title": "A refund",
        "language": "en",
        "level": 1,
        "topic": "refund",
        "persona": "ann",
        "card": {"contact": "Ann", "reason": "refund", "objectives": ["verify"]},
        "brief": {
            "opening": "I want my money back.",
            "facts": [{"id": "order_number", "about": "the order number", "says": "4471"}],
            "offers": [{"id": "refund", "about": "a refund", "response": "accept", "says": "Yes."}],
            "goals": [{"id": "money", "wants": "My money.", "met_by": ["refund"]}],
            "puzzled": "What?",
            "insists": "The refund.",
            "satisfied": "Thanks.",
            "gives_up": "Bye.",
        },
        "notes": {
            "success": [
                {"table": "orders", "key": "4471", "field": "refund", "equals": "approved"}
            ],
            "forbidden_actions": ["replace_order"],
            "verify_before": ["order_number"],
        },
        "ideal": ["Hello", "Number?", "Done."],
    }
)


def action(name: str, sets: dict[str, str]) -> dict[str, Any]:
    arguments = [{"name": "order_id", "label": "Order"}]
    return {
        "name": name,
        "title": name,
        "table": "orders",
        "key": "order_id",
        "arguments": arguments,
        "sets": sets,
        "result": "Done.",
    }


PACK = Pack.model_validate(
    {
        "id": "shop",
        "name": {"en": "Shop"},
        "policy": {},
        "topics": ["refund"],
        "tables": {"orders": {"4471": {"refund": "none", "replacement": "none"}}},
        "actions": [
            action("refund_order", {"refund": "approved"}),
            action("replace_order", {"replacement": "sent"}),
            action("look_up", {}),
        ],
        "scenarios": [SCENARIO],
    }
)

EXAMPLE = Example(agent="Hi", mood="calm", means="Hi", says="Hi")
ANN = Persona(
    id="ann",
    name="Ann",
    language="en",
    age=40,
    summary="Ann.",
    voice="Plain.",
    examples=(EXAMPLE,) * 3,
)
WORLD = World(pack=PACK, scenario=SCENARIO, persona=ANN)

REFUND = ActionResult(
    name="refund_order",
    arguments={"order_id": "4471"},
    done=True,
    message="Done.",
    before={"refund": "none"},
    after={"refund": "approved"},
)
REPLACE = ActionResult(
    name="replace_order",
    arguments={"order_id": "4471"},
    done=True,
    message="Done.",
    before={"replacement": "none"},
    after={"replacement": "sent"},
)
LOOKED = ActionResult(name="look_up", arguments={"order_id": "4471"}, done=True, message="4471")


def agent(index: int, text: str) -> AgentSaid:
    return AgentSaid(at=NOW, index=index, text=text)


def customer(
    index: int,
    text: str,
    *,
    acts: Mapping[Act, float] | None = None,
    emotion: Any = "neutral",
    flags: tuple[Flag, ...] = (),
    **state: Any,
) -> CustomerSaid:
    mood = Mood(emotion=emotion, patience=0.5, trust=0.5)
    return CustomerSaid(
        at=NOW,
        index=index,
        text=text,
        perception=Perception(acts=dict(acts or {})),
        cue=Cue(acts=(Does.ACKNOWLEDGE,), mood=mood, means=text),
        state={"goals_met": [], "told": [], "asked": [], **state},
        flags=flags,
    )


def desk(result: ActionResult) -> DeskUsed:
    return DeskUsed(at=NOW, result=result)


def session(*events: Event) -> Case:
    started = Started(
        at=NOW,
        session_id="s-1",
        person="local",
        scenario="refund",
        persona="ann",
        pack="shop",
        language="en",
        seed=1,
        model="scripted:test",
        content_version="1",
        prompt_version="1",
    )
    return from_events([started, *events, Ended(at=NOW, reason=EndReason.AGENT_CLOSED)], WORLD)


ASKED: dict[str, Any] = {"asked": ["order_number"], "told": ["order_number"]}
SAYS_DONE = {Act.CONFIRMS_DONE: 0.9}


def good() -> Case:
    return session(
        agent(0, "Hello, may I have your order number?"),
        customer(1, "4471", **ASKED),
        desk(LOOKED),
        desk(REFUND),
        agent(2, "Thank you, I have refunded it."),
        customer(3, "Great.", acts=SAYS_DONE, emotion="pleased", goals_met=["money"], **ASKED),
    )


def only_words() -> Case:
    return session(
        agent(0, "Hello, may I have your order number? I am so sorry."),
        customer(1, "4471", **ASKED),
        agent(2, "Thank you so much, I am terribly sorry. I have refunded it."),
        customer(3, "Great, thanks!", acts=SAYS_DONE, emotion="pleased", **ASKED),
    )


def card(case: Case) -> Scorecard:
    return grade(case, core_rubric(), None)


def checked(case: Case, id_: str) -> CheckResult:
    return next(c for part in card(case).criteria.values() for c in part.checks if c.id == id_)


def test_a_session_knows_its_id_deeds_and_end() -> None:
    case = good()
    assert case.id == "s-1"
    assert [(deed.turn, deed.result.name) for deed in case.deeds] == [
        (2, "look_up"),
        (2, "refund_order"),
    ]
    assert case.end is EndReason.AGENT_CLOSED
    assert case.perceptions[2].shows(Act.CONFIRMS_DONE)


def test_what_was_done_decides_what_is_solved() -> None:
    assert card(good()).solved == 1
    words = card(only_words())
    assert words.solved == 0
    resolution = words.criteria["resolution"].score
    assert resolution is not None and resolution < 20


@pytest.mark.parametrize("id_", ["goals_met", "desk_success", "promises_kept", "verified_first"])
def test_good_session_meets_its_state_checks(id_: str) -> None:
    assert checked(good(), id_).answer == "yes"


def test_what_is_said_to_be_done_must_be_done() -> None:
    result = checked(only_words(), "promises_kept")
    assert result.answer == "no"
    assert result.evidence[0].quote in "Thank you so much, I am terribly sorry. I have refunded it."


def test_acting_before_verifying_is_seen() -> None:
    case = session(
        agent(0, "Hello."),
        customer(1, "My money!"),
        desk(REFUND),
        agent(2, "Refunded."),
        customer(3, "Oh."),
    )
    result = checked(case, "verified_first")
    assert result.answer == "no"
    assert "order_number" in result.reason
    assert result.evidence[0].turn == 2


def test_looking_something_up_is_not_acting() -> None:
    case = session(agent(0, "Hi."), customer(1, "x"), desk(LOOKED), agent(2, "I see."))
    assert checked(case, "verified_first").status == "not_applicable"


def test_forbidden_action_is_named() -> None:
    case = session(agent(0, "Hi."), customer(1, "x", **ASKED), desk(REPLACE), agent(2, "Sent."))
    result = checked(case, "nothing_forbidden")
    assert result.answer == "no"
    assert "replace_order" in result.reason


def test_an_action_that_was_refused_changes_nothing() -> None:
    refused = REFUND.model_copy(update={"done": False, "after": {}})
    case = session(agent(0, "Hi."), customer(1, "x", **ASKED), desk(refused), agent(2, "Done."))
    assert checked(case, "desk_success").answer == "no"


def test_voided_turns_count_nowhere() -> None:
    flag = Flag(kind="role_break", stage="shown", voided=True)
    case = session(
        agent(0, "Hello."),
        customer(1, "You're welcome! How can I help you?", flags=(flag,), emotion="furious"),
        agent(2, "Please tell me the number."),
        customer(3, "4471"),
    )
    scorecard = card(case)
    assert scorecard.voided_turns == (1,)
    assert [point.turn for point in scorecard.mood] == [3]


def test_mood_and_topic_come_from_the_session() -> None:
    scorecard = card(good())
    assert [point.valence for point in scorecard.mood] == [0.0, 0.8]
    assert scorecard.topic == "refund"
    assert scorecard.predicted_satisfaction == pytest.approx(90)


def test_without_a_scenario_state_checks_do_not_apply() -> None:
    plain = Case(id="x", turns=good().turns, language="en")
    states = [c for p in card(plain).criteria.values() for c in p.checks if c.kind == "state"]
    assert {c.status for c in states} == {"not_applicable"}
