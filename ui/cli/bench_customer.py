"""`spardesk bench customer`: scripted agents against scenarios, and how the customer did."""

import json
from collections.abc import Iterator
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
    from llm.types import ChatModel

FIRST_TURNS = 50
"""Customers whose first turns are compared."""


class Agent(StrEnum):
    """The scripted agents."""

    GOOD = "good"
    POOR = "poor"
    RUDE = "rude"
    EVASIVE = "evasive"
    ATTACKER = "attacker"


def customer(
    ctx: typer.Context,
    pack: Annotated[str | None, typer.Option(help="Only this pack.")] = None,
    scenario: Annotated[str | None, typer.Option(help="Only this scenario.")] = None,
    persona: Annotated[
        str | None, typer.Option(help="Played by this persona, wherever its language fits.")
    ] = None,
    agent: Annotated[
        list[Agent] | None, typer.Option(help="Only this kind of agent; may be repeated.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="Only scenarios in en or zh.")] = None,
    level: Annotated[int | None, typer.Option(min=1, max=4, help="Play at this level.")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="How often each is played.")] = 1,
    keep: Annotated[
        Path | None, typer.Option(help="Write every session to this file, one JSON line each.")
    ] = None,
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
    from bench.caching import CachedModel
    from bench.customer import openings as compared
    from bench.customer import report
    from bench.playing import games, play
    from scenarios.library import Library
    from ui.cli.opening import load_model

    settings = settings_of(ctx, model=model, base_url=base_url, packs=packs, personas=personas)
    library = Library.load(settings.packs, settings.personas)
    if language not in (None, "en", "zh"):
        raise UsageError(f"--language {language!r}: there is en and zh.")
    chosen = [
        each.id
        for each in library.scenarios()
        if scenario in (None, each.id)
        and language in (None, each.language)
        and pack in (None, library.pack_of(each.id).id)
    ]
    if not chosen:
        raise UsageError("No scenario fits; `spardesk scenarios list` lists them.")
    kinds = [kind for kind in KINDS if agent is None or kind in {str(each) for each in agent}]
    with closing(CachedModel(load_model(settings), cache_folder() / "bench")) as loaded:
        played = []
        for game in games(
            library,
            kinds,
            scenarios=chosen,
            persona=persona,
            level=level,
            seeds=range(1, seeds + 1),
        ):
            played.append(play(game, loaded))
            _tell(played[-1], keep)
        first = None
        if openings:
            first = compared([_first_turn(game, loaded) for game in _customers(library)])
        figures = report(played, loaded.name)
    if as_json:
        rows: dict[str, Any] = {"date": date.today().isoformat(), **figures.model_dump(mode="json")}
        print_json(rows | ({"openings": first.model_dump(mode="json")} if first else {}))
    else:
        out().print(_table(figures, first))


def _customers(library: Any) -> "Iterator[Game]":
    """Fifty different customers: personas and scenarios by turns."""
    from bench.playing import Game
    from simulator.world import World

    who = sorted(library.personas.values(), key=lambda each: each.id)
    for i in range(FIRST_TURNS):
        scenario = library.scenarios()[i % len(library.scenarios())]
        fitting = [each for each in who if each.language == scenario.language]
        persona = fitting[(i * 7 + 3) % len(fitting)]
        yield Game(World(library.pack_of(scenario.id), scenario, persona), "good", 100 + i)


def _first_turn(game: "Game", model: "ChatModel") -> "Played":
    from dataclasses import replace

    from bench.playing import play

    scenario = game.world.scenario
    one = scenario.model_copy(update={"ideal": scenario.ideal[:1]})
    return play(replace(game, world=replace(game.world, scenario=one)), model)


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
        row = {
            "scenario": game.world.scenario.id,
            "persona": game.world.persona.id,
            "agent": game.kind,
            "seed": game.seed,
            "level": game.world.level,
            "ended": played.ended,
            "turns": [
                {
                    "agent": e.agent.text,
                    "customer": e.customer.text,
                    "cue": e.customer.cue.model_dump(mode="json"),
                    "perception": _likely(e.customer.perception.model_dump(mode="json")),
                    "flags": [flag.model_dump(mode="json") for flag in e.customer.flags],
                    "candidates": list(e.customer.candidates),
                    "verdict": verdict.model_dump(mode="json"),
                }
                for e, verdict in zip(played.exchanges, judged, strict=True)
            ],
        }
        with keep.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _likely(perception: dict[str, dict[str, float]]) -> dict[str, list[str]]:
    return {kind: [key for key, p in row.items() if p >= 0.5] for kind, row in perception.items()}


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
