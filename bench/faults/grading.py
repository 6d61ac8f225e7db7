"""Killed while conversations are graded in bulk; the run is gone on with."""

import io
import json
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass
from pathlib import Path

from bench.faults.types import Tell, Wrong
from records import Records

Grade = Callable[[Sequence[str]], int]
"""Runs `spardesk` with these arguments; its exit code."""

_ROWS = 16


@dataclass(frozen=True)
class BulkGrade:
    """`spardesk grade --inspector rules`; what is in the file of results counts as acknowledged."""

    name: str
    grade: Grade
    kind: str = "grade --resume"

    def prepare(self, place: str) -> None:
        """Conversations, and what is to come of them."""
        folder = Path(place)
        folder.mkdir(parents=True, exist_ok=True)
        if not self._source(place).exists():
            rows = [json.dumps(_row(number)) for number in range(_ROWS)]
            self._source(place).write_text("\n".join(rows) + "\n", "utf-8")
            self._run(place, folder / "wanted.jsonl")
        self._out(place).unlink(missing_ok=True)

    def work(self, place: str, tell: Tell) -> None:
        """All of them."""
        tell("ready")
        self._run(place, self._out(place))

    def lost(self, place: str, records: Records, told: Sequence[str]) -> int:  # noqa: ARG002
        """Results that are not there any more when the run was gone on with."""
        before = self._out(place).read_bytes() if self._out(place).exists() else b""
        whole = before[: before.rfind(b"\n") + 1].splitlines()
        self._run(place, self._out(place), "--resume")
        after = self._out(place).read_bytes()
        if after != (Path(place) / "wanted.jsonl").read_bytes():
            raise Wrong("the results are not those of a run that nobody killed")
        return sum(line != kept for line, kept in zip(whole, after.splitlines(), strict=False))

    def acknowledged(self, place: str) -> int:
        """How many results there were when it was killed."""
        return self._out(place).read_bytes().count(b"\n") if self._out(place).exists() else 0

    def _run(self, place: str, out: Path, *more: str) -> None:
        source = str(self._source(place))
        arguments = ["grade", source, "--inspector", "rules", "--out", str(out), *more]
        with redirect_stderr(io.StringIO()) as said:
            code = self.grade([*arguments, "--data", place])
        if code != 0:
            raise Wrong(f"the conversations could not be graded: {said.getvalue()}")

    def _source(self, place: str) -> Path:
        return Path(place) / "rows.jsonl"

    def _out(self, place: str) -> Path:
        return Path(place) / "out.jsonl"


def _row(number: int) -> dict[str, object]:
    turns = [
        {"speaker": "agent", "text": "Good morning, how can I help you?"},
        {"speaker": "customer", "text": f"My parcel {4000 + number} has not arrived."},
        {"speaker": "agent", "text": "I am sorry to hear that. I have sent a new one today."},
        {"speaker": "customer", "text": "Thank you."},
    ]
    return {"id": f"c{number}", "language": "en", "turns": turns}
