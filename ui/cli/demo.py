"""`spardesk demo`: watch the model as the agent with a customer."""

from contextlib import closing
from typing import Annotated

import typer

from ui.cli.options import BaseUrl, Model, Packs, Personas, settings_of


def demo(
    ctx: typer.Context,
    scenario: Annotated[
        str, typer.Argument(help="Id of the scenario; see [bold]spardesk scenarios list[/].")
    ],
    persona: Annotated[
        str | None, typer.Option(help="Id of the customer. Default: the scenario's own.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same customer.")] = 1,
    level: Annotated[
        int | None, typer.Option(min=1, max=4, help="How difficult. Default: the scenario's own.")
    ] = None,
    free: Annotated[
        bool,
        typer.Option(
            "--free",
            help="Let the model improvise from card and policy. Otherwise it says the lines of the "
            "scenario's good agent in its own words, and does what belongs to them at the desk.",
        ),
    ] = False,
    model: Model = None,
    base_url: BaseUrl = None,
    packs: Packs = None,
    personas: Personas = None,
) -> None:
    """Watch the model as the agent: to see how it is done, or to try a customer out.

    Nothing is kept or graded.

    [dim]Examples:[/]

      spardesk demo broken-coffee-machine

      spardesk demo late-parcel --persona margaret-doyle --free
    """
    from rich.text import Text

    from bench.playing import MemoryJournal
    from scenarios.library import Library
    from simulator.demo import DemoAgent
    from simulator.session import Session
    from simulator.types import CustomerSaid, DeskUsed
    from simulator.world import World
    from ui.cli.consoles import out
    from ui.cli.endings import ENDINGS
    from ui.cli.errors import UsageError
    from ui.cli.opening import load_model

    settings = settings_of(ctx, model=model, base_url=base_url, packs=packs, personas=personas)
    library = Library.load(settings.packs, settings.personas)
    played = library.scenario(scenario)
    who = library.persona(persona or played.persona)
    if who.language != played.language:
        raise UsageError(
            f"The persona {who.id!r} speaks {who.language!r}, the scenario {played.id!r} is in "
            f"{played.language!r}. Choose a persona of that language."
        )
    world = World(library.pack_of(played.id), played, who, level)
    console = out()
    with closing(load_model(settings)) as loaded:
        session = Session.start(world, model=loaded, journal=MemoryJournal(), seed=seed)
        heard = 1
        for line in DemoAgent(loaded, world, seed, free=free).play(session):
            for event in session.events[heard:]:
                if isinstance(event, DeskUsed):
                    console.print(Text(f"desk > {event.result.message}", "green"))
            console.print(Text(f"agent > {line}", "bold cyan"), soft_wrap=True)
            *_, turn = session.reply(line)
            assert isinstance(turn, CustomerSaid)
            mood = f"  [{turn.cue.mood.emotion}]"
            name = Text(f"{world.customer_name} > ", "bold magenta")
            console.print(name + Text(turn.text) + Text(mood, "dim"), soft_wrap=True)
            heard = len(session.events)
    ended = session.ended
    console.print(ENDINGS[ended.value] if ended else "The agent had nothing more to say.")
