"""From settings to an open model and a practice, with progress for whoever waits."""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from llm import pick
from llm.embedded.model import EmbeddedModel
from llm.types import ChatModel
from records import Records, open_records
from records.starting import start
from scenarios.library import Library
from ui.cli.consoles import err, say
from ui.services.practice import Practice
from ui.services.site import People
from ui.services.webhooks.addresses import Addresses
from ui.settings import Settings


def load_model(settings: Settings) -> ChatModel:
    """The model that the settings name, loaded and ready; raises `ModelError`."""
    with _preparation() as hear:
        model = pick.open_model(settings.model, settings.base_url, progress=hear)
        if isinstance(model, EmbeddedModel):
            hear(1.0, "Loading the language model")
            try:
                model.start()
            except BaseException:
                model.close()
                raise
    return model


@contextmanager
def opened_practice(settings: Settings, model: ChatModel | None = None) -> Iterator[Practice]:
    """A practice on the settings' content and records; without a `model` it loads when needed."""
    library = Library.load(settings.packs, settings.personas)
    records = open_and_say(settings.records_place)
    opener = model or (lambda: load_model(settings))
    practice = Practice(
        library,
        records,
        opener,
        settings.data_folder,
        answers_at_once=settings.answers_at_once,
    )
    with closing(practice):
        yield practice


def open_and_say(place: Path | str) -> Records:
    """The records there; what was repaired, upgraded or found damaged is said and logged."""
    records = open_records(place)
    try:
        for sentence in start(records):
            say(sentence)
            logging.getLogger("spardesk").warning(sentence)
    except BaseException:
        records.close()
        raise
    return records


@contextmanager
def opened_people(settings: Settings) -> Iterator[People]:
    """The accounts in the settings' records; needs no model and no content."""
    with closing(open_and_say(settings.records_place)) as records:
        yield People(records, addresses=Addresses(settings.webhooks_private))


@contextmanager
def _preparation() -> Iterator[Callable[[float, str], None]]:
    """Shows how far the preparation of a model is: a bar, or a line a step where none can move."""
    console = err()
    if not console.is_terminal:
        yield _Steps().hear
        return
    with _bar(console) as bar:
        task = bar.add_task("Looking for a language model", total=1.0)

        def hear(fraction: float, text: str) -> None:
            bar.update(task, completed=fraction, description=text)

        yield hear


def _bar(console: Console) -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn())
    return Progress(*columns, TimeElapsedColumn(), console=console, transient=True)


class _Steps:
    """Says each step once, however often its percentage changes."""

    def __init__(self) -> None:
        self._last = ""

    def hear(self, fraction: float, text: str) -> None:  # noqa: ARG002 - the bar's signature
        step = text.partition(" (")[0]
        if step != self._last:
            self._last = step
            say(f"{step} …")
