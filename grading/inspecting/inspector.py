"""Inspects a conversation by rules alone. Deterministic: the same rules find the same things."""

from grading.case import Case
from grading.inspecting.conditions import Conditions, Hit, Seen
from grading.inspecting.entities import entities
from grading.inspecting.logic import Reasoning
from grading.inspecting.matters import votes, winner
from grading.inspecting.rulebook import Rule, Rulebook, RuledScore, ScoredRule
from grading.inspecting.sentiment import Lexicon
from grading.inspecting.text import read
from grading.inspecting.vocabulary import Vocabulary
from grading.judging import shown
from grading.rubric import Rubric
from grading.types import Emotion, Evidence, Inspection, RuledCriterion, RuleHit

MOST_SHOWN = 3
"""Turns shown of one rule."""


class Inspector:
    """The rules of a file, ready to look at conversations."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self._vocabulary = Vocabulary(book.groups, book.negation)
        self._lexicon = Lexicon(book.sentiment, self._vocabulary)
        self._reasoning = Reasoning(book, self._vocabulary)

    def inspect(self, case: Case, rubric: Rubric) -> Inspection:
        """Everything the rules find. Intents and topics are of the rubric's."""
        book = self.book
        found = entities(case, book.entities)
        faults = self._reasoning.faults(case, found)
        seen = Seen(case, found, faults)
        conditions = Conditions(seen, self._vocabulary, self._lexicon, book.conditions)
        cast = votes(case, book.matters, book.naming, conditions)
        emotion = self.emotion(case)
        return Inspection(
            rules=f"{book.language} {book.version}",
            intent=winner(cast, "intent", rubric.intents, book.naming.least),
            topic=winner(cast, "topic", rubric.topics, book.naming.least),
            named_by=tuple(_hit(case, vote.rule, vote.hits) for vote in cast),
            emotion=emotion,
            mood_at_end=self._at_end(emotion),
            logic=faults,
            entities=found,
            criteria={
                name: _criterion(case, score, conditions) for name, score in book.criteria.items()
            },
            findings=tuple(
                _hit(case, rule, hits)
                for rule in book.findings
                if (hits := conditions.hits(rule.when)) is not None
            ),
        )

    def emotion(self, case: Case) -> tuple[Emotion, ...]:
        """How each customer turn sounds."""
        made = []
        for turn in case.spoken("customer"):
            valence, strongest = self._lexicon.feelings(read(case.text(turn)))
            feeling = strongest.feeling if strongest else None
            made.append(Emotion(turn=turn, valence=valence, feeling=feeling))
        return tuple(made)

    def _at_end(self, emotion: tuple[Emotion, ...]) -> float | None:
        """The mood after the last turn; a turn without feeling lets it fade."""
        if not emotion:
            return None
        rules, mood = self.book.sentiment, 0.0
        for number, felt in enumerate(emotion):
            if felt.valence == 0:
                mood *= rules.faded
            else:
                carried = rules.carried if number else 0.0
                mood = carried * mood + (1 - carried) * felt.valence
        return mood


def _criterion(case: Case, score: RuledScore, conditions: Conditions) -> RuledCriterion:
    customer = score.needs == "agent" or case.spoken("customer")
    if not (case.spoken("agent") and customer):
        return RuledCriterion()
    hits = [hit for rule in score.rules if (hit := _scored(case, rule, conditions))]
    whole = score.start + sum(hit.points or 0.0 for hit in hits)
    return RuledCriterion(score=min(100.0, max(0.0, whole)), hits=tuple(hits))


def _scored(case: Case, rule: ScoredRule, conditions: Conditions) -> RuleHit | None:
    """A rule with its points; `None` where it gives none."""
    if rule.applies is not None and conditions.named(rule.applies) is None:
        return None
    hits = conditions.hits(rule.when)
    if hits is None:
        missed = RuleHit(id=rule.id, label=rule.label, met=False, points=rule.otherwise)
        return missed if rule.otherwise else None
    turns = min(len({hit.turn for hit in hits}), rule.most) if rule.per_turn else 1
    return _hit(case, rule, hits).model_copy(update={"points": rule.points * turns})


def _hit(case: Case, rule: Rule, hits: list[Hit]) -> RuleHit:
    places = {hit.turn: hit.span.start for hit in reversed(hits)}
    evidence: list[Evidence] = [shown(case, turn, places[turn]) for turn in sorted(places)]
    return RuleHit(id=rule.id, label=rule.label, evidence=tuple(evidence[:MOST_SHOWN]))
