"""The web app with a scripted model, as `spardesk bench load` starts it; nothing else does."""

import socket
import threading
from contextlib import closing, suppress
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.load.types import Plan


def serve(place: str, plan: "Plan", pipe: Connection) -> None:
    """See `bench.load.server.Serve`. On loopback, at any free port, for people with accounts."""
    from bench.load.model import PacedModel
    from bench.load.server import peak_memory
    from scenarios.library import Library
    from ui.cli.opening import open_and_say
    from ui.cli.serve import server_of
    from ui.services.practice import Practice
    from ui.services.site import Site
    from ui.web.app import build_app
    from ui.web.doors.settings import Doors

    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        records = open_and_say(place)
        practice = Practice(
            Library.load(),
            records,
            PacedModel(plan.pace),
            answers_at_once=plan.answers_at_once,
        )
        with closing(practice):
            site = Site(practice)
            server = server_of(build_app(site, Doors(alone=False)))
            threading.Thread(target=_until_told, args=(pipe, server), daemon=True).start()
            pipe.send(listener.getsockname()[1])
            server.run(sockets=[listener])
    pipe.send(peak_memory())


def _until_told(pipe: Connection, server: object) -> None:
    """Stop the server when something comes, or when whoever started it is gone."""
    with suppress(EOFError, OSError):
        pipe.recv()
    server.should_exit = True  # type: ignore[attr-defined]
