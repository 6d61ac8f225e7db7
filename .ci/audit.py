"""Asks advisory sources about the packages of an environment, with pip-audit.

    python .ci/audit.py SITE_PACKAGES

Fails for a finding, and for a package that could not be audited, unless `.ci/accepted.txt` names
it with a reason. Where no source answers at all it prints "not audited", and the run goes on.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ACCEPTED = Path(__file__).with_name("accepted.txt")
LONGEST_S = 300


def accepted(text: str) -> dict[str, str]:
    """Finding or package → the reason, of lines such as `PYSEC-2026-1  not reachable: …`."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, reason = line.partition(" ")
        if not reason.strip():
            raise SystemExit(f"{ACCEPTED.name} line {number}: {name} has no reason.")
        found[name.casefold()] = reason.strip()
    return found


def judge(packages: list[dict[str, Any]], known: dict[str, str]) -> tuple[int, list[str]]:
    """The exit code, and what to print."""
    skipped = [each for each in packages if "skip_reason" in each]
    if len(skipped) == len(packages):
        return 0, ["not audited: no advisory source answered"]
    said, used, bad = [], set(), False
    for names, what in (row for package in packages for row in problems(package)):
        reasons = names & known.keys()
        used |= reasons
        bad |= not reasons
        said.append(f"{'accepted' if reasons else 'NOT ACCEPTED'}: {what}")
    said += [f"no longer found, take it out of the list: {each}" for each in known.keys() - used]
    said.append(f"{len(packages) - len(skipped)} of {len(packages)} packages audited")
    return int(bad), said


def problems(package: dict[str, Any]) -> Iterator[tuple[set[str], str]]:
    """What is wrong with a package: by which names each may be accepted, and what it is."""
    name = package["name"].casefold()
    if "skip_reason" in package:
        yield {name}, f"{name} could not be audited: {package['skip_reason']}"
    for found in package.get("vulns", ()):
        names = {each.casefold() for each in (found["id"], *found["aliases"])}
        fixed = ", ".join(found["fix_versions"]) or "no version yet"
        yield names, f"{name} {package['version']}: {found['id']}, fixed in {fixed}"


def main(where: str) -> int:
    """Audit, print, and say how to exit."""
    known = accepted(ACCEPTED.read_text(encoding="utf-8"))
    command = [sys.executable, "-m", "pip_audit", "--path", where]
    options = ["--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    try:
        run = subprocess.run(
            command + options, capture_output=True, text=True, timeout=LONGEST_S, check=False
        )
    except subprocess.TimeoutExpired:
        print("not audited: no advisory source answered in time")
        return 0
    if not run.stdout.strip():  # with an answer there is JSON, whatever was found
        lines = run.stderr.strip().splitlines() or ["pip-audit said nothing"]
        offline = "ConnectionError" in run.stderr or "onnection" in lines[-1]
        print(f"{'not audited' if offline else 'pip-audit failed'}: {lines[-1]}")
        return 0 if offline else 1
    code, said = judge(json.loads(run.stdout)["dependencies"], known)
    print("\n".join(said))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
