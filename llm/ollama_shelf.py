"""Which models a running Ollama has, and which of them plays a customer best.

Ranking: models that can chat (capability `completion`, no embedding model), run here (not in
Ollama's cloud) and fit in memory (file size plus a fifth); of those the one with the most
parameters; of equals the one that was changed last.
"""

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import ollama

from llm.ollama_errors import mapped

PROBE_S = 3.0
"""Longest wait, in seconds, for an Ollama that may not be there."""

OVERHEAD = 1.2
"""Memory that a model takes, as a multiple of its file: context and buffers."""

UNITS = {"": 1.0, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}


class Shelved(NamedTuple):
    """A model that Ollama has."""

    name: str
    parameters: float
    """Number of weights; 0 when not known."""
    size: int
    """Bytes of the file."""
    chats: bool
    local: bool
    modified: str

    @property
    def why(self) -> str:
        """What made it the best."""
        billions = f"{self.parameters / 1e9:.1f} billion parameters"
        return f"the largest that fits, {billions}" if self.parameters else "it fits"


def installed_models(host: str | None = None) -> list[Shelved]:
    """What Ollama has, in its order. Raises `ServerUnreachable` when it does not answer."""
    # Read as plain JSON: the client drops fields that it does not know, `capabilities` among them.
    where = server_address(host)
    with mapped(where):
        reply = httpx.get(f"{where}/api/tags", timeout=PROBE_S, trust_env=False)
        reply.raise_for_status()
        models = reply.json().get("models") or []
    return [_shelved(model) for model in models]


def server_address(host: str | None = None) -> str:
    """Where Ollama listens: `host`, else `OLLAMA_HOST`, else its default."""
    with mapped(host or "OLLAMA_HOST"):
        client = ollama.Client(host)
    return str(client._client.base_url).rstrip("/")


def best_model(models: Iterable[Shelved], memory: int | None = None) -> Shelved | None:
    """The best of `models` for this machine (see the module), or `None`."""
    room = available_memory() if memory is None else memory
    fit = [m for m in models if m.chats and m.local and m.size * OVERHEAD <= room]
    return max(fit, key=lambda m: (m.parameters, m.modified), default=None)


def available_memory() -> float:
    """Bytes that a model may take; infinite where the system does not say.

    Half as much again for what the system would swap out or free is deliberately not counted.
    """
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
        return 1024.0 * int(re.findall(r"MemAvailable:\s+(\d+)", text)[0])
    except (OSError, IndexError):
        return _physical_memory()


def _physical_memory() -> float:
    try:
        return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, ValueError, OSError):
        return float("inf")


def _shelved(model: Mapping[str, Any]) -> Shelved:
    details = model.get("details") or {}
    capabilities = model.get("capabilities")
    return Shelved(
        name=str(model.get("model") or model.get("name")),
        parameters=parameter_count(str(details.get("parameter_size") or "")),
        size=int(model.get("size") or 0),
        chats=_chats(capabilities, details),
        local=not model.get("remote_host") and not model.get("remote_model"),
        modified=str(model.get("modified_at") or ""),
    )


def _chats(capabilities: list[str] | None, details: Mapping[str, Any]) -> bool:
    """By its capabilities; older servers do not list them, then by its family."""
    if capabilities is not None:
        return "completion" in capabilities
    return "bert" not in str(details.get("family", "")).lower()


def parameter_count(text: str) -> float:
    """`1.8B` → 1.8e9, `134.52M` → 134.52e6; 0 for what is no number."""
    match = re.fullmatch(r"([\d.]+)\s*([KMBT]?)", text.strip().upper())
    return float(match[1]) * UNITS[match[2]] if match else 0.0
