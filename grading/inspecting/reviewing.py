"""What a person should look at: rows on which the inspectors differ, and how often they do."""

from collections import Counter
from collections.abc import Callable, Mapping

from grading.case import Case
from grading.inspecting.disagreeing import Outcome, compare
from grading.inspecting.inspector import Inspector
from grading.judging import shown
from grading.rubric import Rubric
from grading.types import Disagreement, Part, Scorecard


class Quoted(Part):
    """A turn to look at. The quote is cut from it by code."""

    turn: int
    speaker: str
    quote: str


class ReviewRow(Part):
    """One line of the review queue."""

    id: str
    disagreements: tuple[Disagreement, ...]
    turns: tuple[Quoted, ...]
    """The turns that disagreements name, in order, each once."""


class SideBySide:
    """Puts the rules' view on scorecards, and counts how often it is the model's."""

    def __init__(
        self,
        inspectors: Mapping[str, Inspector],
        rubric: Rubric,
        queue: Callable[[ReviewRow], None] | None = None,
    ) -> None:
        self._inspectors = inspectors
        self._rubric = rubric
        self._queue = queue
        self.counts: dict[str, Counter[Outcome]] = {}
        """Aspect → how often the inspectors agree, differ, …; empty where no model judged."""

    def add(self, card: Scorecard, case: Case) -> Scorecard:
        """The card with the rules' view and, where a model judged too, the disagreements."""
        found = self._inspectors[case.language].inspect(case, self._rubric)
        compared = compare(card, found) if card.model else []
        for each in compared:
            self.counts.setdefault(each.aspect, Counter())[each.outcome] += 1
        differ = tuple(each.disagreement for each in compared if each.disagreement)
        both = card.model_copy(update={"rules": found, "disagreements": differ})
        if differ and self._queue:
            self._queue(review_row(both, case))
        return both


def review_row(card: Scorecard, case: Case) -> ReviewRow:
    """What a reviewer needs of a card with disagreements."""
    turns = sorted({each.turn for each in card.disagreements if each.turn is not None})
    quoted = tuple(
        Quoted(turn=turn, speaker=case.turns[turn].speaker, quote=shown(case, turn).quote)
        for turn in turns
    )
    return ReviewRow(id=card.id, disagreements=card.disagreements, turns=quoted)
