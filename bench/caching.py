"""A model whose answers are kept on disk by what was asked, so that a long run can go on."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from llm.types import Answer, ChatModel, Delta, Prompt, Question, Sampling, T


class CachedModel:
    """Asks another model once for each prompt and settings; seeds are part of what is asked.

    Seconds measured through it mean nothing: the bench of speed does not use it.
    """

    def __init__(self, model: ChatModel, folder: Path) -> None:
        self._model = model
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.name = model.name
        self.can_continue = model.can_continue
        self.context_tokens = model.context_tokens

    def stream(self, prompt: Prompt, sampling: Sampling) -> Iterator[Delta]:
        """The reply in one piece, from the cache where it is there."""
        key = self._key("stream", prompt.model_dump_json(), sampling.model_dump_json())
        found = self._read(key)
        if found is None:
            deltas = list(self._model.stream(prompt, sampling))
            whole = Delta(text="".join(d.text for d in deltas), usage=deltas[-1].usage)
            found = whole.model_dump(mode="json")
            self._write(key, found)
        yield Delta.model_validate(found)

    def fill(self, prompt: Prompt, schema: type[T], sampling: Sampling) -> T:
        """Not kept."""
        return self._model.fill(prompt, schema, sampling)

    def ask(self, prompt: Prompt, questions: Sequence[Question]) -> list[Answer]:
        """Each question by itself, from the cache where it is there."""
        keys = [self._key("ask", prompt.model_dump_json(), q.model_dump_json()) for q in questions]
        kept = {key: self._read(key) for key in keys}
        missing = [q for key, q in zip(keys, questions, strict=True) if kept[key] is None]
        fresh = iter(self._model.ask(prompt, missing) if missing else ())
        answers = []
        for key in keys:
            found = kept[key]
            if found is None:
                found = next(fresh).model_dump(mode="json")
                self._write(key, found)
            answers.append(Answer.model_validate(found))
        return answers

    def count_tokens(self, text: str) -> int:
        """Not kept."""
        return self._model.count_tokens(text)

    def close(self) -> None:
        """Close the model; what was kept stays."""
        self._model.close()

    def _key(self, *parts: str) -> Path:
        digest = hashlib.sha256("\0".join((self.name, *parts)).encode()).hexdigest()
        return self._folder / digest[:2] / f"{digest}.json"

    def _read(self, path: Path) -> dict[str, Any] | None:
        try:
            found = json.loads(path.read_text("utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        return found if isinstance(found, dict) else None

    def _write(self, path: Path, value: dict[str, Any]) -> None:
        path.parent.mkdir(exist_ok=True)
        beside = path.with_suffix(".new")
        beside.write_text(json.dumps(value, ensure_ascii=False), "utf-8")
        beside.replace(path)
