"""Faults in the agent's reasoning: repeats, questions without an answer, contradictions."""

from collections.abc import Iterator
from itertools import combinations, pairwise

from dialogue.language import is_question
from grading.case import Case
from grading.inspecting.alike import alike, bare
from grading.inspecting.claims import Claims
from grading.inspecting.rulebook import Expected, Rulebook
from grading.inspecting.text import Span, Text, read
from grading.inspecting.vocabulary import Vocabulary
from grading.judging import shown
from grading.types import Entity, LogicFault


class Reasoning:
    """Looks for faults with the rules of a file."""

    def __init__(self, book: Rulebook, vocabulary: Vocabulary) -> None:
        self._rules = book.logic
        self._vocabulary = vocabulary
        self._claims = Claims(book, vocabulary)

    def faults(self, case: Case, entities: tuple[Entity, ...]) -> tuple[LogicFault, ...]:
        """Every fault, in the order of the turns that show it first."""
        found = [*self._repeats(case), *self._unanswered(case, entities)]
        found += self._claims.contradictions(case)
        flips = list(self._flips(case))
        known = [{e.turn for e in fault.evidence} for fault in found]
        found += [flip for flip in flips if {e.turn for e in flip.evidence} not in known]
        return tuple(sorted(found, key=lambda fault: fault.evidence[0].turn))

    def _repeats(self, case: Case) -> Iterator[LogicFault]:
        """Messages of the agent that are (nearly) an earlier one."""
        said: list[tuple[int, str]] = []
        for turn in case.spoken("agent"):
            text = read(case.text(turn))
            words = bare(text.plain)
            if len(words) < self._rules.shortest or self._may_repeat(text):
                continue
            same = (i for i, other in said if alike(words, other, self._rules.repeated))
            earlier = next(same, None)
            if earlier is not None:
                evidence = (shown(case, earlier), shown(case, turn))
                reason = self._rules.repeated_label
                yield LogicFault(kind="repeats", evidence=evidence, reason=reason)
            said.append((turn, words))

    def _may_repeat(self, text: Text) -> bool:
        return bool(self._vocabulary.spans(text, self._rules.may_repeat))

    def _unanswered(self, case: Case, entities: tuple[Entity, ...]) -> Iterator[LogicFault]:
        """Questions that nothing answers, that were asked again, or that came last."""
        asked = list(self._questions(case))
        again = {
            first for (first, one), (_, other) in pairwise(asked) if self._same_question(one, other)
        }
        for turn, question in asked:
            reason = self._lacks(case, entities, turn, question)
            if turn in again:
                reason = reason or self._rules.asked_again_label
            if reason:
                at = case.text(turn).find(question)
                yield LogicFault(
                    kind="unanswered", evidence=(shown(case, turn, at),), reason=reason
                )

    def _questions(self, case: Case) -> Iterator[tuple[int, str]]:
        """The last question of each customer turn: the one that waits for an answer."""
        for turn in case.spoken("customer"):
            text = read(case.text(turn))
            questions = [cut for s in text.sentences if is_question(cut := text.cut(s))]
            if questions:
                yield turn, questions[-1]

    def _lacks(self, case: Case, entities: tuple[Entity, ...], turn: int, question: str) -> str:
        """What a question's answer lacks; empty where it may have been answered."""
        replies = [index for index in case.spoken("agent") if index > turn]
        if not replies:
            return self._rules.no_reply_label
        text = read(question)
        for kind in self._rules.questions:
            if self._vocabulary.spans(text, kind.asks):
                answered = any(self._answers(case, entities, reply, kind) for reply in replies)
                return "" if answered else kind.label
        return ""

    def _answers(self, case: Case, entities: tuple[Entity, ...], turn: int, kind: Expected) -> bool:
        if any(e.turn == turn and e.kind in kind.entities for e in entities):
            return True
        return bool(self._vocabulary.spans(read(case.text(turn)), kind.words))

    def _flips(self, case: Case) -> Iterator[LogicFault]:
        """Yes and no to what is nearly the same question."""
        answered = [
            (question, reply, self._opens(case.text(reply)))
            for turn, question in self._questions(case)
            if (reply := next((i for i in case.spoken("agent") if i > turn), None)) is not None
        ]
        for (one, first, yes), (other, second, no) in combinations(answered, 2):
            if {yes, no} == {"yes", "no"} and self._same_question(one, other):
                text = read(case.text(second))
                if not self._vocabulary.spans(text, self._rules.corrects):
                    evidence = (shown(case, first, 0), shown(case, second, 0))
                    reason = self._rules.flipped_label
                    yield LogicFault(kind="contradiction", evidence=evidence, reason=reason)

    def _same_question(self, one: str, other: str) -> bool:
        return alike(bare(one), bare(other), self._rules.asked_again)

    def _opens(self, raw: str) -> str:
        """Whether a message opens with yes or with no."""
        text = read(raw)
        for answer, words in (("yes", self._rules.yes), ("no", self._rules.no)):
            if any(_at_start(text, span) for span in self._vocabulary.spans(text, words)):
                return answer
        return ""


def _at_start(text: Text, span: Span) -> bool:
    return not any(character.isalnum() for character in text.plain[: span.start])
