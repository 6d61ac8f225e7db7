"""`spardesk` alone: the web app on this machine."""

import errno
import os
import socket
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Timer
from typing import TYPE_CHECKING

from ui.cli.consoles import out, say
from ui.cli.errors import CommandError
from ui.cli.opening import load_model, opened_practice
from ui.cli.reach import doors_of
from ui.settings import Settings

if TYPE_CHECKING:
    import uvicorn

GRACE_S = 3
"""Seconds that open pages get when the server is stopped."""

BROWSER_DELAY_S = 0.5


def serve(settings: Settings) -> None:
    """Serve the pages until Ctrl-C. What is wrong is said before anything is loaded."""
    doors = doors_of(settings)
    with _listening(settings) as listener:
        say("Starting Spardesk …")
        model = load_model(settings)
        with closing(model), opened_practice(settings, model) as practice:
            from ui.services.site import Site
            from ui.services.webhooks.addresses import Addresses
            from ui.web.app import build_app

            site = Site(
                practice,
                settings.packs,
                settings.personas,
                addresses=Addresses(settings.webhooks_private),
            )
            app = build_app(site, doors)
            out().print(
                f"Spardesk is at {settings.address} — customer played by {model.name}",
                markup=False,
                soft_wrap=True,
            )
            _open_browser(settings)
            _run(server_of(app, settings.proxy), listener)
    say("Stopped. Everything that was said is kept.")


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """The web app's own socket, taken first: a port in use is said before a model is loaded."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as listener:
        if os.name == "posix":  # elsewhere it would share the port with whoever has it
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
            listener.listen()
        except OSError as error:
            raise _port_error(error, settings) from error
        yield listener


def _port_error(error: OSError, settings: Settings) -> CommandError:
    if error.errno == errno.EADDRINUSE:
        cause = "is in use by another program, perhaps another Spardesk"
    elif error.errno == errno.EACCES:
        cause = "is not open to you"
    else:
        cause = f"cannot be used at {settings.host} ({error.strerror or error})"
    other = other_port(settings.port)
    return CommandError(
        f"Port {settings.port} {cause}. Choose another one: spardesk --port {other}"
    )


def other_port(port: int) -> int:
    """A port to try instead."""
    return port + 1 if port < 65535 else port - 1


def _open_browser(settings: Settings) -> None:
    """Open the page when there is a browser on this very screen."""
    if settings.browser and has_screen():
        timer = Timer(BROWSER_DELAY_S, webbrowser.open, (settings.address,))
        timer.daemon = True
        timer.start()


def has_screen() -> bool:
    """Whether a browser opened here would be seen: a display, and not over ssh."""
    if any(name in os.environ for name in ("SSH_CONNECTION", "SSH_TTY")):
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def server_of(app: object, proxy: str | None = None) -> "uvicorn.Server":
    """A server for the app, not running yet; `proxy`: who is believed what they say of browsers."""
    import uvicorn

    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        log_config=None,  # warnings go to Spardesk's own log file
        access_log=False,
        server_header=False,
        proxy_headers=proxy is not None,
        forwarded_allow_ips=proxy or "",
        timeout_graceful_shutdown=GRACE_S,
    )
    return uvicorn.Server(config)


def _run(server: "uvicorn.Server", listener: socket.socket) -> None:
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        return
