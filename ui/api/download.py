"""A person's export as an answer, sent piece by piece."""

from collections.abc import Iterator
from typing import IO

from starlette.responses import StreamingResponse

ZIP = "application/zip"
CHUNK = 64 * 1024
"""Bytes."""


def export_file(file: IO[bytes], person: str) -> StreamingResponse:
    """The file, which is closed when it was sent."""
    name = f'attachment; filename="spardesk-{person}.zip"'
    return StreamingResponse(_chunks(file), media_type=ZIP, headers={"Content-Disposition": name})


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
