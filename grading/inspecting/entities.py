"""Numbers, dates, names … in a conversation, each with its turn and place."""

from collections.abc import Sequence
from typing import NamedTuple

from grading.case import Case
from grading.inspecting.rulebook import EntityRule
from grading.inspecting.text import Span, Text, expression, read
from grading.types import Entity


class Found(NamedTuple):
    """An entity in one message."""

    span: Span
    rule: EntityRule


def entities(case: Case, rules: Sequence[EntityRule]) -> tuple[Entity, ...]:
    """Every entity of a conversation, in order."""
    return tuple(
        Entity(
            kind=found.rule.kind,
            text=read(case.text(turn)).cut(found.span),
            turn=turn,
            start=found.span.start,
            end=found.span.end,
        )
        for turn in case.spoken()
        for found in of_message(read(case.text(turn)), rules, case.turns[turn].speaker)
    )


def of_message(text: Text, rules: Sequence[EntityRule], speaker: str) -> list[Found]:
    """A message's entities. Rules that come first take their part: it is not read twice."""
    taken: list[Found] = []
    for rule in rules:
        if rule.speaker not in ("either", speaker):
            continue
        for match in expression(rule.regex).finditer(text.plain):
            span = Span(*match.span("value" if "value" in match.re.groupindex else 0))
            if span.start < span.end and not any(span.overlaps(t.span) for t in taken):
                taken.append(Found(span, rule))
    return sorted(taken, key=lambda found: found.span)
