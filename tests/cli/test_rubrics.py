"""`spardesk rubric`: its exit codes, its words for people and its JSON for programs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grading.linting import lint
from grading.rubric import core_rubric
from tests.cli.conftest import Outcome

Run = Callable[..., Outcome]

OWN = """\
id: own
version: "1"
criteria:
  - id: logic
    label: {en: Logic, zh: 逻辑}
    states:
      - {id: kept, state: promises_kept, label: {en: Kept, zh: 守信}, problem: {en: No, zh: 否}}
      - {id: met, state: goals_met, label: {en: Met, zh: 满足}, problem: {en: No, zh: 否}}
    questions:
      - id: names
        ask: Does the agent use the customer's name?
        yes_is: good
        show_words: [polite]
        label: {en: Names, zh: 称呼}
        problem: {en: No name, zh: 没有称呼}
outcome: {solved: [names], satisfaction: [names]}
"""


@pytest.fixture
def own(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes a rubric with nothing wrong in it but one replacement."""

    def write(old: str, new: str) -> Path:
        path = tmp_path / "own.yaml"
        path.write_text(OWN.replace(old, new), "utf-8")
        return path

    return write


Own = Callable[[str, str], Path]

WEIGHTY = ("{id: kept,", "{id: kept, weight: 20,")
FAULTY = ("zh: 逻辑", "zh: ' '")


def test_rubrics_are_listed(spardesk: Run) -> None:
    core = next(row for row in spardesk("rubric", "list", "--json").json if row["name"] == "core")
    assert core["version"] == core_rubric().version
    assert core["checks"] == sum(1 for _ in core_rubric().checks())
    assert "core" in spardesk("rubric", "list").out


@pytest.mark.parametrize("arguments", [["core"], []])
def test_the_shipped_rubrics_pass(spardesk: Run, arguments: list[str]) -> None:
    outcome = spardesk("rubric", "lint", *arguments)
    assert outcome.code == 0
    assert "0 error(s)" in outcome.out or "Nothing wrong" in outcome.out


def test_nothing_wrong_is_said(spardesk: Run, own: Own) -> None:
    path = own("", "")
    outcome = spardesk("rubric", "lint", path)
    assert (outcome.code, outcome.out.strip()) == (0, f"Nothing wrong in {path}.")
    assert spardesk("rubric", "lint", path, "--json").json == []


def test_warnings_are_said_and_pass(spardesk: Run, own: Own) -> None:
    path = own(*WEIGHTY)
    outcome = spardesk("rubric", "lint", path)
    assert outcome.code == 0
    assert f"{path}:4: warning dominant_check: 'kept' holds" in outcome.out
    assert outcome.out.endswith(f"0 error(s) and 1 warning(s) in {path}.\n")


def test_errors_are_exit_code_1(spardesk: Run, own: Own) -> None:
    path = own(*FAULTY)
    outcome = spardesk("rubric", "lint", path)
    assert outcome.code == 1
    assert "error label_language: Criterion 'logic' has no label in 'zh'" in outcome.out


def test_findings_are_for_programs_too(spardesk: Run, own: Own) -> None:
    path = own(*WEIGHTY)
    (finding,) = lint(path)
    outcome = spardesk("rubric", "lint", path, "--json")
    assert outcome.json == [
        {
            "file": str(path),
            "line": 4,
            "field": "criteria[0]",
            "check": "dominant_check",
            "severity": "warning",
            "message": finding.message,
        }
    ]
    assert spardesk("rubric", "lint", own(*FAULTY), "--json").code == 1


@pytest.mark.parametrize(
    "arguments",
    [["lint", "cores"], ["lint", "/no/such/file.yaml"], ["lint", "core", "core"], ["lnt"]],
)
def test_wrong_usage_is_exit_code_2(spardesk: Run, arguments: list[str]) -> None:
    outcome = spardesk("rubric", *arguments)
    assert outcome.code == 2
    assert outcome.err.strip()
    assert "Traceback" not in outcome.err
