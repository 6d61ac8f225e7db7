"""A certificate for loopback, and the proxy as it is shipped before whatever a test has."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.deploy import nginx
from tests.deploy.fakes import Fake, two
from tests.deploy.files import configuration
from tests.records.conftest import postgres_server

__all__ = ["postgres_server"]

Proxy = Callable[[int, int], str]
"""Starts the proxy before two ports; its address."""


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate that nobody else believes, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    made = folder / "certificate.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    command += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1"]
    command += ["-out", str(made[0]), "-keyout", str(made[1])]
    subprocess.run(command, check=True, capture_output=True)
    return made


@pytest.fixture
def servers() -> Iterator[tuple[Fake, Fake]]:
    """Two servers that are none: of models behind the gateway, of pages behind the proxy."""
    with two("one", "two") as both:
        yield both


@pytest.fixture
def gateway(servers: tuple[Fake, Fake], tmp_path: Path, open_ports: set[int]) -> Iterator[str]:
    """The gateway as it is shipped before them; its address."""
    port = nginx.free_port()
    open_ports.add(port)
    places = {"listen 8080": f"listen 127.0.0.1:{port}"} | {
        f"172.31.218.1{number}:11434": f"127.0.0.1:{server.port}"
        for number, server in enumerate(servers, start=1)
    }
    with nginx.running(configuration("gateway.conf", places), tmp_path / "gateway", port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def proxy(certificate: tuple[Path, Path], tmp_path: Path, open_ports: set[int]) -> Iterator[Proxy]:
    """The proxy as it is shipped."""
    with ExitStack() as stack:

        def start(one: int, other: int) -> str:
            plain, safe = nginx.free_port(), nginx.free_port()
            open_ports.update({plain, safe})
            places = {
                "listen 8080": f"listen 127.0.0.1:{plain}",
                "8443": f"127.0.0.1:{safe}",
                "172.31.217.11:7860": f"127.0.0.1:{one}",
                "172.31.217.12:7860": f"127.0.0.1:{other}",
                "/run/secrets/tls_certificate": str(certificate[0]),
                "/run/secrets/tls_key": str(certificate[1]),
            }
            text = configuration("proxy.conf", places)
            stack.enter_context(nginx.running(text, tmp_path / "proxy", safe))
            return f"https://127.0.0.1:{safe}"

        yield start
