"""The curl commands of README and docs/api.md, as they stand there, against the app."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.cast import Cast
from tests.ui.programs import API, at_an_address, token_of
from ui.web.app import entrance
from ui.web.doors.settings import Doors

TOP = Path(__file__).parents[2]
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def examples() -> list[str]:
    """Each command, with what is quoted over several lines."""
    pages = (TOP / "README.md", TOP / "docs" / "api.md")
    blocks = [block for page in pages for block in BLOCK.findall(page.read_text("utf-8"))]
    parts = [part for block in blocks for part in f"\n{block}".split("\ncurl ")[1:]]
    return [f"curl {part}" for part in parts]


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, str]]:
    cast = Cast()
    cast.session("tess", graded=True)
    with at_an_address(entrance(cast.site, Doors())) as address:
        yield address, token_of(cast, "tess")


def test_there_are_examples() -> None:
    assert len(examples()) >= 4


@pytest.mark.parametrize("command", examples())
def test_an_example_does_what_the_page_says(address: tuple[str, str], command: str) -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl on this machine")
    known = {"SPARDESK": address[0] + API, "TOKEN": address[1], "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        ["sh", "-c", command.replace("curl ", "curl -s --noproxy '*' ", 1)],
        env=known,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "error" not in json.loads(done.stdout)
