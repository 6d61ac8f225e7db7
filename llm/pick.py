"""Which language model to use: the one that was named, or the best one that is there.

ollama:NAME   a model of a running Ollama (`OLLAMA_HOST` or `base_url` says where)
openai:NAME   any OpenAI-compatible server (`base_url`; the key from `OPENAI_API_KEY`)
gguf:PATH     a model file, served by the embedded engine
embedded      the model that the extra `embedded` installs
nothing       the best chat model of a running Ollama, else `embedded`, else `NoModel`
"""

import os
from importlib import util
from pathlib import Path
from typing import Literal, NamedTuple

from llm.embedded.gguf import QWEN, Progress, installed, quiet
from llm.embedded.model import EmbeddedModel
from llm.errors import ModelError, ModelMissing, NoModel, ServerUnreachable
from llm.ollama_native import OllamaModel
from llm.ollama_shelf import best_model, installed_models
from llm.openai_compatible import OpenAIModel
from llm.types import ChatModel

Kind = Literal["ollama", "openai", "gguf", "embedded"]

NAMED: dict[str, Kind] = {"ollama": "ollama", "openai": "openai", "gguf": "gguf"}
"""What may stand before the colon of a spec."""

OPENAI_URL = "https://api.openai.com/v1"
KEY_VARIABLE = "OPENAI_API_KEY"

HOW_TO_GET_ONE = (
    "There is no language model to use. Either install the embedded one:\n"
    '    pip install ".[embedded]"\n'
    "or start Ollama and fetch a model:\n"
    "    ollama pull llama3.2"
)


class Choice(NamedTuple):
    """A model that would be used, and why. Making one loads no model."""

    kind: Kind
    model: str
    """The model's name at its server, or a file's path."""
    why: str
    base_url: str | None = None


def open_model(
    spec: str | None = None,
    base_url: str | None = None,
    progress: Progress = quiet,
    *,
    context_tokens: int = 8192,
) -> ChatModel:
    """The model that `spec` names (see the module), ready to use.

    `progress` hears of the one-time preparation of the embedded model (fraction, sentence).
    `context_tokens`: what an Ollama or OpenAI-compatible model is given. Raises a `ModelError`.
    """
    choice = choose(spec, base_url)
    if choice.kind == "ollama":
        return OllamaModel(choice.model, host=choice.base_url, num_ctx=context_tokens)
    if choice.kind == "openai":
        return _open_openai(choice, context_tokens)
    if choice.kind == "gguf":
        return EmbeddedModel.from_file(Path(choice.model).expanduser())
    return EmbeddedModel.from_wheels(QWEN, progress)


def choose(spec: str | None = None, base_url: str | None = None) -> Choice:
    """Which model `open_model` would open, and why; asks a running Ollama, loads nothing."""
    if not spec:
        return _best(base_url)
    kind, _, model = spec.partition(":")
    if kind == "embedded" and not model:
        return _embedded("it was asked for")
    if kind in NAMED and model:
        return Choice(NAMED[kind], model, "it was asked for", base_url)
    raise ModelError(
        f"Unknown model {spec!r}. Use ollama:NAME, openai:NAME, gguf:PATH or embedded."
    )


def _best(base_url: str | None) -> Choice:
    if base_url:
        raise ModelError(
            f"A server was named ({base_url}) but no model. Add one: openai:NAME or ollama:NAME."
        )
    try:
        best = best_model(installed_models())
        if best is not None:
            return Choice("ollama", best.name, f"Ollama is running and has it ({best.why})")
        without = "Ollama is running but has no chat model that fits this machine's memory"
    except ModelError as exc:
        without = "Ollama does not run" if isinstance(exc, ServerUnreachable) else str(exc)
    try:
        return _embedded(without)
    except ModelMissing as exc:
        raise NoModel(
            f"{HOW_TO_GET_ONE}\n({without}; the embedded model is not installed.)"
        ) from exc


def _embedded(why: str) -> Choice:
    if not installed(QWEN) or util.find_spec("xllamacpp") is None:
        raise ModelMissing('The embedded model is not installed. Run: pip install ".[embedded]"')
    return Choice("embedded", QWEN.name, why)


def _open_openai(choice: Choice, context_tokens: int) -> OpenAIModel:
    key = os.environ.get(KEY_VARIABLE)
    if key is None and choice.base_url is None:
        raise ModelError(f"Set {KEY_VARIABLE} to use {choice.model!r}, or name a base URL.")
    return OpenAIModel(
        choice.model,
        base_url=choice.base_url or OPENAI_URL,
        api_key=key or "none",
        context_tokens=context_tokens,
    )
