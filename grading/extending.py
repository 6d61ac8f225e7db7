"""Rubrics that build on another one: what they change, and the other for all the rest.

extends               a shipped rubric's name, or a file, looked for beside the one that names it
id, version           its own
criteria[]            by id: what is given replaces, the rest stays; an unknown id is a new one
  questions[] …       likewise, check by check
  remove              ids of checks that are left out
conditions, outcome   field by field
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from personas.errors import ContentError, Problem, suggestion
from personas.files import Document, FieldPath, read_yaml

Find = Callable[[str], Path]
"""The file of a shipped rubric; raises `ContentError` for a name that nothing has."""


@dataclass(frozen=True)
class Extended(Document):
    """A rubric put together from several files."""

    files: dict[FieldPath, str] = field(default_factory=dict)
    """The file each field is from."""

    def problem(self, path: Sequence[str | int], message: str) -> Problem:
        """A problem with one of the fields, in the file that field is from."""
        found = super().problem(path, message)
        return Problem(_file(self, tuple(path)), found.line, found.field, found.message)


def extended(
    document: Document, find: Find, problems: list[Problem], chain: tuple[Path, ...] = ()
) -> Document | None:
    """The rubric with what it builds on; itself where it builds on nothing.

    `None`, with every problem noted, when that cannot be read or does not fit. `chain` holds the
    files that led here.
    """
    if not isinstance(document.value, dict) or "extends" not in document.value:
        return document
    files = (*chain, Path(document.file))
    path = _base_path(document, find, files, problems)
    read = read_yaml(path, problems) if path else None
    base = extended(read, find, problems, files) if read else None
    if base is None:
        return None
    if not isinstance(base.value, dict):
        problems.append(base.problem((), "should hold the fields of a rubric"))
        return None
    return _Merge(base, document, problems).whole()


def _base_path(
    document: Document, find: Find, files: tuple[Path, ...], problems: list[Problem]
) -> Path | None:
    name = document.value["extends"]
    try:
        path = _found(name, Path(document.file).parent, find)
    except ContentError as error:
        problems.append(document.problem(("extends",), str(error)))
        return None
    if path.resolve() in (file.resolve() for file in files):
        way = " → ".join(str(file) for file in (*files, path))
        problems.append(document.problem(("extends",), f"goes round in a circle: {way}; break it"))
        return None
    return path


def _found(name: Any, folder: Path, find: Find) -> Path:
    if not isinstance(name, str):
        raise ContentError("Should be the name of one rubric, or the path of its file.")
    if not name.endswith((".yaml", ".yml")):
        return find(name)
    if not (folder / name).is_file():
        raise ContentError(f"There is no file {folder / name}; paths start at this file's folder.")
    return folder / name


class _Merge:
    """One rubric laid over another, with the place of every field of the result."""

    def __init__(self, base: Document, own: Document, problems: list[Problem]) -> None:
        self._base = base
        self._own = own
        self._problems = problems
        self._removed: set[str] = set()
        self._checks = dict(_checks(base.value))
        self._lines: dict[FieldPath, int] = {}
        self._files: dict[FieldPath, str] = {}

    def whole(self) -> Extended | None:
        """The result; `None`, with the problems noted, where something in it fits nothing."""
        before = len(self._problems)
        self._name_itself()
        self._note_removed()
        value = self._merged((), (), ())
        if len(self._problems) > before:
            return None
        return Extended(self._own.file, value, self._lines, self._files)

    def _name_itself(self) -> None:
        """Scores carry id and version: under the base's they would pass for the base's."""
        for name in ("id", "version"):
            if name not in self._own.value:
                self._refuse((name,), "is missing; a rubric that extends another has its own")
        id_ = self._own.value.get("id")
        if id_ is not None and id_ == self._base.value.get("id"):
            self._refuse(("id",), f"{id_!r} is the rubric it extends; give it an id of its own")

    def _note_removed(self) -> None:
        bases = {each["id"]: each for each in _entries(self._base.value.get("criteria"))}
        for i, item in _placed(self._own.value.get("criteria")):
            base = bases.get(str(item.get("id")))
            if base is None or "remove" not in item:
                continue
            if not isinstance(item["remove"], list):
                self._refuse(("criteria", i, "remove"), "should be a list of ids of checks")
                continue
            known = dict(_checks({"criteria": [base]}))
            for j, id_ in enumerate(item["remove"]):
                self._remove(str(id_), known, ("criteria", i, "remove", j))

    def _remove(self, id_: str, known: dict[str, str], path: FieldPath) -> None:
        if id_ in known:
            self._removed.add(id_)
        else:
            help_ = suggestion(id_, known)
            self._refuse(path, f"there is no check {id_!r} to remove; {help_}")

    def _merged(self, base_at: FieldPath, own_at: FieldPath, out: FieldPath) -> Any:
        base, own = _at(self._base.value, base_at), _at(self._own.value, own_at)
        self._place(self._own, own_at, out)
        if isinstance(base, dict) and isinstance(own, dict):
            return self._mapping(base_at, own_at, out)
        if isinstance(own, list) and (_entries(base) or (not base and _entries(own))):
            return self._list(base_at, own_at, out)
        return self._copied(self._own, own_at, out)

    def _mapping(self, base_at: FieldPath, own_at: FieldPath, out: FieldPath) -> dict[str, Any]:
        base, own = _at(self._base.value, base_at), _at(self._own.value, own_at)
        merged: dict[str, Any] = {}
        for key in (*base, *(key for key in own if key not in base)):
            if key not in own and _is_criterion(out) and _entries(base[key]):
                self._place(self._base, (*base_at, key), (*out, key))
                merged[key] = self._list((*base_at, key), (*own_at, key), (*out, key))
            elif key not in own:
                merged[key] = self._copied(self._base, (*base_at, key), (*out, key))
            elif (key != "extends" or out) and (key != "remove" or not _is_criterion(out)):
                merged[key] = self._merged((*base_at, key), (*own_at, key), (*out, key))
        return merged

    def _list(self, base_at: FieldPath, own_at: FieldPath, out: FieldPath) -> list[Any]:
        """Entries by id: the base's in their order, the new ones behind."""
        changed = self._by_id(own_at)
        merged: list[Any] = []
        for i, item in enumerate(_at(self._base.value, base_at) or ()):
            if len(out) > 1 and item["id"] in self._removed:
                continue
            here, there = (*out, len(merged)), (*base_at, i)
            if item["id"] in changed:
                merged.append(self._merged(there, (*own_at, changed.pop(item["id"])), here))
            else:
                merged.append(self._copied(self._base, there, here))
        for id_, i in changed.items():
            self._look_at_new(id_, (*own_at, i), out)
            merged.append(self._copied(self._own, (*own_at, i), (*out, len(merged))))
        return merged

    def _by_id(self, own_at: FieldPath) -> dict[str, int]:
        """The id of each entry of a list → where it is in it."""
        places: dict[str, int] = {}
        for i, item in enumerate(_at(self._own.value, own_at) or ()):
            id_ = item.get("id") if isinstance(item, dict) else None
            if not isinstance(id_, str):
                self._refuse((*own_at, i), "has no id; name what it changes, or give it a new one")
            elif id_ in places:
                self._refuse((*own_at, i, "id"), f"{id_!r} is there twice; remove one")
            else:
                places[id_] = i
        return places

    def _look_at_new(self, id_: str, own_at: FieldPath, out: FieldPath) -> None:
        """Everything new has a label; without one, something that is not there is to be changed."""
        if "label" in _at(self._own.value, own_at):
            return
        path = (*own_at, "id")
        if len(out) == 1:
            known = [each["id"] for each in _entries(self._base.value.get("criteria"))]
            message = f"there is no criterion {id_!r} to change; {suggestion(id_, known)}"
        elif id_ in self._checks and id_ not in self._removed:
            message = f"{id_!r} is in {self._checks[id_]}; change it there"
        else:
            message = f"there is no check {id_!r} to change; {suggestion(id_, self._checks)}"
        self._refuse(path, f"{message} (a new one needs a label)")

    def _copied(self, document: Document, at: FieldPath, out: FieldPath) -> Any:
        for path in document.lines:
            if path[: len(at)] == at:
                self._place(document, path, (*out, *path[len(at) :]))
        return _at(document.value, at)

    def _place(self, document: Document, at: FieldPath, out: FieldPath) -> None:
        self._lines[out] = document.line(at)
        self._files[out] = _file(document, at)

    def _refuse(self, path: FieldPath, message: str) -> None:
        self._problems.append(self._own.problem(path, message))


def _file(document: Document, path: FieldPath) -> str:
    """The file of a field, or of the nearest thing around it that is there."""
    if not isinstance(document, Extended):
        return document.file
    while path and path not in document.files:
        path = path[:-1]
    return document.files.get(path, document.file)


def _at(value: Any, path: FieldPath) -> Any:
    """What is at a path; `None` where nothing is."""
    for part in path:
        if isinstance(part, int):
            value = value[part]
        else:
            value = value.get(part) if isinstance(value, dict) else None
    return value


def _entries(value: Any) -> list[dict[str, Any]]:
    """The entries of a list whose every entry has an id; empty for anything else."""
    entries = value if isinstance(value, list) else []
    named = all(isinstance(each, dict) and isinstance(each.get("id"), str) for each in entries)
    return entries if named else []


def _placed(value: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    """The entries of a list that hold fields, with their places in it."""
    for i, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, dict):
            yield i, item


def _checks(rubric: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The id of every check, with the criterion and the field it is in."""
    for _, criterion in _placed(rubric.get("criteria")):
        for kind, value in criterion.items():
            for check in _entries(value):
                yield check["id"], f"{kind} of {criterion.get('id')!r}"


def _is_criterion(path: FieldPath) -> bool:
    return len(path) == 2 and path[0] == "criteria"
