"""The shipped personas, and what is said about broken ones."""

import re
from pathlib import Path

import pytest
import yaml

from dialogue.language import HAN
from personas.errors import ContentError
from personas.library import SHIPPED, load_personas
from personas.types import Persona

PERSONAS = load_personas()
GOOD: dict[str, object] = yaml.safe_load((SHIPPED / "margaret-doyle.yaml").read_text("utf-8"))


def test_a_third_of_the_personas_are_chinese_and_no_two_are_alike() -> None:
    languages = [persona.language for persona in PERSONAS.values()]
    assert len(languages) >= 24
    assert languages.count("zh") * 3 >= len(languages)
    for field in ("name", "voice", "summary"):
        assert len({getattr(persona, field) for persona in PERSONAS.values()}) == len(PERSONAS)


@pytest.mark.parametrize("persona", PERSONAS.values(), ids=PERSONAS)
def test_difficult_behaviours_are_of_no_one_matter(persona: Persona) -> None:
    lines = [line for _, rows in persona.manners for line in rows]
    assert lines
    assert not any(re.search(r"\d", line) for line in lines)
    assert all(bool(HAN.search(line)) == (persona.language == "zh") for line in lines)


@pytest.mark.parametrize("persona", PERSONAS.values(), ids=PERSONAS)
def test_examples_show_a_voice_and_no_scenario(persona: Persona) -> None:
    assert len(persona.examples) == 4
    for example in persona.examples:
        assert example.says != example.means
        assert all(
            bool(HAN.search(t)) == (persona.language == "zh") for t in example_texts(example)
        )
    voice = " ".join(t for example in persona.examples for t in example_texts(example)).lower()
    for word in ("coffee", "parcel", "vacuum", "refund", "电饭煲", "发货", "退款"):
        assert word not in voice


def example_texts(example: object) -> list[str]:
    return [str(text) for _, text in example]  # type: ignore[attr-defined]


@pytest.mark.parametrize("persona", PERSONAS.values(), ids=PERSONAS)
def test_a_persona_comes_back_from_json(persona: Persona) -> None:
    assert Persona.model_validate_json(persona.model_dump_json()) == persona


def written(folder: Path, content: object, name: str = "margaret-doyle.yaml") -> Path:
    (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"languge": "en"}, "languge", "did you mean 'language'?"),
        ({"age": "old"}, "age", "valid integer"),
        ({"age": 7}, "age", "16"),
        ({"name": 7}, "name", "quotes"),
        ({"summary": {"a": "b"}}, "summary", "quotes"),
        ({"voice": None}, "voice", "nothing"),
        ({"temperament": {"patience": 2}}, "temperament.patience", "less than or equal to 1"),
        ({"temperament": {"patiense": 1}}, "temperament.patiense", "did you mean 'patience'?"),
        ({"temperament": "calm"}, "temperament", "fields"),
        ({"examples": []}, "examples", "at least 3"),
        ({"id": "someone-else"}, "id", "same name"),
    ],
)
def test_a_broken_persona_is_explained(
    tmp_path: Path, change: dict[str, object], field: str, said: str
) -> None:
    written(tmp_path, {**GOOD, **change})
    with pytest.raises(ContentError) as caught:
        load_personas(tmp_path)
    (problem,) = caught.value.problems
    assert problem.field == field
    assert said in problem.message
    line = (tmp_path / "margaret-doyle.yaml").read_text("utf-8").splitlines()[problem.line - 1]
    assert field.split(".")[-1] in line


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    written(tmp_path, {**GOOD, "age": "old", "colour": "red"})
    written(tmp_path, {"id": "b"}, "b.yaml")
    with pytest.raises(ContentError) as caught:
        load_personas(tmp_path)
    said = str(caught.value)
    assert len(caught.value.problems) == len(said.splitlines()) == 8
    assert "margaret-doyle.yaml:" in said
    assert "b.yaml:1: voice: is missing" in said


def test_look_alike_and_missing_folders_are_told(tmp_path: Path) -> None:
    written(tmp_path, GOOD, "margaret-doyle.yml")
    with pytest.raises(ContentError, match=r"rename it to \.yaml"):
        load_personas(tmp_path)
    with pytest.raises(ContentError, match="is not a folder"):
        load_personas(tmp_path / "none")
