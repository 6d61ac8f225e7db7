"""Imports Gradio without its writing type stubs.

Gradio parses its own sources at every import, to write stubs for editors beside them. That takes
much of the import's time, and writing into an installation is nothing a server should do. It
skips classes whose file cannot be found, so its own cannot be while it is imported.
"""

import inspect
from typing import Any


def import_gradio() -> None:
    """Once, before anything else of `ui.web` does."""
    found = inspect.getfile

    def hidden(what: Any) -> str:
        if isinstance(what, type) and what.__module__.startswith("gradio."):
            raise OSError("not needed")
        return found(what)

    inspect.getfile = hidden  # type: ignore[assignment]
    try:
        import gradio  # noqa: F401
    finally:
        inspect.getfile = found
