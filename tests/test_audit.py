"""What `.ci/audit.py` makes of pip-audit's findings."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "audit.py"


@pytest.fixture(scope="module")
def audit() -> Any:
    spec = importlib.util.spec_from_file_location("audit", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def clean(name: str) -> dict[str, Any]:
    return {"name": name, "version": "1.0", "vulns": []}


def skipped(name: str) -> dict[str, Any]:
    return {"name": name, "skip_reason": "Dependency not found on PyPI"}


BAD = {
    "name": "leaky",
    "version": "1.0",
    "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["1.1"]}],
}


def test_nothing_found_is_good(audit: Any) -> None:
    assert audit.judge([clean("a"), clean("b")], {}) == (0, ["2 of 2 packages audited"])


def test_a_finding_fails(audit: Any) -> None:
    code, said = audit.judge([clean("a"), BAD], {})
    assert code == 1
    assert said[0] == "NOT ACCEPTED: leaky 1.0: PYSEC-1, fixed in 1.1"


@pytest.mark.parametrize("name", ["PYSEC-1", "CVE-1"])
def test_an_accepted_finding_does_not(audit: Any, name: str) -> None:
    known = audit.accepted(f"# a list\n\n{name} not reachable from here\n")
    code, said = audit.judge([clean("a"), BAD], known)
    assert (code, said[0][:9]) == (0, "accepted:")


def test_what_could_not_be_audited_fails_where_others_were(audit: Any) -> None:
    code, said = audit.judge([clean("a"), skipped("b")], {})
    assert code == 1
    assert said[0].startswith("NOT ACCEPTED: b could not be audited")
    assert audit.judge([clean("a"), skipped("b")], {"b": "ours"})[0] == 0


def test_where_nothing_could_be_audited_it_says_so_and_goes_on(audit: Any) -> None:
    code, said = audit.judge([skipped("a"), skipped("b")], {})
    assert (code, said) == (0, ["not audited: no advisory source answered"])


def test_an_acceptance_without_a_reason_is_none(audit: Any) -> None:
    with pytest.raises(SystemExit, match="line 1: PYSEC-1 has no reason"):
        audit.accepted("PYSEC-1\n")


def test_what_is_no_longer_found_is_said(audit: Any) -> None:
    _, said = audit.judge([clean("a")], {"pysec-1": "old"})
    assert "no longer found, take it out of the list: pysec-1" in said


def test_the_list_of_the_project_can_be_read(audit: Any) -> None:
    assert audit.accepted(audit.ACCEPTED.read_text(encoding="utf-8"))
