"""Small rules files and conversations, made in a line."""

from pathlib import Path
from typing import Any

import yaml

from grading.inspecting.conditions import Conditions, Hit, Seen
from grading.inspecting.entities import entities
from grading.inspecting.forms import Condition, Group, Negation
from grading.inspecting.inspector import Inspector
from grading.inspecting.loading import load_rules, shipped
from grading.inspecting.sentiment import Lexicon
from grading.inspecting.vocabulary import Vocabulary
from grading.rubric import core_rubric
from grading.types import Inspection
from tests.grading.making import case_of

DATA = Path(__file__).parent / "data"

NEGATION = {
    "en": Negation(words=("not", "never", "*n't"), unless=("not only",), within=3, stops=("but",)),
    "zh": Negation(words=("不", "没有"), unless=("不错", "不过"), within=4, stops=("但",)),
}


def vocabulary(language: str = "en", **groups: Any) -> Vocabulary:
    made = {name: Group.model_validate(group) for name, group in groups.items()}
    return Vocabulary(made, NEGATION[language])


def hits(condition: dict[str, Any], *lines: str, language: str = "en", **named: Any) -> Any:
    """Where a condition shows in such lines, as (turn, text); `None` where it does not hold."""
    inspector = shipped(language)
    words = vocabulary(language)
    case = case_of(*lines, language=language)
    seen = Seen(case, entities(case, inspector.book.entities), ())
    lexicon = Lexicon(inspector.book.sentiment, words)
    conditions = {name: Condition.model_validate(each) for name, each in named.items()}
    looked = Conditions(seen, words, lexicon, conditions)
    found: list[Hit] | None = looked.hits(Condition.model_validate(condition))
    if found is None:
        return None
    return [(hit.turn, case.text(hit.turn)[hit.span.start : hit.span.end]) for hit in found]


def inspected(*lines: str, language: str = "en") -> Inspection:
    """What the shipped rules find in such lines."""
    return shipped(language).inspect(case_of(*lines, language=language), core_rubric())


def written(folder: Path, text: str, name: str = "own.yaml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def own(folder: Path, text: str) -> Inspector:
    """The inspector of a rules file with this text."""
    return Inspector(load_rules(written(folder, text), core_rubric()))


def talks() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.safe_load((DATA / "talks.yaml").read_text("utf-8"))
    return loaded
