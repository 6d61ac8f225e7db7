"""A session's journal loses nothing that was acknowledged, and says what it leaves out."""

import errno
import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from records import DamagedJournal, FileJournal, RecordsError, UnknownSession
from simulator.types import Event
from tests.records.making import agent, customer, session, started

WRITER = """
import sys
from pathlib import Path
from records import FileJournal
from simulator.types import Event
from tests.records.making import agent, started
journal = FileJournal(Path(sys.argv[1]))
journal.append("s1", started("s1"))
for index in range(100_000):
    journal.append("s1", agent(index, f"line {index} " + "x" * (index % 7000)))
    print(index, flush=True)
"""


def test_events_come_back_as_they_were(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path)
    events: list[Event] = [
        started("s1"),
        agent(0, "Zeile\n\u2028 \u202e שלום 你好 \x00 end"),
        customer(1),
    ]
    for event in events:
        journal.append("s1", event)
    assert FileJournal(tmp_path).read("s1") == events


def test_sessions_are_kept_apart(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path)
    journal.append("s1", started("s1"))
    journal.append("s2", started("s2"))
    journal.append("s1", agent(0))
    assert len(journal.read("s1")) == 2
    assert len(journal.read("s2")) == 1


@pytest.mark.parametrize("bad", ["", "../s1", "a/b", "S1", ".hidden", "a" * 65, "s1\n", "s\0"])
def test_an_id_is_never_a_path(tmp_path: Path, bad: str) -> None:
    journal = FileJournal(tmp_path / "in")
    with pytest.raises(KeyError):
        journal.read(bad)
    with pytest.raises(ValueError, match="cannot be the id"):
        journal.append(bad, started("s1"))
    assert [p.name for p in tmp_path.iterdir()] == ["in"]


def test_an_unknown_session_is_a_key_error_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnknownSession, match="There is no session 'nope'") as caught:
        FileJournal(tmp_path).read("nope")
    assert isinstance(caught.value, KeyError)


@pytest.mark.parametrize("seed", range(5))
def test_a_killed_writer_loses_nothing_acknowledged(tmp_path: Path, seed: int) -> None:
    acknowledged = random.Random(seed).randint(1, 60)
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        for _ in range(acknowledged):
            last = int(child.stdout.readline())
        os.kill(child.pid, signal.SIGKILL)
        rest = child.stdout.read().splitlines()
    if rest and rest[-1].isdigit():
        last = int(rest[-1])
    events = FileJournal(tmp_path).read("s1")
    said = [event.text for event in events if event.kind == "agent_said"]
    expected = [f"line {i} " + "x" * (i % 7000) for i in range(last + 1)]
    assert said[: last + 1] == expected
    assert len(said) <= last + 2  # at most one that was durable but not yet acknowledged


@pytest.mark.parametrize("cut", [1, 2, 40, 10_000])
def test_a_torn_last_line_is_left_out_and_said(tmp_path: Path, cut: int) -> None:
    path = written(tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]) + lines[-1][: -min(cut, len(lines[-1]) - 1)])

    journal = FileJournal(tmp_path)
    with pytest.warns(RuntimeWarning, match=r"s1.jsonl: line 4 was cut off"):
        assert journal.read("s1") == session("s1")[:-1]
    assert [repair.line for repair in journal.repairs] == [4]

    journal.append("s1", agent(2, "on we go"))
    events = FileJournal(tmp_path).read("s1")
    assert events == [*session("s1")[:-1], agent(2, "on we go")]


def test_a_session_cut_off_before_its_first_event_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "s1.jsonl").write_bytes(b'{"n":0,"su')
    with pytest.warns(RuntimeWarning), pytest.raises(UnknownSession):
        FileJournal(tmp_path).read("s1")


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda lines: [lines[0], lines[1].replace(b"Hello", b"Hullo"), *lines[2:]], "checksum"),
        (lambda lines: [lines[0], b"\0" * 50 + b"\n", *lines[2:]], "not a journal line"),
        (lambda lines: [lines[0], *lines[2:]], "it is event 2, expected event 1"),
        (lambda lines: [lines[0], lines[0], *lines[1:]], "it is event 0, expected event 1"),
        (lambda lines: [lines[0], b"\n", *lines[1:]], "not a journal line"),
    ],
)
def test_a_damaged_middle_is_named(tmp_path: Path, damage, problem: str) -> None:  # type: ignore[no-untyped-def]
    path = written(tmp_path)
    path.write_bytes(b"".join(damage(path.read_bytes().splitlines(keepends=True))))
    before = path.read_bytes()
    journal = FileJournal(tmp_path)
    with pytest.raises(DamagedJournal, match=rf"s1\.jsonl' is damaged in line 2: .*{problem}"):
        journal.read("s1")
    with pytest.raises(DamagedJournal):
        journal.append("s1", agent(4))
    assert path.read_bytes() == before


def test_a_damaged_last_line_was_acknowledged_and_is_not_dropped(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_bytes(path.read_bytes().replace(b'"solved"', b'"gavevp"'))
    with pytest.raises(DamagedJournal, match="line 4"):
        FileJournal(tmp_path).read("s1")


def test_a_full_disk_keeps_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path)
    before = path.read_bytes()
    journal = FileJournal(tmp_path)
    real_write = os.write

    def write_a_part_then_fail(descriptor: int, content: memoryview) -> int:
        real_write(descriptor, content[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("records.folder.lines.os.write", write_a_part_then_fail)
        with pytest.raises(RecordsError, match=r"no space left.*Free some space"):
            journal.append("s1", agent(4))
    assert path.read_bytes() == before
    journal.append("s1", agent(4))
    assert len(journal.read("s1")) == 5


def test_threads_and_two_journals_on_one_folder_append_in_turn(tmp_path: Path) -> None:
    journals = [FileJournal(tmp_path), FileJournal(tmp_path)]
    journals[0].append("s1", started("s1"))

    def write(which: int) -> None:
        for index in range(10):
            journals[which % 2].append("s1", agent(index, f"{which}-{index}"))

    threads = [threading.Thread(target=write, args=(which,)) for which in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    said = [e.text for e in FileJournal(tmp_path).read("s1") if e.kind == "agent_said"]
    assert sorted(said) == sorted(f"{which}-{index}" for which in range(4) for index in range(10))


def test_the_folder_is_private(tmp_path: Path) -> None:
    written(tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0
    assert (tmp_path / "new" / "s1.jsonl").stat().st_mode & 0o077 == 0


def written(folder: Path) -> Path:
    """A finished session of four events, and its file."""
    journal = FileJournal(folder)
    for event in session("s1"):
        journal.append("s1", event)
    return folder / "s1.jsonl"
