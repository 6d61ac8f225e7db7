"""Signals: numbers that a conversation gives off, from which checks are judged.

    tone.polite.mean       how politely the agent writes, over the messages
    tone.polite.worst      the least polite message
    care.empathic.mean     how empathetically the customer's messages are answered
    care.empathic.best     the most empathetic answer
    outcome.accomplished   how far the matter came (also: .satisfied, .effective)
    accord.consistent.worst   the two statements that go together least
    accord.consistent.only    the same, where an agent made two statements and no more
    yes.<question id>      log-odds of yes to a question about the whole conversation
    words.<list>           how many messages of the agent hold a word of a list, as log(1 + n)
    mood.end               how kindly the customer's last message is worded, −1 to 1
    order.verified         1 where the agent asked who the customer is before anything else

One signal serves many checks, so a conversation costs one reading and a few words each. A signal
that a conversation cannot give (no customer, one statement) is missing and says so.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log1p

from grading import pairs, words
from grading.calibrating import load_prompts
from grading.case import Case
from grading.impressions import LensFit
from grading.reading import as_data
from grading.sentiment import valence
from grading.verifying import verified_first

MOST_MESSAGES = 4
"""Messages looked at one by one; of more, the longest, since the short ones say least. Six agreed
no better with the labels of the gold set's tuning half."""

MOST_ANSWERS = 3
"""Answers looked at beside what they answer: those to the most upset messages, then the first."""

LONGEST = 600
"""Characters of a message looked at by itself."""

Told = list[dict[str, float]]
"""What the model told to each question of a lens."""


@dataclass(frozen=True)
class Signal:
    """A number and where it comes from."""

    value: float
    turns: tuple[int, ...] = ()
    """The turns it was read from, where it is about single ones."""
    whole: bool = False
    """Whether it is about the whole conversation."""


class Signals:
    """One conversation's signals, asked for as they are needed and kept.

    `impress(system, text, asks)` puts open questions to the model, `wholes` are the windows of
    the whole conversation, `odds(question id)` gives log-odds of yes.
    """

    def __init__(
        self,
        case: Case,
        lenses: Mapping[str, LensFit],
        impress: Callable[[str, str, Sequence[str]], Told],
        wholes: Callable[[], Sequence[str]],
        odds: Callable[[str], float],
    ) -> None:
        self.language = case.language
        self._case = case
        self._lenses = lenses
        self._impress = impress
        self._wholes = wholes
        self._odds = odds
        self._answered: dict[str, float] = {}
        self._read: dict[str, list[tuple[tuple[int, ...], dict[str, float]]]] = {}

    def get(self, name: str) -> Signal | None:
        """A signal by its name; `None` when this conversation does not give it.

        Raises `KeyError` for a name that there is not, and what the model raises.
        """
        lens, direction, *pool = name.split(".")
        if lens in _WITHOUT_MODEL:
            return _WITHOUT_MODEL[lens](self._case, direction)
        if lens == "yes":
            heard = self._case.spoken("customer") and self._case.spoken("agent")
            return Signal(self._odds_once(direction), whole=True) if heard else None
        units = [(where, found[direction]) for where, found in self._units(lens)]
        if not units or (pool == ["only"] and len(units) > 1):
            return None
        return _pooled(units, pool[0] if pool else "mean")

    def units(self, lens: str, direction: str) -> list[tuple[tuple[int, ...], float]]:
        """Every message's (pair's, window's) own value, with its turns."""
        return [(where, found[direction]) for where, found in self._units(lens)]

    def _odds_once(self, question: str) -> float:
        if question not in self._answered:
            self._answered[question] = self._odds(question)
        return self._answered[question]

    def _units(self, lens: str) -> list[tuple[tuple[int, ...], dict[str, float]]]:
        if lens not in self._read:
            fit = self._lenses[lens]
            self._read[lens] = [
                (where, fit.read(self._impress(system, text, fit.asks)))
                for where, system, text in texts(self._case, lens, self._wholes)
            ]
        return self._read[lens]


def texts(
    case: Case, lens: str, wholes: Callable[[], Sequence[str]]
) -> list[tuple[tuple[int, ...], str, str]]:
    """What a lens looks at: turns, the system's words, the text."""
    prompts = load_prompts()
    if lens == "tone":
        return [((i,), prompts.hears, message(case.text(i))) for i in _looked_at(case)]
    if lens == "care":
        answers = _answers(case)
        return [((i,), prompts.system, exchange(case.text(b), case.text(i))) for b, i in answers]
    if lens == "accord":
        found = pairs.likely_pairs(case, case.spoken("agent"))
        return [((a, b), prompts.system, pairs.side_by_side(case, a, b)) for a, b in found]
    if not case.spoken("customer") or not case.spoken("agent"):
        return []
    # How it ended is in the last window.
    return [((), prompts.system, prompts.conversation.format(lines=wholes()[-1]))]


def _worded(case: Case, name: str) -> Signal:
    spoken = case.spoken("agent")
    where = tuple(i for i in spoken if words.found(as_data(case.text(i)), (name,)))
    return Signal(log1p(len(where)), where)


def _ordered(case: Case, _: str) -> Signal:
    verified, turns = verified_first(case)
    return Signal(float(verified), turns)


def _mood(case: Case, _: str) -> Signal | None:
    last = case.spoken("customer")[-1:]
    return Signal(valence(case.text(last[0])), (last[0],)) if last else None


_WITHOUT_MODEL: dict[str, Callable[[Case, str], Signal | None]] = {
    "words": _worded,
    "order": _ordered,
    "mood": _mood,
}
"""Signals that word lists give; they cost nothing, and say much that a small model misses."""


def _pooled(units: list[tuple[tuple[int, ...], float]], how: str) -> Signal:
    if how == "mean":
        whole = not any(turns for turns, _ in units)
        return Signal(sum(value for _, value in units) / len(units), whole=whole)
    pick = max if how == "best" else min
    turns, value = pick(units, key=lambda unit: unit[1])
    return Signal(value, turns)


def _looked_at(case: Case) -> list[int]:
    """The agent's messages that say something, at most `MOST_MESSAGES` of them."""
    said = _spoken(case)
    longest = sorted(said, key=lambda i: (-len(said[i]), i))[:MOST_MESSAGES]
    return sorted(longest)


def _answers(case: Case) -> list[tuple[int, int]]:
    """The customer's messages and the agent's answers that are looked at, in their order."""
    exchanges = [(before, i) for i in _spoken(case) if (before := _before(case, i)) is not None]
    upset = sorted(exchanges, key=lambda pair: (valence(case.text(pair[0])), pair[1]))
    return sorted(upset[:MOST_ANSWERS])


def _spoken(case: Case) -> dict[int, str]:
    """What the agent says to the customer, message by message; words to the judge are nothing."""
    said = {index: as_data(case.text(index)) for index in case.spoken("agent")}
    return {index: text for index, text in said.items() if any(c.isalnum() for c in text)}


def _before(case: Case, turn: int) -> int | None:
    """The customer's message that a turn answers."""
    earlier = [index for index in case.spoken("customer") if index < turn]
    return earlier[-1] if earlier else None


def message(text: str) -> str:
    """One message as the lens `tone` sees it."""
    return load_prompts().message.format(text=_plain(text))


def exchange(before: str, text: str) -> str:
    """A message and its answer as the lens `care` sees them."""
    return load_prompts().exchange.format(before=_plain(before), text=_plain(text))


def _plain(text: str) -> str:
    """As data, cut, and with quotation marks that cannot close the prompt's."""
    return as_data(text)[:LONGEST].replace('"', "'")


__all__ = ["Signal", "Signals", "Told", "exchange", "message", "texts"]
