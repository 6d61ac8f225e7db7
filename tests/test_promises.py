"""What README, help and settings promise is there."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grading.rubric import SHIPPED as SHIPPED_RUBRICS
from personas.library import SHIPPED as SHIPPED_PERSONAS
from scenarios.library import SHIPPED_PACKS, Library
from ui.cli.app import app
from ui.cli.main import run
from ui.settings import VARIABLES, Settings

TOP = Path(__file__).parents[1]
README = (TOP / "README.md").read_text(encoding="utf-8")
PAGES = [TOP / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")]
PAGES += [TOP / "SECURITY.md", TOP / "docs" / "api.md", TOP / "docs" / "deploying.md"]
NESTED = (
    "scenarios",
    "personas",
    "rubric",
    "bench",
    "import",
    "records",
    "users",
    "teams",
    "tokens",
)
NESTED += ("webhooks",)
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def commands(text: str) -> Iterator[list[str]]:
    """Every `spardesk …` of a page: in its blocks and in its sentences."""
    lines = [line for block in BLOCK.findall(text) for line in block.splitlines()]
    lines += re.findall(r"`(spardesk[^`\n]*)`", text)
    for line in lines:
        if line.split()[:1] == ["spardesk"]:
            yield shlex.split(line)[1:]


def all_commands() -> list[list[str]]:
    found = [words for page in PAGES for words in commands(page.read_text(encoding="utf-8"))]
    return [list(words) for words in dict.fromkeys(map(tuple, found))]


@pytest.mark.parametrize("words", all_commands(), ids=" ".join)
def test_every_command_of_the_pages_is_understood(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """With `--help` added the command line is parsed up to the command, and nothing is done."""
    names = [word for word in words if not word.startswith("-")][:2]
    known = [name for name in names[:1] if name in _names(app)]
    nested = known and names[1:] and known[0] in NESTED
    command = names if nested else known
    assert run([*command, "--help"]) == 0
    shown = capsys.readouterr().out
    options = [word.partition("=")[0] for word in words if word.startswith("--")]
    assert [option for option in options if option not in shown] == []


def _names(typer_app: object) -> set[str]:
    import typer.main

    return set(typer.main.get_command(typer_app).commands)  # type: ignore[arg-type,attr-defined]


def test_every_scenario_and_persona_of_the_readme_exists() -> None:
    library = Library.load()
    for words in commands(README):
        if words[:1] in (["practice"], ["demo"]) and words[1:] and not words[1].startswith("--"):
            library.scenario(words[1])
        if "--scenario" in words:
            library.scenario(words[words.index("--scenario") + 1])
        if "--persona" in words:
            library.persona(words[words.index("--persona") + 1])


def test_every_setting_is_in_the_readme_and_every_one_there_exists() -> None:
    table = README.partition("## Settings")[2].partition("\n## ")[0]
    options = {option.replace("-", "_") for option in re.findall(r"\| `--([a-z-]+)`", table)}
    assert options == (set(Settings.model_fields) - {"browser"}) | {"no_browser"}
    assert set(re.findall(r"`(SPARDESK_[A-Z_]+)` \|", table)) == set(VARIABLES.values())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES[:3], ids=lambda page: page.name)
def test_every_path_named_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"`((?:[a-z_.]+/)+[\w./-]*)`", text)
    rooms = {path.name for path in TOP.iterdir()}
    paths = [name for name in named if name.split("/")[0] in rooms]
    assert paths
    assert [name for name in paths if not (TOP / name).exists()] == []


def test_the_test_command_can_be_read_out_of_the_readme() -> None:
    """`.ci/run` reads the block after the marker."""
    block = README.partition("<!-- the test command -->")[2].lstrip()
    assert block.startswith("```sh\n")
    assert block.partition("\n")[2].partition("\n")[0].endswith(".venv/bin/pytest")


def test_the_installed_command_finds_its_content_from_anywhere(tmp_path: Path) -> None:
    """The wheel carries its data files: asked from another folder, without the checkout."""
    script = Path(sys.executable).with_name("spardesk")
    if not script.exists():
        pytest.skip("spardesk is not installed in this environment: pip install .")
    found = subprocess.run(
        [script, "scenarios", "list", "--json"], cwd=tmp_path, capture_output=True, check=True
    )
    ids = {row["id"] for row in json.loads(found.stdout)}
    assert ids == {scenario.id for scenario in Library.load().scenarios()}


def test_a_wheel_carries_every_file_of_the_rooms(tmp_path: Path) -> None:
    """What is installed beside this Python, file by file."""
    if shutil.which("spardesk", path=str(Path(sys.executable).parent)) is None:
        pytest.skip("spardesk is not installed in this environment: pip install .")
    code = "import grading.rubric as g, personas.library as p, scenarios.library as s\n"
    code += "print(g.SHIPPED, p.SHIPPED, s.SHIPPED_PACKS, sep='\\n')"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    installed = [Path(line) for line in found.stdout.splitlines()]
    for there, here in zip(
        installed, (SHIPPED_RUBRICS, SHIPPED_PERSONAS, SHIPPED_PACKS), strict=True
    ):
        assert _files(there) == _files(here)


def _files(folder: Path) -> set[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)) for path in files if path.suffix != ".pyc"}
