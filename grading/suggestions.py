"""Better wordings for the weakest agent turns.

The model writes, code decides whether it can be used: it may add no fact, number, name or
commitment, must be in the right language and different, and must read politer and no colder than
the original to the readings that grade it. Otherwise a line from the data stands in, if it passes
as well; if not, what was wrong is said and no wording shown.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from dialogue.language import is_question, numbers, units
from grading import words
from grading.bettering import reads_better
from grading.case import Case, mostly_chinese
from grading.reading import as_data
from grading.readings import readings_for
from grading.rubric import Label, Rubric
from grading.types import CheckResult, Suggestion
from grading.weak_turns import Fault, WeakTurn, customer_before, weakest
from grading.wording import politeness
from llm.errors import ModelError
from llm.types import ChatModel, Message, Prompt, Sampling

TRIES = (
    Sampling(temperature=0.0, max_tokens=90, stop=("\n",)),
    Sampling(temperature=0.7, max_tokens=90, stop=("\n",), seed=1),
)
"""How a rewrite is drawn, first and again when the first cannot be used."""

SHORTEST_LIMIT = {"en": 220, "zh": 70}
"""Characters that a rewrite of even the shortest message may have."""


KEEPS: frozenset[Fault] = frozenset({"no_empathy", "curt"})
"""Faults of tone only: what the message says must stay."""

LEAST_KEPT = 0.5
"""Share of the words (in Chinese: pairs of characters) that stay in such a rewrite."""

MOST_ALIKE = 0.72
"""Likeness from which a rewrite of a message that was wrong itself is no other message."""

LACKS: frozenset[Fault] = frozenset({"unanswered", "dismissive", "repeats"})
"""Faults where content is missing: the model would invent it, so the data's line is used."""


LEAST_LEFT = 3
"""Words (in Chinese: pairs of characters) that are more than a scrap."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Example(_Data):
    before: str
    original: str
    problem: str
    better: str


class _Form(_Data):
    system: str
    request: str
    examples: tuple[_Example, ...]


class _Rewriting(_Data):
    prompts: dict[str, _Form]
    nothing_before: Label
    problems: dict[Fault, Label]
    fallbacks: dict[Fault, Label]
    fallbacks_asked: dict[Fault, Label]
    commitments: dict[str, tuple[str, ...]]


def suggest(
    case: Case, rubric: Rubric, results: Sequence[CheckResult], model: ChatModel | None
) -> tuple[Suggestion, ...]:
    """At most two suggestions, the weakest turn first. Without a model, lines from the data."""
    return tuple(_suggestion(case, weak, model) for weak in weakest(case, rubric, results))


def usable(better: str, case: Case, turn: int, fault: Fault) -> bool:
    """Whether a rewrite may be shown."""
    original = case.text(turn)
    longest = max(2 * len(original), SHORTEST_LIMIT[case.language])
    return (
        1 < len(better) <= longest
        and mostly_chinese(better) == (case.language == "zh")
        and not re.search(r"[\[\]{}<>|]", better)
        and words.found(better, ["rude", "judge_directed"]) is None
        and _differs(better, original, fault)
        and politeness(better) >= politeness(original)
        and (fault != "no_empathy" or words.found(better, ["empathy", "apology"]) is not None)
        and not _invented(better, case)
    )


def _differs(better: str, original: str, fault: Fault) -> bool:
    """Whether it is another message that, where only the tone was wrong, says the same."""
    alike = SequenceMatcher(None, better.lower(), original.lower()).ratio()
    if fault not in KEEPS:
        return alike < MOST_ALIKE
    said = set(units(original))
    kept = len(said & set(units(better))) / len(said) if said else 1.0
    return alike < 0.92 and kept >= LEAST_KEPT


def _suggestion(case: Case, weak: WeakTurn, model: ChatModel | None) -> Suggestion:
    problem = weak.problem or _data().problems[weak.fault].in_language(case.language)
    better = next((text for text in _wordings(case, weak, problem, model) if text), None)
    return Suggestion(turn=weak.turn, original=case.text(weak.turn), problem=problem, better=better)


def _wordings(
    case: Case, weak: WeakTurn, problem: str, model: ChatModel | None
) -> Iterator[str | None]:
    """Wordings that may be shown, the model's before the data's."""
    if model and weak.fault not in LACKS:
        yield _rewritten(case, weak, problem, model)
    line = _line(case, weak)
    yield line if _passes(line, case, weak, model) else None


def _passes(better: str, case: Case, weak: WeakTurn, model: ChatModel | None) -> bool:
    """Whether a wording may be shown; one that a failing model cannot read may not."""
    if not usable(better, case, weak.turn, weak.fault):
        return False
    if model is None:
        return True
    before = customer_before(case, weak.turn)
    try:
        readings = readings_for(model.name)
        return reads_better(case.text(weak.turn), better, before, model, readings)
    except ModelError:
        return False


def _line(case: Case, weak: WeakTurn) -> str:
    """The data's line for a fault, about what the customer asked where that is known."""
    asked = _question(customer_before(case, weak.turn))
    lines = _data().fallbacks_asked if asked else _data().fallbacks
    line = lines.get(weak.fault, _data().fallbacks[weak.fault]).in_language(case.language)
    original = " ".join(case.text(weak.turn).split())
    if weak.fault == "rude" and (kept := _without_rudeness(original)):
        line, original = _data().fallbacks["curt"].in_language(case.language), kept
    return line.replace("{original}", original).replace("{asked}", asked)


def _without_rudeness(text: str) -> str:
    """What is left of a message without its rude sentences; empty when only scraps are."""
    kept = "".join(s for s in words.sentences(text) if not words.found(s, ["rude"])).strip()
    return kept if len(units(kept)) >= LEAST_LEFT else ""


def _question(text: str) -> str:
    """The customer's last question, if it is short enough to take up."""
    asked = [s.strip() for s in words.sentences(text) if is_question(s)]
    return asked[-1] if asked and len(asked[-1]) <= 100 else ""


def _rewritten(case: Case, weak: WeakTurn, problem: str, model: ChatModel) -> str | None:
    prompt = _prompt(case, weak.turn, problem)
    for sampling in TRIES:
        try:
            reply = "".join(delta.text for delta in model.stream(prompt, sampling))
        except ModelError:
            return None
        better = _bare(reply)
        if _passes(better, case, weak, model):
            return better
    return None


def _prompt(case: Case, turn: int, problem: str) -> Prompt:
    form = _data().prompts[case.language]
    nothing = _data().nothing_before.in_language(case.language)
    messages = [Message(role="system", content=form.system)]
    for example in form.examples:
        shown = form.request.format(**example.model_dump(exclude={"better"}))
        messages.append(Message(role="user", content=shown))
        messages.append(Message(role="assistant", content=example.better))
    asked = form.request.format(
        before=as_data(customer_before(case, turn))[-400:] if turn else nothing,
        original=as_data(case.text(turn))[:400],
        problem=problem,
    )
    return Prompt(messages=(*messages, Message(role="user", content=asked)))


def _bare(reply: str) -> str:
    """The message without quotation marks and a speaker's name before it."""
    line = reply.strip().split("\n")[0]
    line = re.sub(
        r"^(agent|better message[^:]*|客服|改写后的客服)\s*[:：]\s*", "", line, flags=re.I
    )
    return line.strip().strip('"“”「」').strip()


def _invented(better: str, case: Case) -> bool:
    """Whether numbers, names or commitments are in it that are nowhere in the conversation."""
    known = _known_text(case)
    if numbers(better) - numbers(known):
        return True
    lower = known.lower()
    for pattern in _commitments():
        for match in pattern.finditer(better):
            # The first letters stand for the word: "refunded" is known where "refund" was said.
            if match.group().lower()[:5] not in lower:
                return True
    names = re.findall(r"(?<=[a-z,] )[A-Z][a-z]+", better)
    return any(name.lower() not in lower for name in names)


def _known_text(case: Case) -> str:
    card = case.scenario.card.model_dump_json() if case.scenario else ""
    return " ".join([*(case.text(index) for index in case.spoken()), card])


@cache
def _commitments() -> tuple[re.Pattern[str], ...]:
    entries = _data().commitments
    english = re.compile(rf"(?<![a-z])(?:{'|'.join(entries['en'])})(?![a-z])", re.IGNORECASE)
    return english, re.compile("|".join(entries["zh"]))


@cache
def _data() -> _Rewriting:
    text = (Path(__file__).parent / "prompts" / "rewrite.yaml").read_text("utf-8")
    return _Rewriting.model_validate(yaml.safe_load(text))
