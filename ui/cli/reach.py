"""Who can reach the web app, checked before anything is loaded."""

import os
from ipaddress import ip_address
from urllib.parse import urlsplit

from ui.cli.consoles import say
from ui.cli.errors import UsageError
from ui.cli.opening import opened_people
from ui.settings import SSO_SECRET_VARIABLE, Settings
from ui.web.doors.settings import LOOPBACK, Doors, SingleSignOn

FIRST_ADMIN = "spardesk users add LOGIN --name NAME --role admin"


def doors_of(settings: Settings) -> Doors:
    """How the web app is reached; raises `UsageError` where that would let strangers in."""
    if not settings.is_local:
        _require_accounts(settings)
        _require_names(settings)
        if not settings.https:
            say(
                "Passwords and conversations cross the network readable: put a proxy with TLS in "
                "front and start with --https."
            )
    own = () if settings.is_everywhere else (_in_address(settings.host),)
    return Doors(
        hosts=tuple(dict.fromkeys((*LOOPBACK, *own, *settings.names))),
        alone=settings.is_local,
        https=settings.https,
        single_sign_on=_single_sign_on(settings),
    )


def _require_accounts(settings: Settings) -> None:
    with opened_people(settings) as people:
        if people.logins.has_accounts:
            return
    raise UsageError(
        f"Spardesk does not listen at {settings.host!r} yet: other machines could reach it there, "
        f"and there are no accounts. Create the first administrator: {FIRST_ADMIN}. "
        "Or use --host 127.0.0.1."
    )


def _require_names(settings: Settings) -> None:
    if settings.is_everywhere and not settings.names:
        raise UsageError(
            f"{settings.host!r} stands for every address of this machine. Say by which names "
            "browsers reach it: --allowed-hosts spardesk.example.org"
        )


def _single_sign_on(settings: Settings) -> SingleSignOn | None:
    issuer, client = settings.sso_issuer, settings.sso_client
    if not issuer and not client:
        return None
    secret = os.environ.get(SSO_SECRET_VARIABLE)
    if not issuer or not client or not secret:
        raise UsageError(
            "Single sign-on takes --sso-issuer, --sso-client and the client's secret in "
            f"{SSO_SECRET_VARIABLE}."
        )
    if not _is_safe(issuer):
        raise UsageError(f"The issuer {issuer!r} has to begin with https://.")
    return SingleSignOn(issuer.rstrip("/"), client, secret, settings.sso_trainees)


def _is_safe(issuer: str) -> bool:
    """Whether nobody between can change what a provider says: TLS, or the same machine."""
    parts = urlsplit(issuer)
    if parts.scheme == "https":
        return bool(parts.hostname)
    try:
        return parts.scheme == "http" and ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.scheme == "http" and parts.hostname == "localhost"


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host
