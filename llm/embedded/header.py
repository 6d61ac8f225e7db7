"""Is this a whole GGUF file? Reads the header only, which takes well under a second.

Layout (GGUF 2 and 3, little-endian): magic, version, number of tensors, number of key-values,
the key-values, one entry per tensor with its offset, then the tensors' data.
"""

import mmap
import struct
from pathlib import Path
from typing import Any

from llm.errors import ModelFileError

MAGIC = b"GGUF"
SCALARS = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
"""Value type → bytes, for types of a fixed size."""
STRING, ARRAY = 8, 9


def check_header(path: Path) -> None:
    """Raise `ModelFileError` when the file is no GGUF or ends before its last tensor begins."""
    if path.stat().st_size < 24:
        raise _truncated(path)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data[:4] != MAGIC:
            raise ModelFileError(f"{path.name!r} is not a GGUF model file. Give another path.")
        try:
            needed = _Reader(data).bytes_needed()
        except (struct.error, ValueError, KeyError) as exc:
            raise _truncated(path) from exc
        if needed >= len(data):
            raise _truncated(path)


def _truncated(path: Path) -> ModelFileError:
    return ModelFileError(
        f"The model file {path.name!r} is truncated or damaged ({path.stat().st_size} bytes). "
        "Download it again."
    )


class _Reader:
    """Walks the header once; every step raises `struct.error` past the end of the file."""

    def __init__(self, data: Any) -> None:
        self._data = data
        self._at = 4

    def bytes_needed(self) -> int:
        """The byte at which the last tensor begins."""
        if not 2 <= self._number("I") <= 3:
            raise ValueError("unknown version")
        tensors, values = self._number("Q"), self._number("Q")
        for _ in range(values):
            self._skip_string()
            self._skip_value(self._number("I"))
        return max((self._tensor_offset() for _ in range(tensors)), default=0) + self._at

    def _tensor_offset(self) -> int:
        self._skip_string()
        self._skip(8 * self._number("I") + 4)
        return self._number("Q")

    def _skip_value(self, kind: int) -> None:
        if kind == STRING:
            self._skip_string()
        elif kind == ARRAY:
            self._skip_array(self._number("I"), self._number("Q"))
        else:
            self._skip(SCALARS[kind])

    def _skip_array(self, kind: int, length: int) -> None:
        if kind in SCALARS:
            self._skip(SCALARS[kind] * length)
            return
        for _ in range(length):
            self._skip_value(kind)

    def _skip_string(self) -> None:
        self._skip(self._number("Q"))

    def _skip(self, count: int) -> None:
        self._at += count

    def _number(self, form: str) -> int:
        value: int = struct.unpack_from(f"<{form}", self._data, self._at)[0]
        self._at += struct.calcsize(f"<{form}")
        return value
