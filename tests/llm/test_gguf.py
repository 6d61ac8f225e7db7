import errno
import hashlib
import multiprocessing
import os
import shutil
import struct
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from llm.embedded import gguf
from llm.embedded.gguf import WheelModel, checked_gguf, installed, joined_gguf, quiet
from llm.errors import ModelFileError
from llm.paths import cache_folder

PARTS = (b"GGUF" + b"a" * 1000, b"b" * 1000, b"c" * 7)
WHOLE = b"".join(PARTS)
TINY = WheelModel("tiny", "tiny-part", 3, len(WHOLE), hashlib.sha256(WHOLE).hexdigest())


class FakeDistribution:
    """What `importlib.metadata` gives for one wheel."""

    def __init__(self, root: Path, number: int) -> None:
        self.root = root
        self.files = [
            metadata.PackagePath(f"tiny_part{number}/__init__.py"),
            metadata.PackagePath(f"tiny_part{number}/data/part{number:02d}.bin"),
        ]

    def locate_file(self, path: metadata.PackagePath) -> Path:
        return self.root / path


def lay_out(root: Path) -> None:
    for number, content in enumerate(PARTS, 1):
        part = root / f"tiny_part{number}" / "data" / f"part{number:02d}.bin"
        part.parent.mkdir(parents=True)
        part.write_bytes(content)


def lookup(root: Path) -> Any:
    def distribution(name: str) -> FakeDistribution:
        number = int(name.removeprefix("tiny-part"))
        if not (root / f"tiny_part{number}").exists():
            raise metadata.PackageNotFoundError(name)
        return FakeDistribution(root, number)

    return distribution


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the fake wheels are installed in."""
    root = tmp_path / "site-packages"
    lay_out(root)
    monkeypatch.setattr(metadata, "distribution", lookup(root))
    return root


def part(root: Path, number: int) -> Path:
    return root / f"tiny_part{number}" / "data" / f"part{number:02d}.bin"


def leftovers(path: Path) -> set[str]:
    return {p.name for p in path.parent.iterdir()} - {"tiny.lock"}


def test_joined_with_progress(wheels: Path) -> None:
    heard: list[tuple[float, str]] = []
    path = joined_gguf(TINY, lambda fraction, text: heard.append((fraction, text)))
    assert path.read_bytes() == WHOLE
    assert [f for f, _ in heard] == sorted(f for f, _ in heard) and heard[-1][0] == 1.0
    assert leftovers(path) == {"tiny.gguf", "tiny.verified"}


def test_parts_are_not_imported(wheels: Path) -> None:
    for number in (1, 2, 3):
        bad = wheels / f"tiny_part{number}" / "__init__.py"
        bad.write_text("raise RuntimeError('imported')", encoding="utf-8")
    assert joined_gguf(TINY, quiet).exists()


def test_a_verified_file_is_not_read_again(wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = joined_gguf(TINY, quiet)
    shutil.rmtree(wheels)
    monkeypatch.setattr(gguf, "_chunks", lambda _: pytest.fail("read again"))
    assert joined_gguf(TINY, quiet) == path


def test_a_file_without_its_stamp_is_verified_and_kept(wheels: Path) -> None:
    path = joined_gguf(TINY, quiet)
    path.with_suffix(".verified").unlink()
    before = path.stat().st_ino
    assert joined_gguf(TINY, quiet).stat().st_ino == before
    assert path.with_suffix(".verified").exists()


@pytest.mark.parametrize("damaged", [WHOLE[:-5], b"X" + WHOLE[1:]], ids=["truncated", "changed"])
def test_a_damaged_cached_file_is_said_and_rebuilt(wheels: Path, damaged: bytes) -> None:
    path = joined_gguf(TINY, quiet)
    path.write_bytes(damaged)
    os.utime(path, ns=(1, 1))
    heard: list[str] = []
    assert joined_gguf(TINY, lambda _, text: heard.append(text)).read_bytes() == WHOLE
    assert any("damaged" in text for text in heard)


def test_a_damaged_part_is_refused_and_nothing_is_left(wheels: Path) -> None:
    part(wheels, 2).write_bytes(b"B" * 1000)
    with pytest.raises(ModelFileError, match=r"damaged.*--force-reinstall"):
        joined_gguf(TINY, quiet)
    assert leftovers(cache_folder() / "tiny.gguf") == set()


def test_a_truncated_part_is_refused(wheels: Path) -> None:
    part(wheels, 3).write_bytes(b"c")
    with pytest.raises(ModelFileError, match=f"2005 of {TINY.size} bytes"):
        joined_gguf(TINY, quiet)


def test_a_missing_wheel_is_named(wheels: Path) -> None:
    shutil.rmtree(wheels / "tiny_part2")
    assert not installed(TINY)
    with pytest.raises(ModelFileError, match=r"'tiny-part2'.*pip install"):
        joined_gguf(TINY, quiet)


def test_a_wheel_without_its_file_is_named(wheels: Path) -> None:
    part(wheels, 3).unlink()
    with pytest.raises(ModelFileError, match="'tiny-part3'"):
        joined_gguf(TINY, quiet)


def test_too_little_space_is_said_before_writing(
    wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(ModelFileError, match=r"needs 0\.07 GB in .*SPARDESK_CACHE"):
        joined_gguf(TINY, quiet)


def test_space_that_runs_out_while_writing(wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ModelFileError, match="No room") as caught:
        joined_gguf(TINY, quiet)
    assert isinstance(caught.value.__cause__, OSError)
    assert leftovers(cache_folder() / "tiny.gguf") == set()


def _join_in_process(root: Path, cache: Path, joins: Any) -> None:
    os.environ["SPARDESK_CACHE"] = str(cache)
    metadata.distribution = lookup(root)
    joined_gguf(TINY, lambda fraction, _: joins.put(1) if fraction == 1.0 else None)


def test_two_processes_join_once(tmp_path: Path) -> None:
    lay_out(tmp_path / "site")
    context = multiprocessing.get_context("spawn")
    joins = context.Queue()
    both = [
        context.Process(target=_join_in_process, args=(tmp_path / "site", tmp_path / "c", joins))
        for _ in range(2)
    ]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
    assert [process.exitcode for process in both] == [0, 0]
    assert (tmp_path / "c" / "tiny.gguf").read_bytes() == WHOLE
    # One joiner says 1.0 twice: with the last chunk and when the file is in place.
    assert sum(1 for _ in iter(lambda: not joins.empty() and joins.get(), False)) == 2


def whole_gguf(*, tensors: int = 1, offset: int = 64) -> bytes:
    """A GGUF header with one text, one list of texts and tensors, and some data."""
    text = struct.pack("<Q", 4) + b"name"
    values = text + struct.pack("<I", 8) + text + text + struct.pack("<IIQ", 9, 8, 2) + text * 2
    tensor = text + struct.pack("<IQIQ", 1, 32, 0, offset)
    header = b"GGUF" + struct.pack("<IQQ", 3, tensors, 2) + values + tensor * tensors
    return header + bytes(offset + 128)


def test_a_whole_file_of_the_users_own_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "own.gguf"
    path.write_bytes(whole_gguf())
    assert checked_gguf(path) == path


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "truncated"),
        (b"GGUF", "truncated"),
        (b"PK\x03\x04" + bytes(100), "not a GGUF"),
        (b"GGUF" + struct.pack("<IQQ", 99, 1, 1) + bytes(50), "truncated or damaged"),
        (whole_gguf()[:80], "truncated"),
        (whole_gguf(offset=10_000)[:5_000], "truncated"),
    ],
    ids=["empty", "magic only", "zip", "version", "in the header", "in the tensors"],
)
def test_a_bad_file_of_the_users_own(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "own.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=message):
        checked_gguf(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="no model file"):
        checked_gguf(tmp_path / "none.gguf")
