"""Going on with a file of results where an earlier run was stopped."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from dialogue.formats.types import Row
from ui.cli.errors import UsageError

STAMP = ("rubric", "rubric_version", "grader_version", "model")
"""Fields in which two results have to agree if their scores are to be compared."""

_BEGINS = b'{"id":'
"""Of every line of results. A torn line that begins otherwise is somebody's own text."""


@dataclass
class Kept:
    """What a file of results holds already."""

    ids: Counter[str | None] = field(default_factory=Counter)
    """How many lines each id has: an id that was used twice has a result and an error."""
    errors: int = 0
    """Lines of rows that could not be graded."""
    stamps: dict[tuple[str, ...], int] = field(default_factory=dict)
    """Values of `STAMP` → number of the first line with them."""
    end: int = 0
    """Length in bytes of its whole lines."""

    @property
    def lines(self) -> int:
        """How many rows are done."""
        return self.ids.total()

    def check_same(self, out: Path, here: Mapping[str, str]) -> None:
        """Raises `UsageError` when a result is of another rubric, grader or model than `here`."""
        for stamp, line in self.stamps.items():
            for name, there in zip(STAMP, stamp, strict=True):
                if here.get(name, there) != there:
                    raise UsageError(
                        f"--resume: line {line} of {str(out)!r} was made with {name} {there!r}, "
                        f"and this run has {here[name]!r}; their scores do not compare. Name "
                        "another --out, or leave --resume out to grade everything anew."
                    )

    def undone(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows that have no line yet. Each line stands for one row."""
        left = self.ids.copy()
        for row in rows:
            if left[row.id] > 0:
                left[row.id] -= 1
            else:
                yield row


def kept_results(out: Path) -> Kept:
    """The results of an earlier run; a last line that was torn does not count.

    Raises `UsageError` for a file that cannot be read or holds something else.
    """
    kept = Kept()
    if not out.exists():
        return kept
    try:
        with out.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if line.endswith(b"\n"):
                    _take(kept, _result(line, out, number), number)
                    kept.end += len(line)
                elif not line.startswith(_BEGINS[: len(line)]):
                    raise _other(out, number)
    except OSError as error:
        raise UsageError(f"--out {str(out)!r} cannot be read: {error.strerror}.") from error
    return kept


def opened_to_go_on(out: Path, kept: Kept) -> BinaryIO:
    """The file, cut after its whole lines and ready for the next one. Raises `OSError`."""
    file = out.open("r+b" if out.exists() else "w+b")
    file.truncate(kept.end)
    file.seek(kept.end)
    return file


def _take(kept: Kept, result: dict[str, Any], number: int) -> None:
    kept.ids[result["id"]] += 1
    if "error" in result:
        kept.errors += 1
    else:
        kept.stamps.setdefault(tuple(str(result[name]) for name in STAMP), number)


def _result(line: bytes, out: Path, number: int) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise _other(out, number) from None
    known = isinstance(value, dict) and isinstance(value.get("id", 0), str | None)
    if not known or not ("error" in value or value.keys() >= set(STAMP)):
        raise _other(out, number)
    result: dict[str, Any] = value
    return result


def _other(out: Path, number: int) -> UsageError:
    return UsageError(
        f"--resume: line {number} of {str(out)!r} is no result of spardesk grade; nothing was "
        "changed. Name the file that the earlier run wrote with --out."
    )
