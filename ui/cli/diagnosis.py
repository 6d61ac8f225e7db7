"""What `spardesk doctor` finds, in the order it is shown."""

from collections.abc import Iterator
from contextlib import closing

from llm import pick
from llm.errors import ModelError
from llm.ollama_shelf import installed_models, server_address
from personas.errors import ContentError
from scenarios.library import SHIPPED_PACKS, Library
from ui.cli import health
from ui.cli.health import Finding
from ui.cli.opening import load_model
from ui.settings import Settings


def findings(settings: Settings) -> Iterator[Finding]:
    """Everything that a session needs, looked at one after the other."""
    yield from health.software()
    yield health.data_folder(settings.data_folder)
    if settings.records:
        yield health.records(settings.records)
    yield health.cache()
    yield _content(settings)
    yield health.embedded_model()
    yield _ollama()
    yield from _model(settings)


def _content(settings: Settings) -> Finding:
    try:
        library = Library.load(settings.packs, settings.personas)
    except ContentError as error:
        return Finding("bad", "content", str(error))
    where = settings.packs or SHIPPED_PACKS
    scenarios, personas = len(library.scenarios()), len(library.personas)
    return Finding("good", "content", f"{scenarios} scenarios, {personas} personas in {where}")


def _ollama() -> Finding:
    try:
        models = installed_models()
    except ModelError as error:
        return Finding("note", "ollama", str(error))
    names = ", ".join(model.name for model in models) or "no model yet; try: ollama pull llama3.2"
    return Finding("good", "ollama", f"runs at {server_address()}, has {names}")


def _model(settings: Settings) -> Iterator[Finding]:
    try:
        choice = pick.choose(settings.model, settings.base_url)
    except ModelError as error:
        yield Finding("bad", "model", str(error))
        return
    yield Finding("good", "model", f"{choice.kind}:{choice.model} would be used: {choice.why}")
    try:
        with closing(load_model(settings)) as model:
            yield Finding("good", "context", f"{model.context_tokens} tokens")
            yield health.speed(model)
    except ModelError as error:
        yield Finding("bad", "answer", str(error))
