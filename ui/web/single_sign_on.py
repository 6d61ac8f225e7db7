"""Single sign-on by OpenID Connect: the code flow with PKCE, state and nonce, done by Authlib."""

import logging
import secrets
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from fastapi import FastAPI
from joserfc.errors import JoseError
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ui.services.errors import LoginFailed, PracticeError
from ui.services.site import People
from ui.web.cookies import keep_session, session_of
from ui.web.doors.settings import Doors, SingleSignOn
from ui.web.entrance import address_of, here_only, plain
from ui.web.rendering import render

LOG = logging.getLogger("spardesk.single_sign_on")

SIGNATURES = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
"""Signatures of a key that only the provider has; never `none`, never a shared secret."""

TIMEOUT_S = 10

REFUSED = (
    "The single sign-on did not work. Try again; when it goes on like this, ask an administrator."
)


class Provider:
    """The provider's door: there with a question, back with an answer."""

    def __init__(self, people: People, settings: SingleSignOn) -> None:
        self._people = people
        self._settings = settings
        registry = OAuth()
        self._client: Any = registry.register(
            "provider",
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            server_metadata_url=f"{settings.issuer}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid email profile",
                "code_challenge_method": "S256",
                "timeout": TIMEOUT_S,
            },
        )

    async def leave(self, request: Request, next: str = "/") -> Response:
        """Send the browser to the provider."""
        callback = str(request.url_for("single_sign_on_callback"))
        try:
            await self._check_metadata()
            request.session["next"] = here_only(next)
            response: Response = await self._client.authorize_redirect(request, callback)
        except Exception as error:
            return _refusal(error)
        return response

    async def come_back(self, request: Request) -> Response:
        """Check the provider's answer, and log the person in."""
        address = here_only(str(request.session.get("next", "/")))
        try:
            claims = await self._claims(request)
            token = self._log_in(claims, request)
        except PracticeError as error:
            return _page(str(error), 403)
        except Exception as error:
            return _refusal(error)
        finally:
            request.session.clear()
        response = RedirectResponse(address, 303)
        keep_session(request, response, token)
        return response

    async def _claims(self, request: Request) -> dict[str, Any]:
        await self._check_metadata()
        answer = await self._client.authorize_access_token(request)
        claims = answer.get("userinfo")
        if not claims:  # without an ID token nobody has proved anything
            raise OAuthError(description="The provider sent no ID token.")
        if "email" not in claims and "userinfo_endpoint" in self._client.server_metadata:
            more = await self._client.userinfo(token=answer)
            if more.get("sub") == claims["sub"]:
                claims = {**more, **claims}
        return dict(claims)

    async def _check_metadata(self) -> None:
        """Raises `OAuthError` when the provider is not the one that the settings name."""
        known = await self._client.load_server_metadata()
        if str(known.get("issuer", "")).rstrip("/") != self._settings.issuer:
            raise OAuthError(description="The provider calls itself by another issuer.")
        offered = known.get("id_token_signing_alg_values_supported") or ["RS256"]
        known["id_token_signing_alg_values_supported"] = [
            each for each in offered if each in SIGNATURES
        ]

    def _log_in(self, claims: dict[str, Any], request: Request) -> str:
        """A new token; raises `LoginFailed`."""
        if not isinstance(claims.get("sub"), str) or not claims["sub"]:
            raise LoginFailed
        is_verified = claims.get("email_verified") is True
        account = self._people.matching.account(
            self._settings.issuer,
            claims["sub"],
            str(claims["email"]) if is_verified and claims.get("email") else None,
            str(claims["name"]) if claims.get("name") else None,
            self._settings.creates_trainees,
        )
        address = address_of(request)
        return self._people.logins.open(account, address, "single sign-on", session_of(request))


def add_single_sign_on(app: FastAPI, people: People, doors: Doors) -> None:
    """Put the provider's two addresses into the app; without a provider they lead nowhere."""
    if doors.single_sign_on is None:
        return
    provider = Provider(people, doors.single_sign_on)
    app.get("/login/single-sign-on", response_model=None)(provider.leave)
    app.get("/login/callback", response_model=None, name="single_sign_on_callback")(
        provider.come_back
    )
    app.add_middleware(
        SessionMiddleware,
        # What it holds is good for one way there and back, so a new key at each start is enough.
        secret_key=secrets.token_urlsafe(32),
        session_cookie="spardesk-sign-on",
        path="/login",
        max_age=600,
        same_site="lax",
        https_only=doors.https,
    )


def _refusal(error: Exception) -> HTMLResponse:
    """What went wrong goes to the log by its kind, and never with what the provider sent."""
    if not isinstance(error, AuthlibBaseError | JoseError):
        LOG.warning("single sign-on failed: %s", type(error).__name__)
    else:
        LOG.warning("single sign-on refused: %s", error.error or type(error).__name__)
    return _page(REFUSED, 403)


def _page(text: str, status: int) -> HTMLResponse:
    return plain(render("refused.html", title="You are not logged in", text=text), status)
