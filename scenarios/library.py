"""Everything there is to practise with: packs, their scenarios, and the personas."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from personas.errors import ContentError, Problem
from personas.library import SHIPPED as SHIPPED_PERSONAS
from personas.library import read_personas
from personas.types import Persona
from scenarios.reading import read_pack, version_of
from scenarios.types import Pack, Scenario

__all__ = ["SHIPPED_PACKS", "ContentError", "Library", "Problem"]

T = TypeVar("T")

SHIPPED_PACKS = Path(__file__).parent / "packs"


@dataclass(frozen=True)
class Library:
    """Packs and personas by id. Lookups raise `ContentError` and list close matches."""

    packs: Mapping[str, Pack]
    personas: Mapping[str, Persona]

    @classmethod
    def load(cls, packs_dir: Path | None = None, personas_dir: Path | None = None) -> "Library":
        """Read and check all content; the shipped content where no folder is given.

        Raises `ContentError` with every problem of every file: file, line, field, what to do.
        """
        problems: list[Problem] = []
        personas_folder = personas_dir or SHIPPED_PERSONAS
        personas = read_personas(personas_folder, problems)
        packs = {}
        for folder in _pack_folders(packs_dir or SHIPPED_PACKS, problems):
            version = version_of((folder, personas_folder))
            pack = read_pack(folder, personas, version, problems)
            if pack:
                packs[pack.id] = pack
        problems.extend(_shared_ids(packs, packs_dir or SHIPPED_PACKS))
        if problems:
            raise ContentError.of(problems)
        return cls(packs, personas)

    def scenarios(self) -> list[Scenario]:
        """All scenarios, by pack, level and id."""
        return [
            scenario
            for _, pack in sorted(self.packs.items())
            for scenario in sorted(pack.scenarios, key=lambda each: (each.level, each.id))
        ]

    def scenario(self, id_: str) -> Scenario:
        """The scenario with this id."""
        return _look_up("scenario", id_, {each.id: each for each in self.scenarios()})

    def pack_of(self, scenario_id: str) -> Pack:
        """The pack that holds a scenario; its desk speaks the agent's language."""
        packs = {each.id: pack for pack in self.packs.values() for each in pack.scenarios}
        pack = _look_up("scenario", scenario_id, packs)
        return pack.in_language(self.scenario(scenario_id).agent_language)

    def persona(self, id_: str) -> Persona:
        """The persona with this id."""
        return _look_up("persona", id_, self.personas)


def _look_up(kind: str, name: str, known: Mapping[str, T]) -> T:
    if name not in known:
        raise ContentError.unknown(kind, name, known)
    return known[name]


def _pack_folders(packs_dir: Path, problems: list[Problem]) -> list[Path]:
    """Every folder with a `pack.yaml` in it."""
    folders = sorted(path.parent for path in packs_dir.glob("*/pack.yaml"))
    if not folders:
        message = "holds no pack; a pack is a folder with a pack.yaml in it"
        problems.append(Problem(str(packs_dir), 1, "", message))
    return folders


def _shared_ids(packs: Mapping[str, Pack], packs_dir: Path) -> list[Problem]:
    """Scenario ids that two packs use: a session could not tell which was meant."""
    first: dict[str, str] = {}
    problems = []
    for pack in packs.values():
        for scenario in pack.scenarios:
            owner = first.setdefault(scenario.id, pack.id)
            if owner != pack.id:
                file = packs_dir / pack.id / "scenarios" / f"{scenario.id}.yaml"
                message = f"{scenario.id!r} is in the pack {owner!r} too; rename one"
                problems.append(Problem(str(file), 1, "id", message))
    return problems
