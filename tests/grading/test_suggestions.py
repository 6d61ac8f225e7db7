"""Better wordings: the right turns, and nothing invented."""

import pytest

from grading.grader import grade
from grading.rubric import core_rubric
from grading.suggestions import suggest, usable
from grading.types import Suggestion
from llm.errors import ServerBusy
from tests.grading.making import case_of
from tests.scripted import ScriptedModel

RUDE = case_of(
    "C: My parcel is late, this is so frustrating!",
    "A: Hello. Thank you for your message, may I have the order number, please?",
    "C: 55120",
    "A: Not my problem. Read the tracking page.",
    "C: When will it arrive?",
    "A: Thank you, good bye.",
)


def suggested(*replies: str | Exception) -> tuple[Suggestion, ...]:
    return suggest(RUDE, core_rubric(), [], ScriptedModel(replies))


def test_the_weakest_turns_are_chosen_and_the_problem_said() -> None:
    found = suggest(RUDE, core_rubric(), [], None)
    assert found[0].turn == 3
    assert len(found) == 2
    assert found[0].original == "Not my problem. Read the tracking page."
    assert found[0].problem == "This wording is rude."


def test_the_models_wording_is_used_when_it_is_sound() -> None:
    better = "I'm sorry for the wait. The tracking page shows where your parcel is."
    assert suggested(better, better, better)[0].better == better


@pytest.mark.parametrize(
    "reply",
    [
        "I have refunded 20 euros to you.",
        "I'm sorry, your parcel will be there tomorrow.",
        "I'm sorry, my colleague Peter will call you.",
        "We will give you a voucher, sorry.",
        "Read the tracking page, you idiot.",
        "很抱歉，请您看一下物流页面。",
        "Not my problem. Read the tracking page.",
        "I'm sorry. " * 40,
        "",
        "Sorry, [name], the order is on its way.",
    ],
)
def test_what_cannot_be_shown_is_replaced(reply: str) -> None:
    found = suggested(reply, reply, reply, reply)[0]
    assert found.better != reply.strip()
    assert usable(found.better or "", RUDE, found.turn, "rude")


def test_a_second_draw_is_tried_before_the_line_from_the_data() -> None:
    good = "I'm sorry for the trouble, I'll look at the tracking page with you."
    assert suggested("Voucher for you!", good, "", "")[0].better == good


def test_a_model_that_fails_leaves_the_line_from_the_data() -> None:
    busy = ServerBusy("The server is loading.")
    found = suggested(busy, busy)
    assert len(found) == 2
    assert all(s.better for s in found)


def test_where_no_wording_reads_better_the_fault_is_said_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("grading.suggestions.reads_better", lambda *_: False)
    found = suggested(*["I'm sorry about the delay."] * 4)
    assert found
    assert {s.better for s in found} == {None}
    assert all(s.problem for s in found)


def test_chinese_suggestions_are_chinese() -> None:
    case = case_of("C: 急死我了，什么时候能到？", "A: 自己看物流。", language="zh")
    (found,) = suggest(case, core_rubric(), [], None)
    assert found.problem == "这句话用词粗鲁。"
    assert usable(found.better or "", case, 1, "rude")


def test_a_sound_conversation_gets_none() -> None:
    case = case_of(
        "C: Do you ship to Norway?", "A: Hello, yes, thank you for asking. It is 12 euros."
    )
    assert suggest(case, core_rubric(), [], None) == ()


def test_the_scorecard_carries_them() -> None:
    card = grade(RUDE, core_rubric(), None)
    assert len(card.suggestions) == 2
    for suggestion in card.suggestions:
        assert suggestion.original == RUDE.turns[suggestion.turn].text
