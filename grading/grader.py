"""Grades a conversation by a rubric.

    facts and rules first, then the model's questions, then scores, outcome and suggestions

A check that fails is a record with a reason; the others are graded all the same.
"""

from grading.adjusting import Adjustment
from grading.calibrating import Calibrated, Contextual
from grading.case import Case
from grading.checking import Checker
from grading.judging import Judge, Progress
from grading.outcome import intent_of, moods, satisfaction, solved, topic_of
from grading.readings import Readings, readings_for
from grading.rubric import Rubric
from grading.scoring import score, total, total_interval
from grading.suggestions import suggest
from grading.types import CheckResult, Scorecard
from llm.types import ChatModel

GRADER_VERSION = "2.2.0"
"""Goes up when scores stop being comparable (see the changelog)."""

__all__ = ["GRADER_VERSION", "grade", "with_suggestions"]


def grade(
    case: Case,
    rubric: Rubric,
    model: ChatModel | None,
    progress: Progress | None = None,
    *,
    calibration: Calibrated | None = None,
    readings: Readings | None = None,
    adjustment: Adjustment | None = None,
    rewrite: bool = True,
) -> Scorecard:
    """The scorecard of a conversation.

    Without a model, model checks could not be judged. A model that fails makes its checks
    `failed`, with its message as the reason; nothing is raised for it. `calibration` and
    `readings` replace those that go with the model, `adjustment` is the site's own on top;
    `rewrite=False` takes the suggestions' wordings from the data, which costs nothing.
    """
    judge = _judge(case, rubric, model, calibration, readings)
    checker = Checker(case, rubric, judge, progress, adjustment)
    results = {criterion.id: checker.results(criterion) for criterion in rubric.criteria}
    scores = {c.id: score(c, results[c.id]) for c in rubric.criteria}
    overall, coverage = total(rubric, scores)
    every = [result for part in results.values() for result in part]
    good = {r.id: r.probability for r in every if r.probability is not None}
    content = satisfaction(case, rubric, good)
    card = Scorecard(
        id=case.id,
        criteria=scores,
        total=overall,
        interval=total_interval(rubric, overall, scores),
        coverage=coverage,
        predicted_satisfaction=content,
        solved=solved(case, rubric, good),
        topic=topic_of(case, rubric, judge),
        intent=intent_of(case, rubric, judge),
        mood=moods(case, content),
        voided_turns=tuple(sorted(case.voided)),
        language=case.language,
        rubric=rubric.id,
        rubric_version=rubric.version,
        grader_version=adjustment.versioned(GRADER_VERSION) if adjustment else GRADER_VERSION,
        model=model.name if model else "",
    )
    return with_suggestions(card, case, rubric, model if rewrite else None)


def with_suggestions(
    card: Scorecard, case: Case, rubric: Rubric, model: ChatModel | None
) -> Scorecard:
    """The card with better wordings for the weakest turns; the slow part, apart on purpose."""
    return card.model_copy(update={"suggestions": suggest(case, rubric, _every(card), model)})


def _judge(
    case: Case,
    rubric: Rubric,
    model: ChatModel | None,
    calibration: Calibrated | None,
    readings: Readings | None,
) -> Judge | None:
    if model is None:
        return None
    known = calibration or Contextual(model, rubric)
    return Judge(case, model, known, readings or readings_for(model.name))


def _every(card: Scorecard) -> list[CheckResult]:
    return [result for part in card.criteria.values() for result in part.checks]
