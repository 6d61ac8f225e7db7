"""Rubrics: the shipped one is sound, and mistakes in one's own are named with their place."""

from pathlib import Path

import pytest

from grading.rubric import Rubric, core_rubric, kind_of, load_rubric
from grading.words import known_lists
from personas.errors import ContentError

SMALL = """\
id: small
version: "1"
criteria:
  - id: politeness
    label: {en: Politeness, zh: 礼貌}
    questions:
      - id: polite
        ask: Is the agent polite?
        yes_is: good
        label: {en: Is polite, zh: 有礼貌}
outcome:
  solved: [polite]
  satisfaction: [polite]
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(text, "utf-8")
    return path


def test_core_has_the_four_criteria_and_all_kinds() -> None:
    rubric = core_rubric()
    core, added = rubric.criteria[:4], rubric.criteria[4:]
    assert [c.id for c in core] == ["politeness", "resolution", "logic", "empathy"]
    assert [c.id for c in added] == ["compliance", "knowledge", "efficiency", "recommendation"]
    assert {kind_of(check) for check in rubric.checks()} == {"state", "rule", "model"}
    assert 20 <= len(rubric.questions()) <= 30


def test_core_names_only_word_lists_that_exist() -> None:
    rubric = core_rubric()
    named = {name for c in rubric.criteria for rule in c.rules for name in rule.words}
    named |= {name for check in rubric.questions() for name in check.show_words}
    named |= {name for condition in rubric.conditions.values() for name in condition.words}
    assert named <= known_lists()


def test_readability_weighs_nothing() -> None:
    checks = {check.id: check for check in core_rubric().checks()}
    assert checks["readability"].weight == 0


def test_own_rubric_is_read_from_a_path(tmp_path: Path) -> None:
    rubric = load_rubric(written(tmp_path, SMALL))
    assert isinstance(rubric, Rubric)
    assert rubric.id == "small"


def test_unknown_field_is_named_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, SMALL.replace("yes_is: good", "yes_is: good\n        wieght: 2"))
    with pytest.raises(ContentError, match=r"small\.yaml:10: .*wieght.*did you mean 'weight'"):
        load_rubric(path)


def test_wrong_value_is_named_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, SMALL.replace("yes_is: good", "yes_is: nice"))
    with pytest.raises(ContentError, match=r"small\.yaml:9: .*'nice' is not one of good, bad"):
        load_rubric(path)


def test_one_mistake_is_said_once(tmp_path: Path) -> None:
    """A list of which nothing valid is left is not empty."""
    path = written(tmp_path, SMALL.replace("yes_is: good", "yes_is: nice"))
    with pytest.raises(ContentError) as caught:
        load_rubric(path)
    assert [problem.field for problem in caught.value.problems] == [
        "criteria[0].questions[0].yes_is"
    ]


def test_outcome_must_name_questions_of_the_rubric(tmp_path: Path) -> None:
    path = written(tmp_path, SMALL.replace("solved: [polite]", "solved: [polight]"))
    with pytest.raises(ContentError, match="polight"):
        load_rubric(path)


def test_check_ids_are_unique(tmp_path: Path) -> None:
    again = """      - id: polite
        ask: Is it?
        yes_is: good
        label: {en: Is, zh: 是}
outcome:"""
    with pytest.raises(ContentError, match="used twice: polite"):
        load_rubric(written(tmp_path, SMALL.replace("outcome:", again)))


def test_unknown_name_lists_the_shipped_ones() -> None:
    with pytest.raises(ContentError, match="did you mean 'core'"):
        load_rubric("cores")


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"gone\.yaml.*cannot be read"):
        load_rubric(tmp_path / "gone.yaml")
