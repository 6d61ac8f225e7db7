"""How a message sounds: words with a valence, made stronger, weaker or turned round by others."""

from math import sqrt
from typing import NamedTuple

from grading.inspecting.forms import Sentiment
from grading.inspecting.text import Span, Text
from grading.inspecting.vocabulary import Vocabulary, matches, outside

MOST_EXCLAIMED = 3


class Felt(NamedTuple):
    """A word of the lexicon in a message."""

    span: Span
    valence: float
    """With what stands around it."""
    feeling: str | None


class Feelings(NamedTuple):
    """What a message sounds like."""

    valence: float
    """-1 to 1; 0 where no word says anything."""
    strongest: Felt | None


class Lexicon:
    """The lexicon of a rules file, ready to look up."""

    def __init__(self, rules: Sentiment, vocabulary: Vocabulary) -> None:
        self._rules = rules
        self._vocabulary = vocabulary

    def feelings(self, text: Text) -> Feelings:
        """A message's valence, and the word that says most."""
        felt = [self._weighed(text, word) for word in self._words(text)]
        if not felt:
            return Feelings(0.0, None)
        marks = min(text.plain.count("!"), MOST_EXCLAIMED)
        total = sum(word.valence for word in felt) * (1 + self._rules.exclaimed * marks)
        valence = total / sqrt(total**2 + self._rules.saturation)
        return Feelings(valence, max(felt, key=lambda word: word.valence * total))

    def _words(self, text: Text) -> list[Felt]:
        """The words with a valence; where two overlap, the longer one."""
        exempt = matches(text, self._rules.unless)
        every = [
            Felt(span, lexeme.valence, lexeme.feeling)
            for lexeme in self._rules.lexicon
            for span in outside(matches(text, lexeme.words), exempt)
        ]
        every.sort(key=lambda word: (word.span.start - word.span.end, word.span.start))
        kept: list[Felt] = []
        for word in every:
            if not any(word.span.overlaps(other.span) for other in kept):
                kept.append(word)
        return sorted(kept)

    def _weighed(self, text: Text, word: Felt) -> Felt:
        factor = self._intensified(text, word.span) * self._contrasted(text, word.span)
        if self._vocabulary.negated(text, word.span):
            factor *= self._rules.negated
        if text.cut(word.span).isupper() and not text.raw.isupper():
            factor *= 1 + self._rules.capitals
        return word._replace(valence=word.valence * factor)

    def _intensified(self, text: Text, span: Span) -> float:
        factor = 1.0
        for intensifier in self._rules.intensifiers:
            before = (m for m in matches(text, intensifier.words) if m.end <= span.start)
            if any(self._beside(text, other, span) for other in before):
                factor *= intensifier.factor
        return factor

    def _beside(self, text: Text, other: Span, span: Span) -> bool:
        near = text.distance(other, span) <= self._rules.intensified_within
        return near and text.same_clause(other, span)

    def _contrasted(self, text: Text, span: Span) -> float:
        turns = matches(text, self._rules.contrast)
        if any(t.end <= span.start and text.same_sentence(t, span) for t in turns):
            return self._rules.after_contrast
        if any(t.start >= span.end and text.same_sentence(span, t) for t in turns):
            return self._rules.before_contrast
        return 1.0
