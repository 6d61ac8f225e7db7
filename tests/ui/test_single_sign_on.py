"""Single sign-on against a provider that runs on this machine and speaks HTTP."""

import base64
import hashlib
import hmac
import json
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient

from records.people import Role
from tests.ui.cast import Cast
from ui.web.app import entrance
from ui.web.doors.settings import Doors, SingleSignOn

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from oidc_provider_mock import User, run_server_in_thread

HERE = "http://127.0.0.1:7860"

USERS = (
    User(sub="s-tess", claims={"email": "Tess@example.org", "email_verified": True, "name": "T"}),
    User(sub="s-liar", claims={"email": "tess@example.org", "email_verified": False}),
    User(sub="s-new", claims={"email": "new@example.org", "email_verified": True, "name": "New"}),
    User(sub="s-none", claims={}),
)

ISSUER, EVIL = b'"issuer": "http://localhost', b'"issuer": "http://evil.example'

Change = Callable[[bytes], bytes]


class Checked:
    """Stands before the provider: checks PKCE, which it does not, and can lie for it."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._challenges: dict[str, str] = {}
        """Code → the challenge of the request that it was given for."""
        self.lies: dict[str, Change] = {}
        """End of a path → what becomes of the answer."""

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        path, query = environ["PATH_INFO"], parse_qs(environ.get("QUERY_STRING", ""))
        if path.endswith("/token") and not self._is_the_one_who_asked(environ):
            start("400 Bad Request", [("content-type", "application/json")])
            return [b'{"error": "invalid_grant"}']
        answer: list[Any] = []
        body = b"".join(self._app(environ, lambda *parts: answer.extend(parts)))
        headers = dict(answer[1])
        if path.endswith("/authorize") and "code=" in headers.get("Location", ""):
            assert query["code_challenge_method"] == ["S256"]
            [code] = parse_qs(urlsplit(headers["Location"]).query)["code"]
            [self._challenges[code]] = query["code_challenge"]
        body = self.lies.get(path.rpartition("/")[2], lambda same: same)(body)
        start(answer[0], [(k, v) for k, v in answer[1] if k.lower() != "content-length"])
        return [body]

    def _is_the_one_who_asked(self, environ: dict[str, Any]) -> bool:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = BytesIO(body)
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        return self._challenges.get(form["code"]) == _in_base64(digest)


def _in_base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def forged(algorithm: str) -> Change:
    """The same ID token, signed by nobody, or by the secret that the two share."""

    def forge(body: bytes) -> bytes:
        answer = json.loads(body)
        _, claims, _ = answer["id_token"].split(".")
        signed = _in_base64(json.dumps({"alg": algorithm}).encode()) + "." + claims
        proof = hmac.digest(b"s3cret", signed.encode(), "sha256") if algorithm == "HS256" else b""
        answer["id_token"] = f"{signed}.{_in_base64(proof)}"
        return json.dumps(answer).encode()

    return forge


@pytest.fixture
def provider() -> Iterator[Any]:
    with run_server_in_thread(user_claims=USERS, require_nonce=True) as server:
        server.app = Checked(server.app)
        server.issuer = f"http://localhost:{server.server_port}"
        yield server


@pytest.fixture
def cast() -> Cast:
    cast = Cast()
    tess = cast.account("tess").model_copy(update={"login": "tess@example.org"})
    cast.records.accounts.put(tess)
    return cast


@contextmanager
def browser(cast: Cast, provider: Any, creates: bool = False) -> Iterator[TestClient]:
    doors = Doors(single_sign_on=SingleSignOn(provider.issuer, "spardesk", "s3cret", creates))
    with TestClient(entrance(cast.site, doors), base_url=HERE, follow_redirects=False) as client:
        yield client


def at_the_provider(client: TestClient, subject: str, next: str = "/progress") -> str:
    """Leave for the provider and say who one is; the address that leads back."""
    away = client.get("/login/single-sign-on", params={"next": next})
    assert away.status_code == 302, away.text
    back = httpx.post(away.headers["location"], data={"sub": subject})
    assert back.is_redirect, back.text
    return back.headers["location"].removeprefix(HERE)


def person(cast: Cast, client: TestClient) -> str | None:
    actor = cast.site.people.logins.actor(client.cookies.get("spardesk"))
    return actor.login if actor else None


def test_somebody_with_a_verified_address_is_let_in_and_known_from_then_on(
    cast: Cast, provider: Any
) -> None:
    with browser(cast, provider) as client:
        assert "/login/single-sign-on" in client.get("/login").text
        answer = client.get(at_the_provider(client, "s-tess"))
        assert (answer.status_code, answer.headers["location"]) == (303, "/progress")
        assert person(cast, client) == "tess@example.org"
    [tess] = cast.records.accounts.find(subject=f"{provider.issuer}#s-tess")
    cast.records.accounts.put(tess.model_copy(update={"login": "renamed"}))
    with browser(cast, provider) as client:
        client.get(at_the_provider(client, "s-tess"))
        assert person(cast, client) == "renamed"
    ways = [e.detail["way"] for e in cast.records.audit_trail() if e.what == "login"]
    assert ways == ["single sign-on"] * 2


@pytest.mark.parametrize("subject", ["s-liar", "s-new", "s-none"])
def test_the_others_are_refused(cast: Cast, provider: Any, subject: str) -> None:
    before = cast.records.accounts.find()
    with browser(cast, provider) as client:
        answer = client.get(at_the_provider(client, subject))
        assert answer.status_code == 403
        assert person(cast, client) is None
    assert cast.records.accounts.find() == before


def test_somebody_new_becomes_a_trainee_where_that_is_set(cast: Cast, provider: Any) -> None:
    with browser(cast, provider, creates=True) as client:
        assert client.get(at_the_provider(client, "s-new")).status_code == 303
        assert person(cast, client) == "new@example.org"
        assert client.get(at_the_provider(client, "s-liar")).status_code == 403
    [made] = cast.records.accounts.find(login="new@example.org")
    assert (made.role, made.teams, made.password_hash) == (Role.TRAINEE, (), None)


def test_a_second_subject_does_not_take_over_an_account(cast: Cast, provider: Any) -> None:
    tess = cast.account("tess@example.org").model_copy(update={"subject": "other#1"})
    cast.records.accounts.put(tess)
    with browser(cast, provider, creates=True) as client:
        assert client.get(at_the_provider(client, "s-tess")).status_code == 403
    assert cast.account("tess@example.org") == tess


def test_a_disabled_account_stays_out(cast: Cast, provider: Any) -> None:
    cast.site.people.accounts.disable(cast.actor("ada"), "tess@example.org")
    with browser(cast, provider) as client:
        assert client.get(at_the_provider(client, "s-tess")).status_code == 403


def test_an_answer_that_was_not_asked_for_is_refused(cast: Cast, provider: Any) -> None:
    """Login CSRF: the attacker's answer in the victim's browser; and the same answer twice."""
    with browser(cast, provider) as attacker, browser(cast, provider) as victim:
        theirs = at_the_provider(attacker, "s-tess")
        assert victim.get(theirs).status_code == 403
        at_the_provider(victim, "s-none")
        assert victim.get(theirs).status_code == 403
        assert person(cast, victim) is None
        assert attacker.get(theirs).status_code == 303
        attacker.cookies.delete("spardesk")
        assert attacker.get(theirs).status_code == 403


def test_a_code_of_another_login_is_refused(cast: Cast, provider: Any) -> None:
    """Code injection: PKCE and nonce belong to one login of one browser."""
    with browser(cast, provider) as attacker, browser(cast, provider) as victim:
        stolen = parse_qs(urlsplit(at_the_provider(victim, "s-tess")).query)["code"][0]
        own = parse_qs(urlsplit(at_the_provider(attacker, "s-none")).query)
        mixed = urlencode({"code": stolen, "state": own["state"][0]})
        assert attacker.get(f"/login/callback?{mixed}").status_code == 403
        assert person(cast, attacker) is None


@pytest.mark.parametrize(
    ("path", "lie"),
    [
        ("openid-configuration", lambda body: body.replace(ISSUER, EVIL)),
        ("openid-configuration", lambda body: b"no JSON" + body),
        ("token", forged("none")),
        ("token", forged("HS256")),
        ("token", lambda body: body.replace(b"id_token", b"no_token")),
        ("jwks", lambda _body: b'{"keys": []}'),
    ],
)
def test_a_provider_that_is_not_the_one_we_know_is_refused(
    cast: Cast, provider: Any, path: str, lie: Change
) -> None:
    provider.app.lies[path] = lie
    if path == "token":  # a provider that says it signs like this is not believed either
        offers = b'"RS256","HS256","none"'
        provider.app.lies["openid-configuration"] = lambda b: b.replace(b'"RS256"', offers)
    with browser(cast, provider) as client:
        answer = client.get("/login/single-sign-on")
        if answer.status_code == 302:
            back = httpx.post(answer.headers["location"], data={"sub": "s-tess"})
            answer = client.get(back.headers["location"].removeprefix(HERE))
        assert answer.status_code == 403
        assert person(cast, client) is None


def test_the_way_back_leads_nowhere_else(cast: Cast, provider: Any) -> None:
    with browser(cast, provider) as client:
        answer = client.get(at_the_provider(client, "s-tess", next="https://evil.example"))
        assert answer.headers["location"] == "/"


def test_a_refusal_says_nothing_of_what_the_provider_sent(
    cast: Cast, provider: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with browser(cast, provider) as client:
        page = client.get("/login/callback?error=x&error_description=<b>secret</b>&code=c0de")
        assert page.status_code == 403
        assert "secret" not in page.text + caplog.text
        assert "c0de" not in page.text + caplog.text
