"""`spardesk bench customer`: scripted agents against scenarios, and how the customer did."""

import json
from collections.abc import Iterable
from contextlib import closing
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from llm.paths import cache_folder
from ui.cli.consoles import out, print_json, say
from ui.cli.errors import UsageError
from ui.cli.options import BaseUrl, Model, Packs, Personas, settings_of

if TYPE_CHECKING:
    from bench.customer import CustomerReport, Opening
    from bench.playing import Game, Played
    from scenarios.library import Library
    from ui.settings import Settings


class Agent(StrEnum):
    """The scripted agents."""

    GOOD = "good"
    POOR = "poor"
    RUDE = "rude"
    EVASIVE = "evasive"
    ATTACKER = "attacker"


Pack = Annotated[str | None, typer.Option(help="Only this pack.")]
Scenario = Annotated[str | None, typer.Option(help="Only this scenario.")]
Persona = Annotated[
    str | None, typer.Option(help="Played by this persona, wherever its language fits.")
]
Kinds = Annotated[
    list[Agent] | None, typer.Option(help="Only this kind of agent; may be repeated.")
]
Language = Annotated[str | None, typer.Option(help="Only scenarios in en or zh.")]
Level = Annotated[int | None, typer.Option(min=1, max=4, help="Play at this level.")]
Keep = Annotated[
    Path | None, typer.Option(help="Write every session to this file, one JSON line each.")
]


def customer(
    ctx: typer.Context,
    pack: Pack = None,
    scenario: Scenario = None,
    persona: Persona = None,
    agent: Kinds = None,
    language: Language = None,
    level: Level = None,
    seeds: Annotated[int, typer.Option(min=1, help="How often each is played.")] = 1,
    turns: Annotated[
        int | None, typer.Option(min=1, help="Stop after the session with this customer turn.")
    ] = None,
    keep: Keep = None,
    openings: Annotated[
        bool, typer.Option("--openings", help="Also compare first turns over many customers.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    model: Model = None,
    base_url: BaseUrl = None,
    packs: Packs = None,
    personas: Personas = None,
) -> None:
    """Play scripted agents against scenarios and print how the customer did.

    What the model said is kept in the cache by what it was asked: a run that was stopped goes on
    where it was, and seconds then tell nothing.

    [dim]Examples:[/]

      spardesk bench customer --scenario broken-coffee-machine --agent rude

      spardesk bench customer --pack bank --json
    """
    from bench.agents import KINDS
    from bench.playing import games
    from scenarios.library import Library

    settings = settings_of(ctx, model=model, base_url=base_url, packs=packs, personas=personas)
    library = Library.load(settings.packs, settings.personas)
    chosen = _chosen(library, pack, scenario, language)
    kinds = [kind for kind in KINDS if agent is None or kind in {str(each) for each in agent}]
    plan = games(
        library, kinds, scenarios=chosen, persona=persona, level=level, seeds=range(1, seeds + 1)
    )
    figures, first = _run(settings, plan, library if openings else None, keep, turns)
    if as_json:
        rows: dict[str, Any] = {"date": date.today().isoformat(), **figures.model_dump(mode="json")}
        print_json(rows | ({"openings": first.model_dump(mode="json")} if first else {}))
    else:
        out().print(_table(figures, first))


def _chosen(
    library: "Library", pack: str | None, scenario: str | None, language: str | None
) -> list[str]:
    """Ids of the scenarios that fit."""
    if language not in (None, "en", "zh"):
        raise UsageError(f"--language {language!r}: there is en and zh.")
    found = [
        each.id
        for each in library.scenarios()
        if scenario in (None, each.id)
        and language in (None, each.language)
        and pack in (None, library.pack_of(each.id).id)
    ]
    if not found:
        raise UsageError("No scenario fits; `spardesk scenarios list` lists them.")
    return found


def _run(
    settings: "Settings",
    plan: "Iterable[Game]",
    library: "Library | None",
    keep: Path | None,
    turns: int | None,
) -> "tuple[CustomerReport, Opening | None]":
    """Play the plan and, where a library is given, first turns of many customers."""
    from bench.caching import CachedModel
    from bench.customer import openings, report
    from bench.playing import customers, first_turn, play
    from ui.cli.opening import load_model

    with closing(CachedModel(load_model(settings), cache_folder() / "bench")) as model:
        played = []
        for game in plan:
            played.append(play(game, model))
            _tell(played[-1], keep)
            if turns is not None and sum(each.turns for each in played) >= turns:
                break
        firsts = [first_turn(game, model) for game in customers(library)] if library else []
        return report(played, model.name), openings(firsts) if firsts else None


def _tell(played: "Played", keep: Path | None) -> None:
    """One line to standard error, and the session to the file."""
    from bench.adherence import verdicts
    from bench.endings import fault

    game = played.game
    judged = verdicts(played)
    bad = sum(not verdict.says_the_cue for verdict in judged)
    say(
        f"{game.world.scenario.id:32} {game.kind:9} seed {game.seed}  {played.turns:2} turns  "
        f"{played.ended or 'not ended':12} {fault(played) or 'right end':12} {bad} faulty  "
        f"{played.seconds:.0f} s"
    )
    if keep is not None:
        from bench.customer import as_row

        with keep.open("a", encoding="utf-8") as file:
            file.write(json.dumps(as_row(played), ensure_ascii=False) + "\n")


def _table(figures: "CustomerReport", first: "Opening | None") -> Table:
    from bench.statistics import F1, Share

    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_row("date", date.today().isoformat())
    for name, value in figures:
        shown = value.shown() if isinstance(value, Share | F1) else str(value)
        if isinstance(value, dict):
            shown = "\n".join(f"{key}: {_plain(each)}" for key, each in value.items()) or "none"
        elif isinstance(value, float):
            shown = f"{value:.2f}"
        table.add_row(name.replace("_", " "), shown)
    for name, value in first or ():
        shown = value.shown() if isinstance(value, Share) else str(value)
        table.add_row(f"openings: {name.replace('_', ' ')}", shown)
    return table


def _plain(value: Any) -> str:
    if hasattr(value, "model_dump"):
        value = value.model_dump(mode="json")
    return (
        ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)
    )
