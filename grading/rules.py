"""Rule checks: deterministic looks at the words, with the turns that show it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from dialogue.types import Turn
from grading import words
from grading.case import Case
from grading.judging import shown, turns_of
from grading.knowledge import unknown_figures
from grading.likeness import likeness
from grading.reading import as_data
from grading.rubric import RuleCheck
from grading.statements import heard
from grading.types import Evidence
from grading.wording import politeness


@dataclass(frozen=True)
class Finding:
    """What a rule or a fact says. `probability` is `None` when it does not apply."""

    probability: float | None
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""


def look(case: Case, check: RuleCheck) -> Finding:
    """Apply a check's rule."""
    return _RULES[check.rule](case, check)


def _has_words(case: Case, check: RuleCheck) -> Finding:
    for index in turns_of(case, check.turns):
        # What is said to the judge, or put into the customer's mouth, is no courtesy.
        match = words.found(as_data(case.text(index)), check.words)
        if match:
            at = max(case.text(index).find(match.group()), 0)
            return Finding(1.0, (shown(case, index, at),))
    return Finding(0.0, tuple(shown(case, i) for i in turns_of(case, check.turns)[:1]))


def _lacks_words(case: Case, check: RuleCheck) -> Finding:
    hits = [
        shown(case, index, match.start())
        for index in turns_of(case, check.turns)
        if (match := words.found(case.text(index), check.words))
    ]
    return Finding(0.0 if hits else 1.0, tuple(hits))


def _no_repeats(case: Case, check: RuleCheck) -> Finding:
    """No two messages of the agent are (nearly) the same; very short ones may be."""
    limit = check.limit or 0.85
    texts = [(i, _plain(case.text(i))) for i in turns_of(case, check.turns)]
    long_enough = [(i, text) for i, text in texts if len(text) >= 8]
    for n, (first, one) in enumerate(long_enough):
        for second, other in long_enough[n + 1 :]:
            if one == other or likeness(one, other, limit) >= limit:
                return Finding(0.0, (shown(case, first), shown(case, second)))
    return Finding(1.0)


def _answers_questions(case: Case, check: RuleCheck) -> Finding:
    """No question of the customer is asked a second time because it went unanswered."""
    asked = [i for i in case.spoken("customer") if words.found(case.text(i), ["question"])]
    if not asked:
        return Finding(None, reason="The customer asked no question.")
    agent = set(case.spoken("agent"))
    for index in asked:
        # A question in a last turn has no answer at all.
        if not any(later > index for later in agent):
            return Finding(0.0, (shown(case, index),))
    again = _asked_again(case, asked, check.limit or 0.6)
    return Finding(0.0, again) if again else Finding(1.0)


def _asked_again(case: Case, asked: list[int], limit: float) -> tuple[Evidence, ...]:
    for first, second in pairwise(asked):
        one, other = _plain(case.text(first)), _plain(case.text(second))
        if likeness(one, other, limit) >= limit:
            return (shown(case, first), shown(case, second))
    return ()


def _response_times(case: Case, check: RuleCheck) -> Finding:
    """The agent's median answer came within the limit, in seconds.

    Times that run backwards, or of which only one names its time zone, are a mistake of the export
    and not of the agent: the conversation is graded, and such a wait is left out.
    """
    waits = [
        (wait, index + 1)
        for index, (before, after) in enumerate(pairwise(case.turns))
        if (before.speaker, after.speaker) == ("customer", "agent")
        and (wait := _wait(before, after)) is not None
    ]
    if not waits:
        return Finding(None, reason="The turns carry no times that a wait can be told from.")
    waits.sort()
    median, slowest = waits[len(waits) // 2][0], waits[-1]
    good = median <= (check.limit or 60.0)
    return Finding(1.0 if good else 0.0, () if good else (shown(case, slowest[1]),))


def _wait(before: Turn, after: Turn) -> float | None:
    """Seconds between two turns; `None` where their times are not known or cannot be right."""
    if not before.at or not after.at or (before.at.tzinfo is None) != (after.at.tzinfo is None):
        return None
    seconds = (after.at - before.at).total_seconds()
    return seconds if seconds >= 0 else None


def _readability(case: Case, check: RuleCheck) -> Finding:
    if case.language != "en":
        return Finding(None, reason="Readability is measured in English only.")
    import textstat  # takes long, and few conversations need it at once

    text = " ".join(case.text(i) for i in turns_of(case, check.turns))
    # Syllable formulas of textstat fetch a dictionary from the network; this one counts letters.
    grade = float(textstat.automated_readability_index(text))
    return Finding(1.0 if grade <= (check.limit or 10.0) else 0.0)


def _statements(case: Case, check: RuleCheck) -> Finding:
    """Every required statement was said, within a word (in Chinese: character) error rate."""
    if not check.statements:
        return Finding(None, reason="No statement is required here.")
    heard: list[Evidence] = []
    for statement in check.statements:
        index = _heard(case, statement, check)
        if index is None:
            return Finding(0.0, tuple(heard), f"Not said: {statement}")
        heard.append(shown(case, index))
    return Finding(1.0, tuple(heard))


def _heard(case: Case, statement: str, check: RuleCheck) -> int | None:
    limit = 0.3 if check.limit is None else check.limit
    turns = turns_of(case, check.turns)
    said = (i for i in turns if heard(case.text(i), statement, limit, case.language) is not None)
    return next(said, None)


def _wording(case: Case, check: RuleCheck) -> Finding:
    """How polite the wording is, by a small model of words and strategies."""
    scored = [(politeness(as_data(case.text(i))), i) for i in turns_of(case, check.turns)]
    if not scored:
        return Finding(None, reason="The agent said nothing.")
    worst = min(scored)
    mean = sum(p for p, _ in scored) / len(scored)
    # The worst line is what a customer remembers: it counts more than one among many.
    return Finding(0.7 * mean + 0.3 * worst[0], (shown(case, worst[1]),))


def _figures_known(case: Case, check: RuleCheck) -> Finding:  # noqa: ARG001 - the rules' form
    """The figures that the agent states are the business's own."""
    if case.pack is None:
        return Finding(None, reason="There are no articles to compare with.")
    count, unknown = unknown_figures(case)
    if not count:
        return Finding(None, reason="The agent stated no figures.")
    return Finding(1 - len(unknown) / count, unknown)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", text.lower()).split())


_RULES: dict[str, Callable[[Case, RuleCheck], Finding]] = {
    "has_words": _has_words,
    "lacks_words": _lacks_words,
    "no_repeats": _no_repeats,
    "answers_questions": _answers_questions,
    "response_times": _response_times,
    "readability": _readability,
    "statements": _statements,
    "wording": _wording,
    "figures_known": _figures_known,
}
