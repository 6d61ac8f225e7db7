"""The shape of the project: what every room keeps to."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
ROOMS = PROJECT["tool"]["importlinter"]["root_packages"]

DISTRIBUTIONS = {
    "markdown_it": "markdown-it-py",
    "pydantic_core": "pydantic",
    "yaml": "pyyaml",
}
"""Import name → distribution, where they differ."""

NEEDED_BY_OTHERS = {"itsdangerous", "python-multipart"}
"""What other libraries import for what we use of them: login cookies and forms."""

MODEL_CODE = ("gradio", "ollama", "openai", "textstat", "xllamacpp")


def modules() -> list[Path]:
    return sorted(path for room in ROOMS for path in (TOP / room).rglob("*.py"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def named(distributions: list[str]) -> set[str]:
    """The bare names of requirements."""
    return {re.split(r"[~=<>\[; ]", each)[0].lower() for each in distributions}


def test_every_room_is_in_the_wheel_and_under_types() -> None:
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert sorted(wheel) == sorted(ROOMS) == sorted(PROJECT["tool"]["mypy"]["files"])
    assert [room for room in ROOMS if not (TOP / room / "__init__.py").is_file()] == []


def test_every_function_fits_on_a_page() -> None:
    long = [
        f"{path.relative_to(TOP)}:{node.lineno} {node.name}"
        for path in modules()
        for node in functions(path)
        if (node.end_lineno or node.lineno) - node.lineno + 1 > 60
    ]
    assert long == []


def test_every_module_is_one_idea_long() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert [str(path.relative_to(TOP)) for path, length in lengths.items() if length > 400] == []


def test_everything_imported_is_declared() -> None:
    declared = named(PROJECT["project"]["dependencies"])
    declared |= named(PROJECT["project"]["optional-dependencies"]["embedded"])
    undeclared = {
        f"{path.relative_to(TOP)} imports {name}"
        for path in modules()
        for name in _imported(path)
        if DISTRIBUTIONS.get(name, name).lower() not in declared
    }
    assert undeclared == set()


def test_everything_declared_is_imported() -> None:
    imported = {name for path in modules() for name in _imported(path)}
    used = {DISTRIBUTIONS.get(name, name).lower() for name in imported}
    assert named(PROJECT["project"]["dependencies"]) - used == NEEDED_BY_OTHERS


def _imported(path: Path) -> Iterator[str]:
    """Top-level names of other people's packages that a module imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        else:
            continue
        tops = {name.partition(".")[0] for name in names}
        yield from tops - set(ROOMS) - sys.stdlib_module_names


@pytest.mark.parametrize(
    "module",
    [f"{room}.types" for room in ROOMS if (TOP / room / "types.py").is_file()] + ["ui.cli"],
)
def test_importing_types_and_commands_stays_cheap(module: str) -> None:
    code = f"import {module}, sys; print([n for n in {MODEL_CODE!r} if n in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


def test_content_is_in_files_that_the_wheel_takes() -> None:
    """Git's ignore list is also the wheel's: it must not swallow content."""
    ignored = (TOP / ".gitignore").read_text(encoding="utf-8").split()
    content = {path.suffix for room in ROOMS for path in (TOP / room).rglob("*.*")}
    assert {".yaml", ".md"} <= content
    assert not {f"*{suffix}" for suffix in content - {".pyc"}} & set(ignored)
