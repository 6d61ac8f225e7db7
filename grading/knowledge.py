"""Knowledge: does the agent state figures that the business does not have?

An amount, a share or a span of time that stands neither in the pack's policy and articles nor in
its data, nor was said by the customer or the desk, is a claim without a source. Whether a sourced
figure is the right one in its place is for the other checks and for people.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from dialogue.language import numbers
from grading import words
from grading.case import Case
from grading.reading import as_data
from grading.types import Evidence

NUMBER = r"\d[\d.,]*"


class _Figures(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    claims: tuple[str, ...]
    words: dict[str, int]

    @property
    def number(self) -> str:
        longest = sorted(self.words, key=len, reverse=True)
        return f"({NUMBER}|{'|'.join(longest)})"

    def patterns(self) -> tuple[re.Pattern[str], ...]:
        """A pattern per kind of claim; its first group is the number."""
        return tuple(
            re.compile(rf"(?<![a-z\d]){claim.replace('{n}', self.number)}(?![a-z])", re.IGNORECASE)
            for claim in self.claims
        )


def claims(text: str) -> Iterator[tuple[str, int]]:
    """The figures that a text claims, and where each stands; the same number once."""
    seen: set[str] = set()
    for figures, patterns in _tables():
        for pattern in patterns:
            for found in pattern.finditer(text):
                value = figures.words.get(found[1].lower())
                for number in {str(value)} if value is not None else numbers(found[1]):
                    if number not in seen:
                        seen.add(number)
                        yield number, found.start()


def unknown_figures(case: Case) -> tuple[int, tuple[Evidence, ...]]:
    """How many figures the agent claims, and the turns with those that have no source."""
    known, count, found = _known(case), 0, []
    for index in case.spoken("agent"):
        text = case.text(index)
        said = {n for i in case.spoken("customer") if i < index for n in _all(case.text(i))}
        for number, at in claims(as_data(text)):
            count += 1
            if number not in known | said:
                found.append(Evidence(turn=index, quote=words.quote(text, min(at, len(text) - 1))))
    return count, tuple(found)


def _known(case: Case) -> set[str]:
    """Every number that the business, the scenario's card or the desk has."""
    if case.pack is None or case.scenario is None:
        return set()
    texts = [*case.pack.policy.values(), *(article.text for article in case.pack.articles)]
    rows = (row for table in case.pack.tables.values() for row in table.values())
    texts += [str(cell) for row in rows for cell in row.values()]
    texts += [case.scenario.card.model_dump_json(), *case.scenario.ideal]
    texts += [fact.says for fact in case.scenario.brief.facts]
    texts += [deed.result.model_dump_json() for deed in case.deeds]
    return {number for text in texts for number in _all(text)}


def _all(text: str) -> set[str]:
    """The numbers of a text, in digits and in words."""
    spelled = {number for number, _ in claims(text)}
    return numbers(text) | spelled


@lru_cache(maxsize=1)
def _tables() -> tuple[tuple[_Figures, tuple[re.Pattern[str], ...]], ...]:
    text = (Path(__file__).parent / "lexicons" / "figures.yaml").read_text("utf-8")
    tables = [_Figures.model_validate(row) for row in yaml.safe_load(text).values()]
    return tuple((table, table.patterns()) for table in tables)
