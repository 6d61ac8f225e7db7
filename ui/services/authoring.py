"""What a trainer sees: scenarios and personas as their files are now, and what is wrong in them."""

from pathlib import Path

from personas.errors import ContentError
from scenarios.library import Library
from ui.services.access import Actor, Right
from ui.services.views import ContentCheck, ContentLine


class Authoring:
    """Reads the content anew each time, so that a corrected file shows at once."""

    def __init__(self, packs: Path | None = None, personas: Path | None = None) -> None:
        self._packs = packs
        self._personas = personas

    def check(self, actor: Actor) -> ContentCheck:
        """Everything there is, or every problem in it; raises `NotAllowed`."""
        actor.require(Right.AUTHOR)
        try:
            library = Library.load(self._packs, self._personas)
        except ContentError as error:
            return ContentCheck(problems=tuple(str(error).splitlines()))
        return ContentCheck(scenarios=_scenarios(library), personas=_personas(library))


def _scenarios(library: Library) -> tuple[ContentLine, ...]:
    return tuple(
        ContentLine(
            id=scenario.id,
            name=scenario.title,
            language=scenario.language,
            detail=f"{library.pack_of(scenario.id).id}, level {scenario.level}",
        )
        for scenario in library.scenarios()
    )


def _personas(library: Library) -> tuple[ContentLine, ...]:
    return tuple(
        ContentLine(
            id=persona.id, name=persona.name, language=persona.language, detail=persona.summary
        )
        for _, persona in sorted(library.personas.items())
    )
