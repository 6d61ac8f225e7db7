"""A real nginx with a configuration of ours, in a folder of its own and on loopback alone."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

needs_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is not installed: apt-get install")

START_S = 10.0


def free_port() -> int:
    """A port of this machine that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def running(configuration: str, folder: Path, port: int) -> Iterator[None]:
    """nginx, until the block ends; `port`: one that it listens at."""
    assert NGINX is not None
    folder.mkdir()
    (folder / "nginx.conf").write_text(configuration, "utf-8")
    # Where the tests run as root its workers could not enter pytest's folders as somebody else.
    more = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")
    command = [NGINX, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf"), "-g"]
    with (folder / "stderr").open("w+") as said:
        child = subprocess.Popen([*command, more], stderr=said)
        try:
            _wait_for(port, child, folder / "stderr")
            yield
        finally:
            child.terminate()
            child.wait(START_S)


def _wait_for(port: int, child: "subprocess.Popen[bytes]", said: Path) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and child.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    pytest.fail(f"nginx did not start: {said.read_text('utf-8')}")
