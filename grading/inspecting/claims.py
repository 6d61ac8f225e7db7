"""Statements of the agent that cannot both be true, as far as patterns tell.

A figure or date about one thing that changes, something that is so and then not so, the same
sentence with other figures. What the agent openly corrects is no contradiction.
"""

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import combinations
from typing import NamedTuple

from dialogue.language import is_question, units
from grading.case import Case
from grading.inspecting.entities import Found, of_message
from grading.inspecting.rulebook import Rulebook, SameAnswer, SameValue
from grading.inspecting.text import Span, Text, expression, read
from grading.inspecting.vocabulary import Vocabulary
from grading.judging import shown
from grading.types import EntityKind, LogicFault

FIGURES: frozenset[EntityKind] = frozenset({"amount", "date", "time", "duration"})


class Statement(NamedTuple):
    """A sentence of the agent that states something."""

    turn: int
    text: Text
    span: Span
    """In the turn."""
    found: tuple[Found, ...]
    """Its entities, placed in the sentence."""


class Value(NamedTuple):
    """A figure or date, spelled so that it can be compared."""

    kind: EntityKind
    form: str
    parts: frozenset[str]


class Claims:
    """Looks for contradictions with the rules of a file."""

    def __init__(self, book: Rulebook, vocabulary: Vocabulary) -> None:
        self._book = book
        self._rules = book.logic
        self._vocabulary = vocabulary

    def contradictions(self, case: Case) -> list[LogicFault]:
        """One fault for each two turns that contradict each other."""
        faults: dict[tuple[int, int], LogicFault] = {}
        for first, second in combinations(self._statements(case), 2):
            turns = (first.turn, second.turn)
            if turns not in faults and first.turn < second.turn:
                label = self._contradiction(first, second)
                if label:
                    evidence = tuple(shown(case, s.turn, s.span.start) for s in (first, second))
                    faults[turns] = LogicFault(
                        kind="contradiction", evidence=evidence, reason=label
                    )
        return list(faults.values())

    def _contradiction(self, first: Statement, second: Statement) -> str:
        """What two statements contradict each other about; empty when they do not."""
        if self._corrected(second) or self._about_others(first, second):
            return ""
        values = (rule.label for rule in self._rules.values if self._changed(rule, first, second))
        flips = (rule.label for rule in self._rules.answers if self._flipped(rule, first, second))
        return next(values, "") or next(flips, "") or self._reframed(first, second)

    def _statements(self, case: Case) -> list[Statement]:
        return [
            Statement(turn, text, span, tuple(of_message(text, self._book.entities, "agent")))
            for turn in case.spoken("agent")
            for span, text in _sentences(read(case.text(turn)))
            if not is_question(text.raw) and not self._vocabulary.spans(text, self._rules.open)
        ]

    def _corrected(self, later: Statement) -> bool:
        return bool(self._vocabulary.spans(later.text, self._rules.corrects))

    def _about_others(self, first: Statement, second: Statement) -> bool:
        """Whether they name different orders, accounts or products, or have little in common."""
        for kind in ("order_number", "account_number", "product"):
            one, other = _texts(first, kind), _texts(second, kind)
            if one and other and not one & other:
                return True
        return _shared(first.text.plain, second.text.plain) < self._rules.alike

    def _changed(self, rule: SameValue, first: Statement, second: Statement) -> bool:
        one, other = (list(self._values_of(rule, s)) for s in (first, second))
        return bool(one and other) and all(_exclude(a, b) for a in one for b in other)

    def _values_of(self, rule: SameValue, statement: Statement) -> Iterator[Value]:
        subjects = self._vocabulary.said(statement.text, rule.about)
        for found in statement.found:
            if found.rule.kind in rule.kinds and any(
                _apart(statement.text, subject, found.span) <= rule.within for subject in subjects
            ):
                yield self._value(statement, found)

    def _flipped(self, rule: SameAnswer, first: Statement, second: Statement) -> bool:
        return {self._answer(rule, first), self._answer(rule, second)} == {"yes", "no"}

    def _answer(self, rule: SameAnswer, statement: Statement) -> str:
        text, vocabulary = statement.text, self._vocabulary
        subjects = vocabulary.spans(text, rule.about)

        def close(span: Span) -> bool:
            return any(_apart(text, subject, span) <= rule.within for subject in subjects)

        denials = vocabulary.spans(text, rule.no)
        no = any(close(span) for span in denials)
        yes = False
        for span in vocabulary.spans(text, rule.yes):
            if close(span) and not any(span.inside(denial) for denial in denials):
                negated = vocabulary.negated(text, span)
                no, yes = no or negated, yes or not negated
        # "We refund this but not that" says both: no flip can be seen in it.
        return "" if yes == no else ("yes" if yes else "no")

    def _reframed(self, first: Statement, second: Statement) -> str:
        """The figures that differ where all the rest of two sentences is nearly the same."""
        one, other = self._figures(first), self._figures(second)
        if not one or len(one) != len(other):
            return ""
        differ = [(a, b) for a, b in zip(one, other, strict=True) if _exclude(a, b)]
        if not differ or len(_frame(first)) < self._rules.shortest:
            return ""
        ratio = SequenceMatcher(None, _frame(first), _frame(second)).ratio()
        return self._rules.framed_label if ratio >= self._rules.framed else ""

    def _figures(self, statement: Statement) -> list[Value]:
        return [self._value(statement, f) for f in statement.found if f.rule.kind in FIGURES]

    def _value(self, statement: Statement, found: Found) -> Value:
        spelled = statement.text.plain[found.span.start : found.span.end].lower()
        for pattern, instead in self._rules.spelled:
            spelled = expression(pattern).sub(instead, spelled)
        return Value(found.rule.kind, found.rule.form, frozenset(spelled.split()))


def _sentences(text: Text) -> Iterator[tuple[Span, Text]]:
    for span in text.sentences:
        yield span, read(text.cut(span))


def _exclude(first: Value, second: Value) -> bool:
    """Whether two values cannot be the same: "2 May" and "Monday, 2 May" can."""
    if (first.kind, first.form) != (second.kind, second.form):
        return False
    return not (first.parts <= second.parts or second.parts <= first.parts)


def _apart(text: Text, one: Span, other: Span) -> int:
    if one.overlaps(other):
        return 0
    return text.distance(*sorted((one, other)))


def _frame(statement: Statement) -> str:
    """The sentence without its entities."""
    frame = statement.text.plain.lower()
    for found in reversed(statement.found):
        frame = frame[: found.span.start] + "#" + frame[found.span.end :]
    return " ".join(frame.split())


def _texts(statement: Statement, kind: str) -> set[str]:
    return {
        statement.text.cut(found.span).lower()
        for found in statement.found
        if found.rule.kind == kind
    }


def _shared(first: str, second: str) -> float:
    """Words in common, as a share of the shorter statement's."""
    one, other = set(units(first)), set(units(second))
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0
