"""What there is to practise: scenarios as they are offered, and the worlds that they make."""

from scenarios.library import ContentError, Library
from simulator.world import World
from ui.services.errors import CannotStart
from ui.services.viewing import in_language
from ui.services.views import PersonaChoice, ScenarioChoice


def scenario_choice(library: Library, scenario_id: str) -> ScenarioChoice:
    """A scenario as trainees choose it."""
    scenario, pack = library.scenario(scenario_id), library.pack_of(scenario_id)
    return ScenarioChoice(
        id=scenario.id,
        title=scenario.title,
        business=in_language(pack.name, scenario.language),
        group=" · ".join(dict.fromkeys(pack.name.values())),
        language=scenario.language,
        level=scenario.level,
        topic=scenario.topic,
        reason=scenario.card.reason,
        objectives=scenario.card.objectives,
        persona=scenario.persona,
    )


def persona_choices(library: Library, language: str | None = None) -> list[PersonaChoice]:
    """Who there is to talk with, by name; in one language or in all."""
    found = [
        PersonaChoice(id=p.id, name=p.name, language=p.language, age=p.age, summary=p.summary)
        for p in library.personas.values()
        if language in (None, p.language)
    ]
    return sorted(found, key=lambda persona: persona.name)


def world_of(
    library: Library, scenario_id: str, persona_id: str | None, level: int | None = None
) -> World:
    """A scenario with its pack and the customer who comes.

    Raises `ContentError`, and `CannotStart` for a persona of another language.
    """
    scenario = library.scenario(scenario_id)
    persona = library.persona(persona_id or scenario.persona)
    if persona.language != scenario.language:
        raise CannotStart(
            f"The persona {persona.id!r} speaks {persona.language!r}, the scenario "
            f"{scenario.id!r} is in {scenario.language!r}. Choose a persona of that language."
        )
    return World(library.pack_of(scenario_id), scenario, persona, level)


def title_and_level(library: Library, scenario_id: str) -> tuple[str, int | None]:
    """The title and level that a scenario has now; neither where there is none."""
    try:
        scenario = library.scenario(scenario_id)
    except ContentError:
        return "", None
    return scenario.title, scenario.level
