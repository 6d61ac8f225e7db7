"""What a conversation came to: solved, satisfied, about what, in what mood."""

from collections.abc import Mapping, Sequence

from grading.calibrating import logit, sigmoid
from grading.case import Case
from grading.inspecting.loading import SHIPPED, shipped
from grading.judging import AskFailed, Judge
from grading.rubric import Rubric
from grading.sentiment import valence
from grading.states import desk_holds, goals_share
from grading.types import Inspection, MoodPoint
from llm.types import Question

UNSURE = 0.45
"""A choice less likely than this is not named."""

LEAST_SHARE = 0.5
"""Share of its questions that must be answered for a probability to be given."""


def combined(ids: Sequence[str], good: Mapping[str, float]) -> float | None:
    """One probability from several: the mean in log-odds, where no question saturates.

    `good` holds the calibrated probability that a check is met.
    """
    known = [logit(good[id_]) for id_ in ids if id_ in good]
    if len(known) < LEAST_SHARE * len(ids):
        return None
    return sigmoid(sum(known) / len(known))


def solved(case: Case, rubric: Rubric, good: Mapping[str, float]) -> float | None:
    """Probability that the matter was solved; the session's facts decide where there are any."""
    share, holds = goals_share(case), desk_holds(case)
    if share is not None:
        return 0.0 if holds is False else share
    return combined(rubric.outcome.solved, good)


def satisfaction(case: Case, rubric: Rubric, good: Mapping[str, float]) -> float | None:
    """Predicted satisfaction, 0–100. In a session the customer's last mood counts as much."""
    said = combined(rubric.outcome.satisfaction, good)
    counted = [index for index in case.moods if index not in case.voided]
    if not counted:
        return None if said is None else 100 * said
    felt = (case.moods[max(counted)].valence + 1) / 2
    return 100 * (felt if said is None else (felt + said) / 2)


def topic_of(case: Case, rubric: Rubric, judge: Judge | None) -> str | None:
    """The scenario's topic, otherwise the one that rules find, otherwise the model's if sure.

    In a trial on the tuning half of the gold set rules named twice as many right as a small model.
    """
    if case.scenario is not None:
        return case.scenario.topic
    ruled = _ruled(case, rubric)
    asked = "What is the customer's problem about?"
    if ruled is not None and ruled.topic is not None:
        return ruled.topic
    return _likeliest("topic", asked, rubric.topics, _listening(case, judge))


def intent_of(case: Case, rubric: Rubric, judge: Judge | None) -> str | None:
    """What the customer wants, of the rubric's intents: the model's answer if sure, else by rules.

    In the same trial the model named a few more intents right than rules.
    """
    asked = "What does the customer want?"
    said = _likeliest("intent", asked, rubric.intents, _listening(case, judge))
    ruled = None if said else _ruled(case, rubric)
    return ruled.intent if ruled is not None else said


def _listening(case: Case, judge: Judge | None) -> Judge | None:
    """The judge, where there is a customer to listen to."""
    return judge if case.spoken("customer") else None


def _ruled(case: Case, rubric: Rubric) -> Inspection | None:
    """What the shipped rules find; `None` without a customer or in a language not theirs."""
    if case.language not in SHIPPED or not case.spoken("customer"):
        return None
    return shipped(case.language).inspect(case, rubric)


def moods(case: Case, content: float | None = None) -> tuple[MoodPoint, ...]:
    """The customer's valence turn by turn: as directed in a session, else by the words.

    Words alone miss how a customer leaves, so the last turn of a transcript is the mean of them
    and of `content`, the predicted satisfaction from 0 to 100: closer to the labels in a trial on
    the gold set's tuning half. `spardesk bench grader` prints what comes of it.
    """
    heard = case.spoken("customer")
    found = [MoodPoint(turn=index, valence=_felt(case, index)) for index in heard]
    if content is not None and heard and heard[-1] not in case.moods:
        last = (found[-1].valence + content / 50 - 1) / 2
        found[-1] = found[-1].model_copy(update={"valence": last})
    return tuple(found)


def _felt(case: Case, turn: int) -> float:
    mood = case.moods.get(turn)
    return mood.valence if mood else valence(case.text(turn))


def _likeliest(id_: str, ask: str, choices: Sequence[str], judge: Judge | None) -> str | None:
    if judge is None or len(choices) < 2:
        return None
    try:
        answer = judge.choice(Question(id=id_, text=ask, choices=tuple(choices)))
    except AskFailed:
        return None
    best = max(answer.probabilities, key=lambda choice: answer.probabilities[choice])
    return best if answer.probabilities[best] >= UNSURE and answer.mass >= 0.2 else None
