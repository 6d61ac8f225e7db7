"""Runs a rubric's checks on a case, one by one, and records what comes of each."""

from typing import Literal

from grading import words
from grading.adjusting import Adjustment
from grading.case import Case
from grading.judging import AskFailed, Judge, Progress, Unjudged, Verdict, evidence_for
from grading.readings import CannotTell
from grading.rubric import (
    Check,
    Condition,
    Criterion,
    QuestionCheck,
    Rubric,
    RuleCheck,
    StateCheck,
    kind_of,
)
from grading.rules import Finding, look
from grading.sentiment import valence
from grading.states import look_up
from grading.types import CheckResult, CheckStatus

NO_MODEL = "No language model was used."
WHOLE = "Judged on the conversation as a whole; no single message shows it."


class Checker:
    """One conversation before one rubric; without a judge no question is answered."""

    def __init__(
        self,
        case: Case,
        rubric: Rubric,
        judge: Judge | None,
        progress: Progress | None = None,
        adjustment: Adjustment | None = None,
    ) -> None:
        self._case = case
        self._rubric = rubric
        self._judge = judge
        self._progress = progress
        self._lines = adjustment.lines if adjustment else {}
        self._done = 0
        self._all = sum(1 for _ in rubric.checks())
        self._conditions: dict[str, bool] = {}

    def results(self, criterion: Criterion) -> tuple[CheckResult, ...]:
        """The results of a criterion's checks, in its order."""
        return tuple(self._counted(check) for check in criterion.checks())

    def _counted(self, check: QuestionCheck | RuleCheck | StateCheck) -> CheckResult:
        result = self._result(check)
        self._done += 1
        if self._progress:
            self._progress(self._done, self._all)
        return result

    def _result(self, check: QuestionCheck | RuleCheck | StateCheck) -> CheckResult:
        missing = self._missing(check)
        if missing:
            return self._record(check, "not_applicable", reason=missing)
        if isinstance(check, QuestionCheck):
            return self._judged(check)
        look_at = look(self._case, check) if isinstance(check, RuleCheck) else None
        return self._found(check, look_at or look_up(self._case, _state(check)))

    def _missing(self, check: Check) -> str:
        """Why a check does not apply; empty when it does."""
        agent = len(self._case.spoken("agent"))
        if agent == 0:
            return "The agent said nothing."
        if check.needs == "both" and not self._case.spoken("customer"):
            return "The customer said nothing."
        if agent < check.min_agent_turns:
            return "The conversation is too short for this."
        if check.applies_when and not self._holds(check.applies_when):
            return "The conversation did not call for it."
        return ""

    def _holds(self, name: str) -> bool:
        if name not in self._conditions:
            self._conditions[name] = self._looked(name, self._rubric.conditions[name])
        return self._conditions[name]

    def _looked(self, name: str, condition: Condition) -> bool:
        customer = self._case.spoken("customer")
        if any(words.found(self._case.text(i), condition.words) for i in customer):
            return True
        if condition.mood_below is not None and any(
            self._valence(index) < condition.mood_below for index in customer
        ):
            return True
        if condition.ask is None or self._judge is None:
            return False
        try:
            return self._judge.condition(name, condition.ask) >= condition.threshold
        except (AskFailed, CannotTell, Unjudged):
            return False

    def _valence(self, index: int) -> float:
        mood = self._case.moods.get(index)
        return mood.valence if mood else valence(self._case.text(index))

    def _found(self, check: RuleCheck | StateCheck, finding: Finding) -> CheckResult:
        if finding.probability is None:
            return self._record(check, "not_applicable", reason=finding.reason)
        answer: Literal["yes", "no"] = "yes" if finding.probability >= 0.5 else "no"
        done = self._record(check, "answered", finding.probability, finding.reason)
        return done.model_copy(update={"answer": answer, "evidence": finding.evidence})

    def _judged(self, check: QuestionCheck) -> CheckResult:
        if self._judge is None:
            return self._record(check, "could_not_judge", reason=NO_MODEL)
        try:
            verdict = self._judge.verdict(check)
        except Unjudged as error:
            return self._record(check, "not_applicable", reason=str(error))
        except CannotTell as error:
            return self._record(check, "could_not_judge", reason=str(error))
        except AskFailed as error:
            return self._record(check, "failed", reason=str(error))
        return self._weighed(check, verdict)

    def _weighed(self, check: QuestionCheck, verdict: Verdict) -> CheckResult:
        yes = verdict.probability
        good = yes if check.yes_is == "good" else 1 - yes
        if check.id in self._lines:
            good = self._lines[check.id].moved(good)
        evidence = evidence_for(self._case, check, verdict)
        doubt = _doubt(check, verdict, good)
        status: CheckStatus = "could_not_judge" if doubt else "answered"
        kept = None if verdict.mass < check.min_mass else good
        result = self._record(check, status, kept, doubt or ("" if evidence else WHOLE))
        answer = None if doubt else ("yes" if good >= 0.5 else "no")
        return result.model_copy(
            update={"answer": answer, "evidence": evidence, "read": verdict.read}
        )

    def _record(
        self, check: Check, status: CheckStatus, probability: float | None = None, reason: str = ""
    ) -> CheckResult:
        return CheckResult(
            id=check.id,
            kind=kind_of(check),
            status=status,
            probability=probability,
            label=check.label.in_language(self._case.language),
            weight=check.weight,
            reason=reason,
        )


def _doubt(check: QuestionCheck, verdict: Verdict, good: float) -> str:
    """Why an answer does not settle the check; empty when it does."""
    if verdict.mass < check.min_mass:
        return "The model's answer was neither yes nor no."
    if verdict.read < 0.5:
        return "Less than half of the conversation could be read."
    if check.band.low < good < check.band.high:
        return "Too close to call."
    return ""


def _state(check: RuleCheck | StateCheck) -> StateCheck:
    assert isinstance(check, StateCheck)
    return check
