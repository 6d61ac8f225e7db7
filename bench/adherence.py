"""Whether a customer's line is in role, says its cue, and tells nothing else.

Held against the guard's own patterns and, since those are what let the line through, against a
second, stricter reading: every figure and every telling word of the brief that this cue and the
conversation do not hold. Typing habits (lower case, slips, emoji) are the persona's and count for
nothing. How many real faults this finds is measured apart, on lines that a reader labelled blind
and on leaks put in on purpose.
"""

import re
from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ConfigDict

from bench.playing import Exchange, Played
from dialogue.language import numbers, units
from dialogue.numerals import figures
from scenarios.types import Brief
from simulator import guard
from simulator.expected import Expected, table, voice_units
from simulator.types import CustomerSaid
from simulator.world import World

ROLE = ("role_break", "meta", "language", "empty")
"""Faults by which a line is not the customer's."""
TELLING = 0.6
"""Share of a hidden fact's own words from which a line tells it."""


class Verdict(BaseModel):
    """What is wrong with one customer turn. Empty: nothing."""

    model_config = ConfigDict(frozen=True)

    before: str | None = None
    """The fault of the model's first candidate, before the guard."""
    shown: str | None = None
    """The fault of what the trainee saw."""
    leaked: tuple[str, ...] = ()
    """Ids of the facts told that the cue did not allow."""
    wrong_figures: tuple[str, ...] = ()
    voided: bool = False
    flagged: bool = False
    """Whether the guard put anything on record for this turn."""

    @property
    def in_role(self) -> bool:
        """The trainee saw a customer's line."""
        return self.shown not in ROLE and not self.voided

    @property
    def in_role_before(self) -> bool:
        """The model's first candidate was a customer's line."""
        return self.before not in ROLE

    @property
    def says_the_cue(self) -> bool:
        """The cue and nothing against the brief."""
        return self.shown is None and not self.leaked and not self.wrong_figures and not self.voided

    @property
    def critical(self) -> bool:
        """A fault that spoils a session for training or grading."""
        return not self.in_role or bool(self.leaked or self.wrong_figures)


def verdicts(played: Played) -> list[Verdict]:
    """One verdict for each customer turn of a session."""
    told: set[str] = set()
    found = []
    for exchange in played.exchanges:
        told |= set(exchange.customer.cue.facts)
        found.append(_verdict(exchange, played.game.world, told))
    return found


def leaks(text: str, brief: Brief, open_facts: set[str], open_text: str) -> tuple[str, ...]:
    """Facts that a text tells though they are not open; `open_text` is what was said before."""
    have, known = set(units(text)), set(units(open_text))
    found = []
    for fact in brief.facts:
        own = set(units(fact.says)) - known - table().rules("en").filler
        digits = numbers(fact.says) - numbers(open_text)
        tells_figure = bool(digits & numbers(text))
        enough = len(own) >= 2 and len(own & have) / len(own) >= TELLING
        if fact.id not in open_facts and (tells_figure or enough):
            found.append(fact.id)
    return tuple(found)


def _verdict(exchange: Exchange, world: World, told: set[str]) -> Verdict:
    turn, brief = exchange.customer, world.scenario.brief
    expected = Expected(
        language=world.language,
        means=turn.cue.means,
        agent=exchange.agent.text,
        said=exchange.before,
        hidden=tuple(fact.says for fact in brief.facts if fact.id not in told),
        facts=tuple(fact.says for fact in brief.facts if fact.id in turn.cue.facts),
        voice=voice_units([(e.means, e.says) for e in world.persona.examples]),
    )
    plain = _untyped(turn.text, turn.cue.means)
    open_text = "\n".join((turn.cue.means, exchange.agent.text, *exchange.before))
    return Verdict(
        before=_first_fault(turn, expected),
        shown=guard.line_problem(plain, expected) if plain else "empty",
        leaked=leaks(plain, brief, told, open_text),
        wrong_figures=tuple(sorted(figures(turn.text) - figures(open_text))),
        voided=any(flag.voided for flag in turn.flags),
        flagged=bool(turn.flags),
    )


def _first_fault(turn: CustomerSaid, expected: Expected) -> str | None:
    """Of the model's first candidate, as it came."""
    if not turn.candidates or not turn.candidates[0].strip():
        return "empty"
    faults = (guard.sentence_problem(s, expected) for s in _lines(turn.candidates[0]))
    return next((fault for fault in faults if fault), None)


def _lines(text: str) -> Iterator[str]:
    yield from (part.strip() for part in re.split(r"(?<=[.!?。！？])\s+|\n", text) if part.strip())


def _untyped(text: str, means: str) -> str:
    """A typed line with its slips undone where the meaning has the word; a burst in sentences."""
    wanted = sorted(set(units(means)), key=len, reverse=True)
    whole = re.sub(r"(?<![.!?,。！？，])\n+", ". ", text).replace("\n", " ")
    return re.sub(r"[A-Za-z']{4,}", lambda m: _meant(m[0], wanted), whole).strip()


def _meant(word: str, wanted: Sequence[str]) -> str:
    lower = word.lower()
    if lower in wanted:
        return word
    near = (w for w in wanted if abs(len(w) - len(lower)) <= 1 and _one_slip(w, lower))
    return next(near, word)


def _one_slip(a: str, b: str) -> bool:
    """Whether two words differ by one letter put in, left out, changed or swapped with the next."""
    if a.replace("'", "") == b:
        return True
    start = next(
        (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    ra, rb = a[start:], b[start:]
    swapped = ra[:2] == rb[:2][::-1] and ra[2:] == rb[2:]
    return ra[1:] == rb[1:] or ra[1:] == rb or ra == rb[1:] or swapped
