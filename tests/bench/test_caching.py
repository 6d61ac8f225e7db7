"""A long run goes on where it was."""

from pathlib import Path

import pytest

from bench.caching import CachedModel
from llm.types import Prompt, Question, Sampling
from tests.scripted import ScriptedModel

PROMPT = Prompt.of("You are a customer.", "Say something.")
ASKED = [Question(id="a", text="Is it so?"), Question(id="b", text="Is it not?")]


def said(model: CachedModel, seed: int = 1) -> str:
    return "".join(delta.text for delta in model.stream(PROMPT, Sampling(seed=seed)))


def test_the_same_is_asked_once_and_another_seed_again(tmp_path: Path) -> None:
    behind = ScriptedModel(["one", "two"])
    assert said(CachedModel(behind, tmp_path)) == "one"
    again = CachedModel(behind, tmp_path)
    assert said(again) == "one" and said(again, seed=2) == "two"
    assert len(behind.history) == 2


def test_questions_are_kept_one_by_one(tmp_path: Path) -> None:
    behind = ScriptedModel(answers={"a": 0.9, "b": 0.2})
    model = CachedModel(behind, tmp_path)
    first = model.ask(PROMPT, ASKED[:1])
    assert [a.probabilities["yes"] for a in model.ask(PROMPT, ASKED)] == pytest.approx([0.9, 0.2])
    assert model.ask(PROMPT, ASKED)[0] == first[0]
    assert [q.id for q in behind.asked] == ["a", "b"]


def test_a_torn_file_is_asked_again(tmp_path: Path) -> None:
    behind = ScriptedModel(["one", "one again"])
    said(CachedModel(behind, tmp_path))
    for file in tmp_path.rglob("*.json"):
        file.write_text('{"text": "on', "utf-8")
    assert said(CachedModel(behind, tmp_path)) == "one again"
