"""The personas on the shelf: one YAML file each."""

from pathlib import Path

from personas.errors import ContentError, Problem
from personas.files import Document, read_yaml
from personas.types import Persona
from personas.validation import validated

SHIPPED = Path(__file__).parent / "library"


def load_personas(folder: Path | None = None) -> dict[str, Persona]:
    """All personas of a folder (the shipped ones by default) by id.

    Raises `ContentError` with every problem of every file.
    """
    problems: list[Problem] = []
    personas = read_personas(folder or SHIPPED, problems)
    if problems:
        raise ContentError.of(problems)
    return personas


def read_personas(folder: Path, problems: list[Problem]) -> dict[str, Persona]:
    """The personas that could be read; what is wrong with the others is added to `problems`."""
    found: dict[str, Persona] = {}
    for path in content_files(folder, problems):
        document = read_yaml(path, problems)
        persona = document and validated(document, Persona, problems)
        if document and persona and named_like_file(document, path.stem, persona.id, problems):
            found[persona.id] = persona
    return found


def content_files(folder: Path, problems: list[Problem]) -> list[Path]:
    """The folder's `.yaml` files, sorted; a missing folder and look-alikes are problems."""
    if not folder.is_dir():
        problems.append(Problem(str(folder), 1, "", "is not a folder; make it or choose another"))
        return []
    for path in sorted(folder.glob("*.yml")):
        problems.append(Problem(str(path), 1, "", "is not read; rename it to .yaml"))
    return sorted(folder.glob("*.yaml"))


def named_like_file(document: Document, stem: str, id_: str, problems: list[Problem]) -> bool:
    """Whether a file is named after the id in it, so that no id can be there twice."""
    if id_ != stem:
        message = f"{id_!r} is in a file named {stem!r}; give both the same name"
        problems.append(document.problem(("id",), message))
    return id_ == stem
