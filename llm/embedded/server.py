"""The parent's side of the embedded engine: start the child, know its address, start it again.

Why the slots are left to the engine (measured with `timings.prompt_n`, four slots):

- Three prompt families by turns, one session: each call evaluates its new tokens only (42 of
  445); the engine finds the slot with the longest common prefix. Pinning `id_slot` gains nothing.
- Six families by turns on four slots: 1 of 110 tokens is evaluated the second time; prompts that
  lost their slot come back from the memory cache (`CACHE_MIB`).
- Several *sessions* of one family by turns: the family's own prefix is reused, the session's
  conversation is read again (85 of 361 tokens), because the engine prefers a slot that shares
  the prefix to the memory cache. A unified cache or another slot similarity does not change it.

Memory: about 3.4 GB (1.1 GB mapped file, its repacked copy, 0.9 GB of context, the cache).
"""

import contextlib
import json
import os
import secrets
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, NamedTuple

from llm.embedded.child import Orders
from llm.embedded.cores import physical_cores
from llm.errors import ModelFileError, ServerUnreachable
from llm.paths import cache_folder

SLOTS = 4
SLOT_TOKENS = 8192
CACHE_MIB = 512
"""Room for about 18,000 tokens of prompts beside the slots, at 28 KiB a token."""

LOAD_S = 180.0
"""Longest wait for a model to load, in seconds: a cold disk can be slow."""

LOG_BYTES = 1_000_000
"""Above this size the log starts anew."""

ROOT = Path(__file__).parents[2]
"""The folder from which `llm` is imported, so that the child finds it as well."""


class Endpoint(NamedTuple):
    """Where a child answers. Another child: another endpoint."""

    address: str
    api_key: str


class EmbeddedServer:
    """One child process that serves one GGUF file. Safe to use from several threads."""

    def __init__(self, model_path: Path, *, slot_tokens: int = SLOT_TOKENS) -> None:
        self._model_path = model_path
        self._slot_tokens = slot_tokens
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._endpoint: Endpoint | None = None

    @property
    def log_path(self) -> Path:
        """Where the child's messages go."""
        return cache_folder() / "embedded.log"

    @property
    def pid(self) -> int | None:
        """The child's process id while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def endpoint(self) -> Endpoint:
        """The address of a running child; starts one when there is none or it died.

        Raises `ModelFileError` when the engine cannot read the file, `ServerUnreachable` when
        it does not start.
        """
        with self._lock:
            if self._endpoint is None or self.pid is None:
                self._stop()
                self._endpoint = self._start()
            return self._endpoint

    def discard(self, endpoint: Endpoint) -> None:
        """Give up the child behind `endpoint`, unless it was replaced already."""
        with self._lock:
            if self._endpoint == endpoint:
                self._stop()

    def close(self) -> None:
        """Stop the child."""
        with self._lock:
            self._stop()

    def _start(self) -> Endpoint:
        orders = self._orders()
        self._process = process = _spawn(self.log_path)
        told: list[bytes] = []
        assert process.stdin and process.stdout
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(orders.model_dump_json().encode() + b"\n")
            process.stdin.flush()
        reader = threading.Thread(target=_read_line, args=(process.stdout, told), daemon=True)
        reader.start()
        reader.join(LOAD_S)
        return Endpoint(self._address(told), orders.api_key)

    def _orders(self) -> Orders:
        return Orders(
            model_path=str(self._model_path),
            api_key=secrets.token_urlsafe(32),
            parent=os.getpid(),
            threads=physical_cores(),
            slots=SLOTS,
            slot_tokens=self._slot_tokens,
            cache_mib=CACHE_MIB,
        )

    def _address(self, told: list[bytes]) -> str:
        """What the child said; raises what it failed with."""
        line = json.loads(told[0]) if told and told[0].strip() else {}
        if "address" in line:
            return str(line["address"])
        self._stop()
        if "error" in line:
            raise ModelFileError(
                f"The embedded engine cannot use {self._model_path.name!r}: {line['error']}. "
                f"See {self.log_path}."
            )
        raise ServerUnreachable(f"The embedded engine did not start. See {self.log_path}.")

    def _stop(self) -> None:
        process, self._process, self._endpoint = self._process, None, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _read_line(pipe: IO[bytes], told: list[bytes]) -> None:
    with contextlib.suppress(OSError, ValueError):
        told.append(pipe.readline())


def _spawn(log_path: Path) -> subprocess.Popen[bytes]:
    """Start the child from a thread that lives as long as the child does.

    Linux sends the parent-death signal when the *thread* that started a process ends; a web
    server's worker thread would take the model with it.
    """
    started: list[subprocess.Popen[bytes] | OSError] = []
    ready = threading.Event()

    def keep() -> None:
        try:
            with _open_log(log_path) as log:
                process = _popen(log)
        except OSError as exc:
            started.append(exc)
            ready.set()
            return
        started.append(process)
        ready.set()
        process.wait()

    threading.Thread(target=keep, name="spardesk-embedded-keeper", daemon=True).start()
    ready.wait()
    if isinstance(started[0], OSError):
        raise ServerUnreachable(f"The embedded engine cannot be started: {started[0]}.")
    return started[0]


def _popen(log: IO[bytes]) -> subprocess.Popen[bytes]:
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(
        [sys.executable, "-m", "llm.embedded.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env=os.environ | {"PYTHONPATH": path},
    )


def _open_log(path: Path) -> IO[bytes]:
    small = path.exists() and path.stat().st_size < LOG_BYTES
    return path.open("ab" if small else "wb")
