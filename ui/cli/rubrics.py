"""`spardesk rubric`: which rubrics there are, and what is wrong with one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from grading.linting import Finding, lint
from grading.rubric import load_rubric, shipped_rubrics
from ui.cli.catalogue import Row, show
from ui.cli.consoles import out, print_json
from ui.cli.errors import FAILED
from ui.cli.options import AsJson

rubric = typer.Typer(help="What conversations are graded by.", no_args_is_help=True)


@rubric.command("list")
def list_rubrics(as_json: AsJson = False) -> None:
    """List the shipped rubrics.

    [dim]Examples:[/]

      spardesk rubric list

      spardesk rubric list --json
    """
    show("Rubrics", [_row(name) for name in shipped_rubrics()], as_json)


@rubric.command("lint")
def lint_rubric(
    name: Annotated[
        str | None,
        typer.Argument(
            help="A rubric file (.yaml), or a shipped rubric's name. Default: all shipped ones.",
            metavar="[FILE|NAME]",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what in a rubric will be misread, misjudged or miscounted. No model is asked.

    One finding a line. Errors make grades wrong, and the exit code 1; warnings are yours to weigh.

    [dim]Examples:[/]

      spardesk rubric lint core

      spardesk rubric lint my-packs/online-shop/rubric.yaml --json
    """
    names = [name] if name else list(shipped_rubrics())
    findings = [finding for each in names for finding in lint(each)]
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        _say(findings, names)
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(FAILED)


def _row(name: str) -> Row:
    found = load_rubric(name)
    checks = sum(1 for _ in found.checks())
    return {
        "name": name,
        "version": found.version,
        "criteria": len(found.criteria),
        "checks": checks,
        "questions": len(found.questions()),
    }


def _say(findings: Sequence[Finding], names: Sequence[str]) -> None:
    for finding in findings:
        out().print(str(finding), markup=False, soft_wrap=True)
    counts = Counter(finding.severity for finding in findings)
    where = ", ".join(names)
    if findings:
        text = f"{counts['error']} error(s) and {counts['warning']} warning(s) in {where}."
    else:
        text = f"Nothing wrong in {where}."
    out().print(text, markup=False, soft_wrap=True)
