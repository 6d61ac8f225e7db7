"""How the web app is reached, and by whom."""

from dataclasses import dataclass, field

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
"""Names under which this machine alone is reached."""


@dataclass(frozen=True)
class SingleSignOn:
    """A provider of OpenID Connect."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    creates_trainees: bool = False
    """Whether somebody without an account gets one."""


@dataclass(frozen=True)
class Doors:
    """What the operator has set."""

    hosts: tuple[str, ...] = LOOPBACK
    """Names it answers to: a page from elsewhere that lets its own name point here is refused."""
    alone: bool = True
    """Whether one person may use it while there are no accounts: on loopback only."""
    https: bool = False
    """Whether browsers reach it over TLS, whatever the last step here is."""
    single_sign_on: SingleSignOn | None = None
