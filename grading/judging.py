"""Asks the model a rubric's questions about a conversation.

Questions over the same text are asked one after the other, so that a server reads the text once.
A model that fails is not asked for ever: after two failures the rest are recorded as failed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from grading import pairs, words
from grading.calibrating import Calibrated, load_prompts
from grading.case import Case
from grading.reading import Reading, read
from grading.readings import Readings
from grading.rubric import QuestionCheck, Reads
from grading.signals import Signal, Signals, Told
from grading.types import Evidence
from llm.errors import ModelError
from llm.types import Answer, ChatModel, Prompt, Question

RESERVE = 260
"""Tokens kept for the judge's instructions, the question and the answer."""

SMALLEST_BUDGET = 120

ENDING = 4
"""Turns at the end of a conversation that show what came of it."""

GOOD = 0.5
"""Probability from which a check counts as met."""

FAILURES = 2
"""Failed calls after which the model is not asked any more."""


class Unjudged(Exception):
    """A question has no answer; the message says why."""


class AskFailed(Exception):
    """The model failed on a question; the message says how."""


@dataclass(frozen=True)
class Verdict:
    """What the model says to a question."""

    probability: float
    """Calibrated probability of yes."""
    mass: float
    """Share of the next token's probability that was on yes and no."""
    read: float
    """Share of the conversation that was read."""
    turns: tuple[int, ...] = ()
    """Turns the answer is about, where the question itself names them."""


class Judge:
    """One conversation before one model.

    What readings were fitted for is judged by them; the rest by yes/no answers, calibrated.
    """

    def __init__(
        self,
        case: Case,
        model: ChatModel,
        calibration: Calibrated,
        readings: Readings | None = None,
    ) -> None:
        self._case = case
        self._model = model
        self._calibration = calibration
        self._fitted = readings
        self._readings: dict[Reads, Reading] = {}
        self._failures = 0
        self._last_failure = ""
        self.signals = Signals(
            case,
            readings.lenses if readings else {},
            self._impressed,
            lambda: self._reading("conversation").windows,
            self._odds,
        )

    def verdict(self, check: QuestionCheck) -> Verdict:
        """The answer to a check's question. Raises `Unjudged`, `CannotTell` or `AskFailed`."""
        if self._fitted is not None and self._fitted.has(check.id, check.ask):
            return self._read_off(check.id, self._fitted, check.yes_is == "good")
        if check.reads == "pairs":
            return self._over_pairs(check)
        reading = self._reading(check.reads)
        prompts = load_prompts()
        form = prompts.agent if check.reads == "agent" else prompts.conversation
        asked = [self.ask(check.id, check.ask, form.format(lines=w)) for w in reading.windows]
        probabilities = [p for p, _ in asked]
        # A fault anywhere is a fault; what is good has to be good on average.
        combined = max(probabilities) if check.yes_is == "bad" else _mean(probabilities)
        return Verdict(combined, min(mass for _, mass in asked), reading.share)

    def condition(self, name: str, ask: str) -> float:
        """Calibrated probability that a condition holds, asked about the whole conversation.

        Raises `AskFailed`, and `Unjudged` when too little of the conversation is there.
        """
        if self._fitted is not None and self._fitted.has(f"when_{name}", ask):
            return self._read_off(f"when_{name}", self._fitted, True).probability
        form = load_prompts().conversation
        windows = self._reading("conversation").windows
        return max(self.ask(f"when_{name}", ask, form.format(lines=w))[0] for w in windows)

    def choice(self, question: Question) -> Answer:
        """A choice about the conversation's beginning. Raises `AskFailed`."""
        windows = self._reading("conversation").windows
        if not windows:
            raise AskFailed("Nothing was said.")
        return self._asked(load_prompts().conversation.format(lines=windows[0]), question)

    def ask(self, id_: str, ask: str, text: str) -> tuple[float, float]:
        """Calibrated probability of yes, and the mass behind it. Raises `AskFailed`."""
        answer = self._asked(text, Question(id=id_, text=ask))
        with self._tried():
            return self._calibration.probability(id_, answer.log_odds()), answer.mass

    def _read_off(self, id_: str, fitted: Readings, yes_is_good: bool) -> Verdict:
        found = fitted.probability(id_, self.signals)
        if found is None:
            raise Unjudged("There is too little of the conversation to judge this by.")
        probability, by = found
        good = probability if yes_is_good else 1 - probability
        return Verdict(probability, 1.0, self._share(by), _turns_of(by, good >= GOOD))

    def _share(self, by: Mapping[str, Signal]) -> float:
        """How much of the conversation was read: all of it for signals of single messages."""
        return min((self._reading("conversation").share for s in by.values() if s.whole), default=1)

    def _impressed(self, system: str, text: str, asks: Sequence[str]) -> Told:
        asked = [Question(id="impression", text=ask, choices=()) for ask in asks]
        return [self._asked(text, question, system).words for question in asked]

    def _odds(self, id_: str) -> float:
        """Log-odds of yes to a question of the readings, over the whole conversation."""
        assert self._fitted is not None
        question = Question(id=id_, text=self._fitted.questions[id_])
        form, windows = load_prompts().conversation, self._reading("conversation").windows
        return _mean([self._asked(form.format(lines=w), question).log_odds() for w in windows])

    def _over_pairs(self, check: QuestionCheck) -> Verdict:
        agent = self._case.spoken("agent")
        candidates = pairs.likely_pairs(self._case, agent)
        if not candidates:
            raise Unjudged("The agent made fewer than two statements to compare.")
        answers = [(self._pair(check, *pair), pair) for pair in candidates]
        # One pair that does not go together is enough.
        worst = max if check.yes_is == "bad" else min
        (probability, mass), turns = worst(answers, key=lambda answer: answer[0][0])
        return Verdict(probability, mass, 1.0, turns)

    def _pair(self, check: QuestionCheck, first: int, second: int) -> tuple[float, float]:
        return self.ask(check.id, check.ask, pairs.side_by_side(self._case, first, second))

    def _asked(self, text: str, question: Question, system: str = "") -> Answer:
        if self._failures >= FAILURES:
            raise AskFailed(self._last_failure)
        with self._tried():
            prompt = Prompt.of(system or load_prompts().system, text)
            return self._model.ask(prompt, [question])[0]

    @contextmanager
    def _tried(self) -> Iterator[None]:
        """Counts a failure of the model, and raises it as `AskFailed`."""
        try:
            yield
        except ModelError as error:
            self._failures += 1
            self._last_failure = str(error)
            raise AskFailed(str(error)) from error

    def _reading(self, form: Reads) -> Reading:
        if form not in self._readings:
            turns = _turns_read(self._case, form)
            budget = max(self._model.context_tokens - RESERVE, SMALLEST_BUDGET)
            self._readings[form] = read(self._case, turns, budget, self._model.count_tokens)
        return self._readings[form]


def evidence_for(case: Case, check: QuestionCheck, verdict: Verdict) -> tuple[Evidence, ...]:
    """Where an answer can be seen: the turns it is about, or those that its words point to.

    Nothing where no turn shows it. That something is absent is seen in no turn, and a turn quoted
    for want of a better one would accuse it.
    """
    if verdict.turns:
        return tuple(shown(case, index) for index in verdict.turns)
    candidates = turns_of(case, check.show)
    if verdict.probability >= 0.5:
        for index in reversed(candidates):
            match = words.found(case.text(index), check.show_words)
            if match:
                return (shown(case, index, match.start()),)
    if check.show.startswith(("first", "last")) and candidates:
        return (shown(case, candidates[-1]),)
    return ()


def turns_of(case: Case, which: str) -> Sequence[int]:
    """The turns of interest that a check names."""
    spoken = case.spoken("customer" if which.endswith("customer") else "agent")
    if which.startswith("first"):
        return spoken[:1]
    return spoken[-1:] if which.startswith("last") else spoken


def shown(case: Case, turn: int, at: int | None = None) -> Evidence:
    """Evidence cut from the original turn: around a position, or its beginning."""
    return Evidence(turn=turn, quote=words.quote(case.text(turn), at))


def _turns_of(by: Mapping[str, Signal], good: bool) -> tuple[int, ...]:
    """The turns that speak for a verdict: the worst ones for a fault, the best ones for a merit.

    The only pair there is speaks for either, as does who was asked what first.
    """
    pools = (".best" if good else ".worst", ".only", "order.verified")
    return next((s.turns for name, s in by.items() if name.endswith(pools) and s.turns), ())


def _turns_read(case: Case, form: Reads) -> list[int]:
    """The turns a question reads. How a long talk ended is lost on a small model that reads all of
    it (measured): the customer's first message and the last `ENDING` turns say it better."""
    if form == "agent":
        return case.spoken("agent")
    turns = case.spoken()
    if form != "ending":
        return turns
    return sorted({*case.spoken("customer")[:1], *turns[-ENDING:]})


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


Progress = Callable[[int, int], None]
"""Called with how many checks are done, and how many there are."""

__all__ = [
    "AskFailed",
    "Judge",
    "Progress",
    "Unjudged",
    "Verdict",
    "evidence_for",
    "shown",
    "turns_of",
]
