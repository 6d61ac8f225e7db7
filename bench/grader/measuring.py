"""How well the grader does on labelled conversations: `spardesk bench grader`.

Every row of a half of the gold set is graded three ways: by the grader with the model, by the
rule-based inspector, and by the plain prompt "score it from 1 to 5". Nothing is fitted here.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from time import monotonic

from pydantic import BaseModel, ConfigDict

from bench.gold import GoldRow, Half, gold
from bench.gold.truths import truths
from bench.grader.plain import plain_scores
from bench.grader.scores import (
    CheckFigures,
    CriterionFigures,
    Judged,
    check_figures,
    coverage_curve,
    criterion_figures,
)
from bench.perception.measuring import kappa
from grading.grader import grade
from grading.inspecting.loading import inspectors
from grading.rubric import QuestionCheck, Rubric, core_rubric
from grading.types import Scorecard
from llm.types import ChatModel

Say = Callable[[str], object]
SATISFACTION = "satisfaction"
LEAST_ROWS = 10
"""Rows with a rating below which a criterion's correlation is not printed."""


class System(BaseModel):
    """One way of grading, criterion by criterion."""

    model_config = ConfigDict(frozen=True)

    name: str
    criteria: dict[str, CriterionFigures]
    pairs_right: int
    pairs: int
    """Hard pairs whose better row got the higher score in the criterion that differs."""


class GraderReport(BaseModel):
    """The figures of one half."""

    model_config = ConfigDict(frozen=True)

    half: Half
    conversations: int
    kappa: float
    """Of the two readers, over all answers."""
    systems: tuple[System, ...]
    checks: dict[str, CheckFigures]
    model_checks: CheckFigures
    """All checks that ask the model, taken together."""
    all_checks: CheckFigures
    curve: list[tuple[float, float]]
    """Coverage → accuracy over the model's checks, as only the surest are answered."""
    topic_right: int
    intent_right: int
    mood_correlation: float
    """Spearman's, of the customer's last mood."""
    seconds: float
    """Median a conversation; without meaning where answers came from the cache."""


def measure(
    half: Half,
    languages: Sequence[str],
    model: ChatModel,
    say: Say,
    *,
    plain: bool = True,
    most: int | None = None,
) -> GraderReport:
    """The figures of a half, or of its first `most` conversations of each language.

    Raises `llm.errors.ModelError` when the model fails.
    """
    rubric = core_rubric()
    rows = [row for language in languages for row in gold(half, (language,))[:most]]
    stars: dict[str, dict[str, float]] = {}
    cards, seconds = _cards(rows, rubric, model, say, stars if plain else None)
    systems = [_system("grader", rows, _scores(cards))]
    systems.append(_system("rule-based inspector", rows, _ruled(rows, rubric)))
    if plain:
        systems.append(_system("plain 1 to 5", rows, stars))
    judged = _judged(rows, cards, rubric)
    asked = {check.id for check in rubric.questions()}
    of_model = [one for id_, part in judged.items() if id_ in asked for one in part]
    moods = [(c.mood[-1].valence, r.settled.mood[1]) for r in rows if (c := cards[r.id]).mood]
    return GraderReport(
        half=half,
        conversations=len(rows),
        kappa=readers_kappa(rows),
        systems=tuple(systems),
        checks={id_: check_figures(part) for id_, part in judged.items()},
        model_checks=check_figures(of_model),
        all_checks=check_figures([one for part in judged.values() for one in part]),
        curve=coverage_curve(of_model),
        topic_right=sum(cards[r.id].topic == r.settled.topic for r in rows),
        intent_right=sum(cards[r.id].intent == r.settled.intent for r in rows),
        mood_correlation=criterion_figures(*map(list, zip(*moods, strict=True))).correlation,
        seconds=sorted(seconds)[len(seconds) // 2],
    )


def _cards(
    rows: Sequence[GoldRow],
    rubric: Rubric,
    model: ChatModel,
    say: Say,
    stars: dict[str, dict[str, float]] | None,
) -> tuple[dict[str, Scorecard], list[float]]:
    cards, seconds = {}, []
    for row in rows:
        begun = monotonic()
        cards[row.id] = grade(row.case(), rubric, model, rewrite=False)
        seconds.append(monotonic() - begun)
        if stars is not None:  # Right after, while the server still has the conversation.
            stars[row.id] = plain_scores(row.case(), model)
        say(f"{row.id}\n")
    return cards, seconds


def _scores(cards: dict[str, Scorecard]) -> dict[str, dict[str, float]]:
    """Row → criterion → score, satisfaction among them."""
    found: dict[str, dict[str, float]] = {}
    for id_, card in cards.items():
        found[id_] = {c: p.score for c, p in card.criteria.items() if p.score is not None}
        if card.predicted_satisfaction is not None:
            found[id_][SATISFACTION] = card.predicted_satisfaction
    return found


def _ruled(rows: Sequence[GoldRow], rubric: Rubric) -> dict[str, dict[str, float]]:
    """The same by the rule-based inspector; its satisfaction is the mood at the end."""
    by_language = inspectors(rubric)
    found: dict[str, dict[str, float]] = {}
    for row in rows:
        seen = by_language[row.conversation.language].inspect(row.case(), rubric)
        found[row.id] = {c: s.score for c, s in seen.criteria.items() if s.score is not None}
        if seen.mood_at_end is not None:
            found[row.id][SATISFACTION] = 50 + 50 * seen.mood_at_end
    return found


def _system(name: str, rows: Sequence[GoldRow], scores: dict[str, dict[str, float]]) -> System:
    figures = {}
    for criterion in rows[0].settled.ratings:
        rated = [(scores[r.id].get(criterion), r.settled.ratings[criterion]) for r in rows]
        kept = [(score, stars) for score, stars in rated if stars is not None]
        if len(kept) >= LEAST_ROWS:
            figures[criterion] = criterion_figures([s for s, _ in kept], [r for _, r in kept])
    right, pairs = _pairs(rows, scores)
    return System(name=name, criteria=figures, pairs_right=right, pairs=pairs)


def _pairs(rows: Sequence[GoldRow], scores: dict[str, dict[str, float]]) -> tuple[int, int]:
    families = defaultdict(list)
    for row in rows:
        families[row.conversation.family].append(row)
    right = counted = 0
    for members in families.values():
        expected = members[0].conversation.expect
        if expected is None or len(members) < 2:  # no pair, or one cut in two by `most`
            continue
        better = next(row.id for row in members if row.id == expected.better)
        worse = next(row.id for row in members if row.id != expected.better)
        high, low = (scores[id_].get(expected.criterion, 50.0) for id_ in (better, worse))
        right += high > low
        counted += 1
    return right, counted


def _judged(
    rows: Sequence[GoldRow], cards: dict[str, Scorecard], rubric: Rubric
) -> dict[str, list[Judged]]:
    """Check → its verdict and the truth in every row to which it applies."""
    checks = {check.id: check for check in rubric.checks()}
    found: dict[str, list[Judged]] = defaultdict(list)
    for row in rows:
        for part in cards[row.id].criteria.values():
            for result in part.checks:
                truth = truths()[result.id].of(row.settled) if result.id in truths() else None
                if truth is None or truth == 0.5:
                    continue
                check = checks[result.id]
                bad = isinstance(check, QuestionCheck) and check.yes_is == "bad"
                met = 1 - truth if bad else truth
                found[result.id].append(
                    Judged(
                        truth=met,
                        probability=result.probability,
                        answered=result.status == "answered",
                    )
                )
    return dict(found)


def readers_kappa(rows: Sequence[GoldRow]) -> float:
    """Agreement of the two readers on every question's answer, beyond chance."""
    pairs = [
        (row.first.answers[q][0] == option, row.second.answers[q][0] == option)
        for row in rows
        for q in row.first.answers
        for option in ("yes", "no")
    ]
    return kappa(pairs)
