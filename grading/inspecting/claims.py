"""Statements of the agent that cannot both be true, as far as patterns tell.

A figure or date about one thing that changes, something that is so and then not so, the same
sentence with other figures. What the agent openly corrects is no contradiction.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from dialogue.language import is_question, units
from grading.case import Case
from grading.inspecting.alike import alike
from grading.inspecting.entities import Found, of_message
from grading.inspecting.rulebook import Rulebook, SameAnswer, SameValue
from grading.inspecting.text import Span, Text, expression, read
from grading.inspecting.vocabulary import Vocabulary
from grading.judging import shown
from grading.types import EntityKind, LogicFault

FIGURES: frozenset[EntityKind] = frozenset({"amount", "date", "time", "duration"})
SUBJECTS: tuple[EntityKind, ...] = ("order_number", "account_number", "product")
"""Statements that name different ones of these are about different things."""


class Value(NamedTuple):
    """A figure or date, spelled so that it can be compared."""

    kind: EntityKind
    form: str
    parts: frozenset[str]

    def excludes(self, other: "Value") -> bool:
        """Whether the two cannot be the same: "2 May" and "Monday, 2 May" can."""
        if (self.kind, self.form) != (other.kind, other.form):
            return False
        return not (self.parts <= other.parts or other.parts <= self.parts)


@dataclass(frozen=True)
class Statement:
    """A sentence of the agent that states something, read once for many comparisons."""

    turn: int
    start: int
    """Where it begins in the turn."""
    words: frozenset[str]
    frame: str
    """Itself without its entities."""
    figures: tuple[Value, ...]
    subjects: dict[EntityKind, frozenset[str]]
    values: dict[str, tuple[Value, ...]]
    """Rule id → what it says of the rule's matter."""
    answers: dict[str, str]
    """Rule id → `yes` or `no`."""
    corrects: bool


class Claims:
    """Looks for contradictions with the rules of a file."""

    def __init__(self, book: Rulebook, vocabulary: Vocabulary) -> None:
        self._entities = book.entities
        self._rules = book.logic
        self._vocabulary = vocabulary

    def contradictions(self, case: Case) -> list[LogicFault]:
        """One fault for each two turns that contradict each other."""
        faults: dict[tuple[int, int], LogicFault] = {}
        for first, second in combinations(self._statements(case), 2):
            turns = (first.turn, second.turn)
            if first.turn < second.turn and turns not in faults:
                label = self._contradiction(first, second)
                if label is not None:
                    evidence = tuple(shown(case, s.turn, s.start) for s in (first, second))
                    fault = LogicFault(kind="contradiction", evidence=evidence, reason=label)
                    faults[turns] = fault
        return list(faults.values())

    def _contradiction(self, first: Statement, second: Statement) -> str | None:
        """What two statements contradict each other about; `None` when they do not."""
        if second.corrects or self._about_others(first, second):
            return None
        for value in self._rules.values:
            if _changed(first.values.get(value.id, ()), second.values.get(value.id, ())):
                return value.label
        for answer in self._rules.answers:
            if {first.answers.get(answer.id), second.answers.get(answer.id)} == {"yes", "no"}:
                return answer.label
        return self._rules.framed_label if self._reframed(first, second) else None

    def _about_others(self, first: Statement, second: Statement) -> bool:
        """Whether they name different orders, accounts or products, or have little in common."""
        for kind in SUBJECTS:
            one, other = first.subjects[kind], second.subjects[kind]
            if one and other and not one & other:
                return True
        smaller = min(len(first.words), len(second.words))
        return len(first.words & second.words) < self._rules.alike * smaller

    def _reframed(self, first: Statement, second: Statement) -> bool:
        """Whether figures differ where all the rest of two sentences is nearly the same."""
        one, other = first.figures, second.figures
        if not one or len(one) != len(other) or len(first.frame) < self._rules.shortest:
            return False
        differ = any(a.excludes(b) for a, b in zip(one, other, strict=True))
        return differ and alike(first.frame, second.frame, self._rules.framed)

    def _statements(self, case: Case) -> list[Statement]:
        return [
            self._statement(turn, whole, span)
            for turn in case.spoken("agent")
            for whole in (read(case.text(turn)),)
            for span in whole.sentences
            if not is_question(whole.cut(span))
            and not self._vocabulary.spans(read(whole.cut(span)), self._rules.open)
        ]

    def _statement(self, turn: int, whole: Text, span: Span) -> Statement:
        text = read(whole.cut(span))
        found = of_message(text, self._entities, "agent")
        return Statement(
            turn=turn,
            start=span.start,
            words=frozenset(units(text.plain)),
            frame=_frame(text, found),
            figures=tuple(self._value(text, f) for f in found if f.rule.kind in FIGURES),
            subjects={kind: _texts(text, found, kind) for kind in SUBJECTS},
            values={rule.id: self._values(rule, text, found) for rule in self._rules.values},
            answers={rule.id: self._answer(rule, text) for rule in self._rules.answers},
            corrects=bool(self._vocabulary.spans(text, self._rules.corrects)),
        )

    def _values(self, rule: SameValue, text: Text, found: list[Found]) -> tuple[Value, ...]:
        subjects = self._vocabulary.said(text, rule.about)
        return tuple(
            self._value(text, each)
            for each in found
            if each.rule.kind in rule.kinds and _close(text, subjects, each.span, rule.within)
        )

    def _answer(self, rule: SameAnswer, text: Text) -> str:
        """What a sentence says of something; empty where it says nothing, or both."""
        vocabulary = self._vocabulary
        subjects = vocabulary.spans(text, rule.about)
        denials = vocabulary.spans(text, rule.no)
        no = any(_close(text, subjects, span, rule.within) for span in denials)
        yes = False
        for span in vocabulary.spans(text, rule.yes):
            part_of_denial = any(span.inside(denial) for denial in denials)
            if not part_of_denial and _close(text, subjects, span, rule.within):
                negated = vocabulary.negated(text, span)
                no, yes = no or negated, yes or not negated
        return "" if yes == no else ("yes" if yes else "no")

    def _value(self, text: Text, found: Found) -> Value:
        spelled = text.plain[found.span.start : found.span.end].lower()
        for pattern, instead in self._rules.spelled:
            spelled = expression(pattern).sub(instead, spelled)
        return Value(found.rule.kind, found.rule.form, frozenset(spelled.split()))


def _changed(first: tuple[Value, ...], second: tuple[Value, ...]) -> bool:
    return bool(first and second) and all(a.excludes(b) for a in first for b in second)


def _close(text: Text, subjects: list[Span], span: Span, within: int) -> bool:
    return any(_apart(text, subject, span) <= within for subject in subjects)


def _apart(text: Text, one: Span, other: Span) -> int:
    return 0 if one.overlaps(other) else text.distance(*sorted((one, other)))


def _frame(text: Text, found: list[Found]) -> str:
    return " ".join("".join(_outside(text, found)).split())


def _outside(text: Text, found: list[Found]) -> Iterator[str]:
    at = 0
    for each in found:
        yield text.plain[at : each.span.start].lower()
        yield "#"
        at = each.span.end
    yield text.plain[at:].lower()


def _texts(text: Text, found: list[Found], kind: EntityKind) -> frozenset[str]:
    return frozenset(text.cut(f.span).lower() for f in found if f.rule.kind == kind)
