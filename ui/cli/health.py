"""What `spardesk doctor` looks at on this machine. A finding is a record, never an exception."""

import platform
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from importlib import metadata
from pathlib import Path
from typing import Literal, NamedTuple

from llm.embedded.gguf import installed, part_paths
from llm.errors import ModelError
from llm.paths import cache_folder
from llm.types import ChatModel, Prompt, Sampling
from records import RecordsError, SessionQuery, open_records

Verdict = Literal["good", "note", "bad"]

PACKAGES = ("spardesk", "gradio", "pydantic", "ollama", "openai", "tinydb", "xllamacpp")
"""Distributions whose versions matter in a bug report."""

OPTIONAL = frozenset({"xllamacpp"})

LITTLE_SPACE = 500_000_000
"""Free bytes in the data folder below which a note is made."""

TRIAL = Prompt.of(
    "You are a polite shop assistant.", "Say in two sentences how to send a parcel back."
)
TRIAL_SAMPLING = Sampling(temperature=0, max_tokens=60)


class Finding(NamedTuple):
    """One thing looked at."""

    verdict: Verdict
    name: str
    text: str


def software() -> Iterator[Finding]:
    """Python and the packages that matter, with their versions."""
    yield Finding("good", "python", f"{platform.python_version()} on {platform.platform()}")
    for name in PACKAGES:
        try:
            yield Finding("good", name, metadata.version(name))
        except metadata.PackageNotFoundError:
            verdict: Verdict = "note" if name in OPTIONAL else "bad"
            yield Finding(verdict, name, "not installed" + _how(name))


def _how(name: str) -> str:
    return ' (it comes with: pip install ".[embedded]")' if name in OPTIONAL else ""


def embedded_model() -> Finding:
    """Whether the embedded model's wheels are complete."""
    if installed():
        return Finding("good", "embedded model", f"all {len(part_paths())} wheels are there")
    try:
        part_paths()
    except ModelError as error:
        return Finding("note", "embedded model", str(error))
    return Finding("good", "embedded model", "complete")


def data_folder(folder: Path) -> Finding:
    """Whether sessions can be kept, and how much room there is."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"spardesk")
        free = shutil.disk_usage(folder).free
    except OSError as error:
        reason = error.strerror or str(error)
        return Finding("bad", "data folder", f"{folder}: {reason}. Choose another with --data.")
    verdict: Verdict = "note" if free < LITTLE_SPACE else "good"
    return Finding(verdict, "data folder", f"{folder}, writable, {free / 1e9:.1f} GB free")


def records(place: str) -> Finding:
    """Whether the records that were named can be opened."""
    try:
        with closing(open_records(place)) as opened:
            sessions = opened.count_sessions(SessionQuery())
            return Finding("good", "records", f"{opened.place}, {sessions} sessions")
    except RecordsError as error:
        return Finding("bad", "records", str(error))


def cache() -> Finding:
    """Where the joined model file lies."""
    try:
        folder = cache_folder()
        size = sum(path.stat().st_size for path in folder.glob("*.gguf"))
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Finding("bad", "model cache", f"{error}. Name another folder in SPARDESK_CACHE.")
    return Finding(
        "good", "model cache", f"{folder}, {size / 1e9:.2f} GB in use, {free / 1e9:.1f} GB free"
    )


def speed(model: ChatModel) -> Finding:
    """Whether the model answers, and how fast: one short reply, timed."""
    started = time.perf_counter()
    first: float | None = None
    pieces, generated = 0, None
    try:
        for delta in model.stream(TRIAL, TRIAL_SAMPLING):
            if delta.text:
                first = first or time.perf_counter()
                pieces += 1
            if delta.usage is not None:
                generated = delta.usage.generated_tokens
    except ModelError as error:
        return Finding("bad", "answer", str(error))
    if first is None:
        return Finding("bad", "answer", f"{model.name} answered with nothing.")
    seconds = max(time.perf_counter() - first, 1e-6)
    rate = ((generated or pieces) - 1) / seconds
    return Finding(
        "good", "answer", f"first token after {first - started:.2f} s, {rate:.1f} tokens/s"
    )
