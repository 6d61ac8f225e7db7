"""What of a line is shown before it is whole, and how it goes on when the rest is bad."""

from collections.abc import Iterator

import pytest

from llm.types import Delta, Prompt, Sampling
from scenarios.library import Library
from simulator.expected import Expected
from simulator.releasing import Spoken, ending_of_cue, may_open, rest_after, spoken
from simulator.session import Piece, Session
from simulator.types import CustomerSaid
from simulator.world import World
from tests.scripted import ScriptedModel
from tests.simulator.making import MemoryJournal

ORDER = "订单号8026，页面写的是四十八小时内发货，今天都第六天了。"


def expected(means: str = ORDER, **changes: object) -> Expected:
    return Expected(language="zh", means=means, agent="请问订单号是多少？", **changes)  # type: ignore[arg-type]


def streamed(text: str) -> Iterator[Delta]:
    return (Delta(text=sign) for sign in text)


def test_a_line_is_heard_in_sentences_and_its_first_clause() -> None:
    heard = list(spoken(streamed("订单号是8026，四十八小时。今天都第六天了，你看。")))
    assert heard == [
        Spoken("订单号是8026，", whole=False),
        Spoken("订单号是8026，四十八小时。"),
        Spoken("今天都第六天了，你看。"),
    ]


def test_short_openings_are_passed_over() -> None:
    heard = list(spoken(streamed("哎，你好。我十号买的电饭煲，还没发货。")))
    assert [part.text for part in heard if not part.whole] == ["我十号买的电饭煲，"]


def test_english_commas_open_nothing() -> None:
    heard = list(spoken(streamed("Well, it is 3.50 pounds. Right?")))
    assert heard == [Spoken("Well, it is 3.50 pounds."), Spoken("Right?")]


@pytest.mark.parametrize("clause", ["页面写的是四十八小时内发货，", "今天都第六天了，"])
def test_a_clause_in_the_words_of_the_cue_may_open(clause: str) -> None:
    assert may_open(clause, expected())


@pytest.mark.parametrize(
    ("clause", "means"),
    [
        ("您的订单号是8026，", ORDER),  # speaks as the agent
        ("页面写的是五十八小时内发货，", ORDER),  # another figure
        ("你们老板是谁我要投诉，", ORDER),  # from nowhere
        ("周六之前能送到，", "周六之前能送到吗？"),  # a question answered
    ],
)
def test_others_wait_for_the_whole_sentence(clause: str, means: str) -> None:
    assert not may_open(clause, expected(means))


def test_a_hidden_fact_does_not_open() -> None:
    secret = "其实我早就换了地址没有告诉你们。"
    assert not may_open("其实我早就换了地址没告诉你们，", expected(hidden=(secret,)))


def test_what_follows_an_opening() -> None:
    assert rest_after("订单号8026，", "订单号8026，都第六天了。") == "都第六天了。"
    assert rest_after("订单号是8026，", "订单号8026，都第六天了。") == "都第六天了。"
    assert rest_after("都第六天了，", "都第六天了。") == ""


def test_a_bad_rest_is_replaced_by_the_cues_own() -> None:
    opening = "订单号是8026，"
    assert ending_of_cue(opening, expected()) == "页面写的是四十八小时内发货，今天都第六天了。"


class SignBySign(ScriptedModel):
    """Streams as a model does where there are no spaces."""

    def stream(self, prompt: Prompt, sampling: Sampling) -> Iterator[Delta]:
        for delta in super().stream(prompt, sampling):
            yield from (Delta(text=sign) for sign in delta.text)
            yield Delta(text="", usage=delta.usage)


def line(rest: str) -> tuple[list[str], CustomerSaid]:
    """A Chinese customer's answer of which only the first clause is as the cue has it."""
    library = Library.load()
    scenario = library.scenario("rice-cooker-not-shipped")
    world = World(library.pack_of(scenario.id), scenario, library.persona(scenario.persona))

    def says(prompt: Prompt) -> str:
        means = prompt.prefill.rsplit("意思是“", 1)[1].split("”）：")[0]
        clause = means.rfind("，") + 1
        return means[:clause] + (rest or means[clause:])

    talk = Session.start(
        world, model=SignBySign(reply=says, default=0.1), journal=MemoryJournal(), seed=7
    )
    *pieces, turn = talk.reply("您好，麻烦提供一下订单号。")
    assert isinstance(turn, CustomerSaid)
    return [piece.text for piece in pieces if isinstance(piece, Piece)], turn


def test_the_first_clause_comes_by_itself_and_the_line_stays_whole() -> None:
    pieces, turn = line("")
    assert any(piece.endswith("，") for piece in pieces)
    assert "".join(pieces) == turn.text and not turn.flags
    assert "，\n" not in turn.text


def test_a_line_that_goes_wrong_after_its_first_clause_ends_in_the_cues_words() -> None:
    _, good = line("")
    pieces, turn = line("非常抱歉给您带来不便。")
    assert any(piece.endswith("，") for piece in pieces) and "抱歉" not in turn.text
    assert turn.text.replace("\n", "") == good.text.replace("\n", "")
    assert turn.flags[0].kind == "role_break"
    assert not any(flag.voided for flag in turn.flags)
