"""Whether a condition holds of a conversation, and where that shows."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from grading.case import Case
from grading.inspecting.forms import Condition
from grading.inspecting.sentiment import Lexicon
from grading.inspecting.text import Span, Text, expression, read
from grading.inspecting.timing import silence, wait
from grading.inspecting.vocabulary import Vocabulary
from grading.statements import heard
from grading.types import Entity, LogicFault


class Hit(NamedTuple):
    """A part of a turn that shows something."""

    turn: int
    span: Span


class Seen(NamedTuple):
    """What was found in a conversation before conditions are looked at."""

    case: Case
    entities: tuple[Entity, ...]
    faults: tuple[LogicFault, ...]


class Conditions:
    """The conditions of a rules file before one conversation."""

    def __init__(
        self,
        seen: Seen,
        vocabulary: Vocabulary,
        lexicon: Lexicon,
        named: Mapping[str, Condition],
    ) -> None:
        self._seen = seen
        self._case = seen.case
        self._vocabulary = vocabulary
        self._lexicon = lexicon
        self._named = named
        self._known: dict[str, list[Hit] | None] = {}

    def named(self, name: str) -> list[Hit] | None:
        """Like `hits`, of one of the file's conditions."""
        if name not in self._known:
            self._known[name] = self.hits(self._named[name])
        return self._known[name]

    def hits(self, condition: Condition) -> list[Hit] | None:
        """Where a condition shows; `None` where it does not hold.

        What holds because something is absent shows nowhere: the list is empty.
        """
        match condition.kind:
            case "all" | "any" | "none":
                return self._combined(condition)
            case "holds":
                return self.named(condition.holds or "")
            case "fault":
                return self._faults(condition)
            case _:
                return self._scoped(condition)

    def _combined(self, condition: Condition) -> list[Hit] | None:
        parts = condition.all or condition.any or condition.none
        found = [hits for part in parts if (hits := self.hits(part)) is not None]
        if condition.none:
            return None if found else []
        if not found or (condition.all and len(found) < len(parts)):
            return None
        return [hit for hits in found for hit in hits]

    def _faults(self, condition: Condition) -> list[Hit] | None:
        found = [fault for fault in self._seen.faults if fault.kind == condition.fault]
        turns = [evidence.turn for fault in found for evidence in fault.evidence]
        return [Hit(turn, read(self._case.text(turn)).whole) for turn in turns] or None

    def _scoped(self, condition: Condition) -> list[Hit] | None:
        turns = self._turns(condition)
        found = {turn: spans for turn in turns if (spans := self._spans(condition, turn))}
        if len(found) < (len(turns) if condition.turns == "every" else condition.at_least):
            return None
        return [Hit(turn, span) for turn, spans in found.items() for span in spans] or None

    def _turns(self, condition: Condition) -> list[int]:
        speaker = None if condition.speaker == "either" else condition.speaker
        turns = self._case.spoken(speaker)
        if condition.answering:
            asked = {hit.turn for hit in self.named(condition.answering) or ()}
            answers = {self._answer_to(turn) for turn in asked}
            turns = [turn for turn in turns if turn in answers]
        if condition.kind in ("wait", "silence"):
            turns = [turn for turn in turns if self._took(condition, turn) is not None]
        if condition.turns == "first":
            return turns[:1]
        return turns[-1:] if condition.turns == "last" else turns

    def _answer_to(self, turn: int) -> int | None:
        """The other side's next turn."""
        speaker = self._case.turns[turn].speaker
        later = (i for i in self._case.spoken() if i > turn)
        return next((i for i in later if self._case.turns[i].speaker != speaker), None)

    def _spans(self, condition: Condition, turn: int) -> list[Span]:
        return _LOOKS[condition.kind](self, condition, turn, read(self._case.text(turn)))

    def _words(self, condition: Condition, _: int, text: Text) -> list[Span]:
        look = self._vocabulary.said if condition.negation else self._vocabulary.spans
        return look(text, condition.words)

    def _near(self, condition: Condition, _: int, text: Text) -> list[Span]:
        assert condition.near is not None
        return self._vocabulary.near(text, condition.near, negation=condition.negation)

    def _regex(self, condition: Condition, _: int, text: Text) -> list[Span]:
        found = expression(condition.regex or "").finditer(text.plain)
        return [Span(*match.span()) for match in found if match[0]]

    def _says(self, condition: Condition, _: int, text: Text) -> list[Span]:
        rate, language = condition.error_rate, self._case.language
        starts = (heard(text.raw, said, rate, language) for said in condition.says)
        return [Span(at, text.whole.end) for at in starts if at is not None]

    def _sentiment(self, condition: Condition, _: int, text: Text) -> list[Span]:
        wanted = condition.sentiment
        valence, strongest = self._lexicon.feelings(text)
        assert wanted is not None
        if wanted.below is not None and not valence < wanted.below:
            return []
        if wanted.above is not None and not valence > wanted.above:
            return []
        if wanted.feelings and (strongest is None or strongest.feeling not in wanted.feelings):
            return []
        return [strongest.span if strongest else text.whole]

    def _timed(self, condition: Condition, turn: int, text: Text) -> list[Span]:
        wanted, seconds = condition.wait or condition.silence, self._took(condition, turn)
        if wanted is None or seconds is None:
            return []
        late = wanted.over is None or seconds > wanted.over
        early = wanted.under is None or seconds < wanted.under
        return [text.whole] if late and early else []

    def _took(self, condition: Condition, turn: int) -> float | None:
        measure = wait if condition.kind == "wait" else silence
        return measure(self._case, turn)

    def _entity(self, condition: Condition, turn: int, _: Text) -> list[Span]:
        return [
            Span(entity.start, entity.end)
            for entity in self._seen.entities
            if entity.turn == turn and entity.kind in condition.entity
        ]


_LOOKS: dict[str, Callable[[Conditions, Condition, int, Text], list[Span]]] = {
    "words": Conditions._words,
    "near": Conditions._near,
    "regex": Conditions._regex,
    "says": Conditions._says,
    "sentiment": Conditions._sentiment,
    "wait": Conditions._timed,
    "silence": Conditions._timed,
    "entity": Conditions._entity,
}
