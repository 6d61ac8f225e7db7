"""Reads one pack from its folder.

online-shop/
  pack.yaml            id, name, topics, rubric, actions
  pack.<language>.yaml the actions' words in another language
  policy.<language>.md
  rubric.yaml          where pack.yaml names a rubric of its own; the name is free
  data.yaml            tables of records
  articles/<id>.<language>.md
  scenarios/<id>.yaml
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import Field, RootModel

from personas.errors import Problem
from personas.files import Document, read_text, read_yaml
from personas.library import content_files, named_like_file
from personas.types import Persona, Strict
from personas.validation import validated
from scenarios.articles import read_articles
from scenarios.pack_checks import Tables, action_findings, table_findings
from scenarios.scenario_checks import Finding, scenario_findings
from scenarios.translation_checks import translation_findings, value_findings
from scenarios.types import Action, Pack, Scenario, Translation, Values

LANGUAGES = ("en", "zh")


class PackFile(Strict):
    """What `pack.yaml` holds; the rest of a pack is in files of its own."""

    id: str
    name: dict[str, str]
    topics: tuple[str, ...]
    rubric: str = "core"
    """A shipped rubric's name, or a file; its path starts at the pack's folder."""
    language: str = Field("en", pattern=r"^(en|zh)$")
    actions: tuple[Action, ...] = ()
    values: Values = {}


class DataFile(RootModel[Tables]):
    """What `data.yaml` holds: table → record id → field → value."""


def read_pack(
    folder: Path, personas: Mapping[str, Persona], version: str, problems: list[Problem]
) -> Pack | None:
    """The pack in a folder; `None`, with every problem of its files noted, when it is broken."""
    before = len(problems)
    head = _head(folder, problems)
    tables = _tables(folder, problems)
    if head is None or tables is None:
        return None
    document, file = head
    problems.extend(_placed(document, action_findings(file.actions, tables)))
    problems.extend(_placed(document, value_findings(file.values, file.actions, tables)))
    pack = Pack(
        **dict(file) | {"rubric": _rubric(folder, document, file, problems)},
        policy=_policy(folder, problems),
        articles=read_articles(folder / "articles", problems),
        tables=tables,
        translations=_translations(folder, file, tables, problems),
        version=version,
    )
    scenarios = _scenarios(folder / "scenarios", pack, personas, problems)
    return pack.model_copy(update={"scenarios": scenarios}) if len(problems) == before else None


def version_of(folders: Iterable[Path]) -> str:
    """SHA-256 over the names and bytes of all content files in the folders, 12 characters."""
    digest = hashlib.sha256()
    for folder in folders:
        files = (path for path in folder.rglob("*") if path.suffix in {".yaml", ".md"})
        for path in sorted(files, key=lambda path: path.relative_to(folder).as_posix()):
            data = path.read_bytes() if path.is_file() else b""
            name = path.relative_to(folder).as_posix()
            # Lengths keep neighbouring files from flowing into each other.
            digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()[:12]


def _head(folder: Path, problems: list[Problem]) -> tuple[Document, PackFile] | None:
    document = read_yaml(folder / "pack.yaml", problems)
    file = document and validated(document, PackFile, problems)
    if not (document and file and named_like_file(document, folder.name, file.id, problems)):
        return None
    return document, file


def _rubric(folder: Path, document: Document, file: PackFile, problems: list[Problem]) -> str:
    """The rubric's name, or the path of its file as it is from here."""
    if not file.rubric.endswith((".yaml", ".yml")):
        return file.rubric
    path = folder / file.rubric
    if not path.is_file():
        message = f"there is no file {path}; the path starts at the pack's folder"
        problems.append(document.problem(("rubric",), message))
    return str(path)


def _tables(folder: Path, problems: list[Problem]) -> Tables | None:
    path = folder / "data.yaml"
    if not path.exists():
        return {}
    document = read_yaml(path, problems)
    data = document and validated(document, DataFile, problems)
    if not (document and data):
        return None
    problems.extend(_placed(document, table_findings(data.root)))
    return data.root


def _translations(
    folder: Path, file: PackFile, tables: Tables, problems: list[Problem]
) -> dict[str, Translation]:
    found = {}
    for path in sorted(folder.glob("pack.*.yaml")):
        language = path.name.split(".", 1)[1].removesuffix(".yaml")
        if language not in LANGUAGES or language == file.language:
            message = f"should be named like 'pack.zh.yaml', with one of: {_others(file.language)}"
            problems.append(Problem(str(path), 1, "", message))
            continue
        document = read_yaml(path, problems)
        words = document and validated(document, Translation, problems)
        if document and words:
            findings = translation_findings(words, file.actions, tables)
            problems.extend(_placed(document, findings))
            found[language] = words
    return found


def _others(language: str) -> str:
    return ", ".join(each for each in LANGUAGES if each != language)


def _policy(folder: Path, problems: list[Problem]) -> dict[str, str]:
    texts = {
        path.name.split(".")[1]: read_text(path, problems) for path in folder.glob("policy.*.md")
    }
    return {language: text for language, text in sorted(texts.items()) if text}


def _scenarios(
    folder: Path, pack: Pack, personas: Mapping[str, Persona], problems: list[Problem]
) -> tuple[Scenario, ...]:
    found = []
    for path in content_files(folder, problems):
        document = read_yaml(path, problems)
        scenario = document and validated(document, Scenario, problems)
        if document and scenario and named_like_file(document, path.stem, scenario.id, problems):
            problems.extend(_placed(document, scenario_findings(scenario, pack, personas)))
            found.append(scenario)
    return tuple(found)


def _placed(document: Document, findings: Iterable[Finding]) -> list[Problem]:
    return [document.problem(path, message) for path, message in findings]
