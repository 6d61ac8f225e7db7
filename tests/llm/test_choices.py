import math

import pytest

from llm.choices import instruction, meant_choice, question_prompt, read_answer, stated_answer
from llm.estimates import least_tokens, most_tokens
from llm.types import Prompt, Question

YES_NO = ("yes", "no")


@pytest.mark.parametrize(
    ("token", "choice"),
    [
        ("Yes", "yes"), (" yes", "yes"), ("YES", "yes"), ("▁no", "no"), ("ye", "yes"),
        ("y", None), ("nope", None), ("", None), (" ", None), ("Maybe", None),
    ],
)  # fmt: skip
def test_token_variants(token: str, choice: str | None) -> None:
    assert meant_choice(token, YES_NO) == choice


def test_beginnings_of_longer_choices() -> None:
    choices = ("yes", "no", "not applicable")
    assert meant_choice(" not", choices) == "not applicable"
    assert meant_choice("no", choices) == "no"
    assert meant_choice("满", ("满意", "不满意")) == "满意"
    assert meant_choice("是", ("是", "否")) == "是"
    assert meant_choice("dis", ("dissatisfied", "disappointed")) is None


def test_probabilities_are_normalised_and_mass_is_not() -> None:
    question = Question(id="q", text="Solved?")
    top = [("Yes", math.log(0.3)), (" yes", math.log(0.1)), ("No", math.log(0.1)), ("x", -1.0)]
    answer = read_answer(question, top)
    assert answer.probabilities == {"yes": pytest.approx(0.8), "no": pytest.approx(0.2)}
    assert answer.mass == pytest.approx(0.5)


def test_no_choice_among_the_tokens_is_an_even_answer_of_no_mass() -> None:
    answer = read_answer(Question(id="q", text="Solved?"), [("```", -0.1)])
    assert answer.probabilities == {"yes": 0.5, "no": 0.5} and answer.mass == 0


def test_stated_answers() -> None:
    answer = stated_answer(Question(id="q", text="?", choices=("a", "b", "c")), "b")
    assert answer.probabilities["b"] == 0.9 and 0 < answer.mass < 1
    assert sum(answer.probabilities.values()) == pytest.approx(1)


def test_instructions_in_the_language_of_the_choices() -> None:
    assert instruction(YES_NO) == "Answer with one word: yes or no."
    assert instruction(("a", "b", "c")) == "Answer with one word: a, b or c."
    assert "是或否" in instruction(("是", "否"))


def test_the_prefill_of_a_question_stays() -> None:
    prompt = Prompt.of("s", "u", prefill="Answer:")
    assert question_prompt(prompt, Question(id="q", text="Solved?")).prefill == "Answer:"


def test_token_estimates() -> None:
    # The numbers are what Qwen2.5's own tokenizer makes of the texts.
    for text, real in (
        ("I am sorry, your parcel was lost in transit.", 11),
        ("Order 4471-0098, 12.50 EUR", 19),
        ("您好，我的包裹还没有到。", 7),
    ):
        assert least_tokens(text) <= real <= most_tokens(text)
