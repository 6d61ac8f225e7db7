"""Attacks on the web app, as a program could make them."""

import logging
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from records.people import Account
from tests.ui.cast import PASSWORD, SCENARIO, Cast
from tests.ui.knocking import HOST, Answer, Door, running
from ui.services.people.limits import PER_LOGIN
from ui.web.app import build_app
from ui.web.cookies import form_key
from ui.web.doors.settings import Doors
from ui.web.entrance import here_only


@pytest.fixture(scope="module")
def cast() -> Cast:
    return Cast(passwords=("tess", "tom", "tara"))


@pytest.fixture(scope="module")
def door(cast: Cast) -> Iterator[Door]:
    with running(build_app(cast.site)) as door:
        yield door


def function(door: Door, prefix: str, name: str) -> int:
    """The number of a function in a room."""
    [app] = [
        r.app
        for r in door.client.app.routes
        if getattr(r, "path", None) == prefix and hasattr(r, "app") and hasattr(r.app, "get_blocks")
    ]  # type: ignore[attr-defined]
    fns = app.get_blocks().fns.items()
    return next(i for i, f in fns if getattr(f.fn, "__qualname__", "") == name)


def call(door: Door, token: str, prefix: str, name: str, *data: object, **event: object) -> Answer:
    """Call a function as a page would."""
    index = function(door, prefix, name)
    body = {"fn_index": index, "data": data, "event_data": event, "session_hash": f"p{token[:9]}"}
    return door.knock("POST", f"{prefix}/gradio_api/run/predict", token, body)


def post(door: Door, path: str, token: str | None, cookie: str = "spardesk", **form: str) -> Answer:
    return door.knock("POST", path, token, form=urlencode(form).encode(), cookie=cookie)


def log_in(door: Door, login: str, password: str, **more: str) -> Answer:
    form = {"key": form_key("base"), "login": login, "password": password} | more
    return post(door, "/login", "base", cookie="spardesk-form", **form)


# --- sessions of others -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "more", "event"),
    [
        ("PractisePage.show", [], {}),
        ("PractisePage.act", [], {"action": "look_up_order", "arguments": {"order_id": "4471"}}),
        ("PractisePage.keep_private", [True], {}),
        ("PractisePage.finish", [], {}),
    ],
)
@pytest.mark.parametrize("thief", ["tom", "tara", "max", "mona", "ada"])
def test_another_persons_session_is_none_through_every_function(
    cast: Cast, door: Door, thief: str, name: str, more: list[object], event: dict[str, object]
) -> None:
    session, owner = cast.session("tess"), cast.account("tess").id
    before = cast.practice.events(session, owner)
    answer = call(door, cast.token(thief), "", name, session, *more, **event)
    assert answer.status == 200
    assert "There is no session" in answer.text
    assert "this is tess" not in answer.text
    assert cast.practice.events(session, owner) == before
    assert not cast.practice.is_private(session, owner)
    assert "this is tess" in call(door, cast.token("tess"), "", "PractisePage.show", session).text


@pytest.mark.parametrize(
    "name",
    [
        "PractisePage.say",
        "PractisePage.try_again",
        "PractisePage.go_on",
        "ScorecardPage.show",
        "ScorecardPage.go_back",
    ],
)
def test_also_through_the_functions_that_stream(cast: Cast, name: str) -> None:
    """Those wait in a queue; they are called here as the queue calls them."""
    import gradio as gr

    from ui.services.errors import NoSuchSession
    from ui.web.practise import PractisePage
    from ui.web.scoring import ScorecardPage

    page, handler = name.split(".")
    session, owner = cast.session("tess", graded="Score" in page), cast.account("tess").id
    made = {"PractisePage": PractisePage, "ScorecardPage": ScorecardPage}[page](cast.site)
    with gr.Blocks():
        made.build()
    request = gr.Request(username=cast.account("tom").id)
    extra = {"say": ["Hello"], "go_back": [gr.EventData(None, {"turn": 0})]}.get(handler, [])
    before = cast.practice.events(session, owner)
    with pytest.raises(NoSuchSession):
        list(getattr(made, handler)(session, *extra, request))
    assert cast.practice.events(session, owner) == before


def test_a_manager_sees_nothing_of_another_team(cast: Cast, door: Door) -> None:
    session = cast.session("tom", graded=True)
    token = cast.token("max")
    for answer in (
        call(door, token, "/manage", "ReviewPage.show", session),
        call(door, token, "/manage", "ReviewPage.override", session, "logic", "99", "hm"),
        call(door, token, "/manage", "MemberPage.show", cast.account("tom").id),
    ):
        assert "nothing of that name in your teams" in answer.text
        assert "Tom" not in answer.text
    assert cast.records.overrides.find(session=session) == []
    assert "Tom" in call(door, cast.token("mona"), "/manage", "ReviewPage.show", session).text


def test_another_persons_page_cannot_be_listened_to(cast: Cast, door: Door) -> None:
    """Gradio knows a page's answers by a hash that the browser made up."""
    tess, tom = cast.token("tess"), cast.token("tom")
    index = function(door, "", "ChoosePage.begin")
    body = {"fn_index": index, "data": [SCENARIO, "", ""], "session_hash": "tesspage"}
    assert door.knock("POST", "/gradio_api/queue/join", tess, body).status == 200
    for method, path, sent in (
        ("GET", "/gradio_api/queue/data?session_hash=tesspage", None),
        ("GET", "/gradio_api/heartbeat/tesspage", None),
        ("POST", "/gradio_api/queue/join", body),
    ):
        assert door.knock(method, path, tom, sent).status == 403
    assert door.knock("GET", "/gradio_api/queue/data?session_hash=tesspage", tess).status == 200


# --- cookies ------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "null", "x" * 43, "../../etc/passwd", "%00", "é"])
def test_a_forged_cookie_is_nobodys(door: Door, token: str) -> None:
    assert door.knock("GET", "/config", token).status == 401


def test_the_hash_that_is_kept_is_no_token(cast: Cast, door: Door) -> None:
    cast.token("tess")
    kept = cast.records.logins.find()[0].token_hash
    assert door.knock("GET", "/config", kept).status == 401


def test_logins_end_for_the_web_too(cast: Cast, door: Door) -> None:
    account = cast.account("tess")
    idle, everywhere, disabled = (cast.token("tess") for _ in range(3))
    assert door.knock("GET", "/config", idle).status == 200
    cast.clock.on(hours=3)
    assert door.knock("GET", "/config", idle).status == 401
    everywhere, disabled = cast.token("tess"), cast.token("tom")
    key = form_key(everywhere)
    assert post(door, "/account/everywhere", everywhere, key=key).status == 303
    assert door.knock("GET", "/config", everywhere).status == 401
    cast.site.people.accounts.disable(cast.actor("ada"), "tom")
    assert door.knock("GET", "/config", disabled).status == 401
    cast.site.people.accounts.enable(cast.actor("ada"), "tom")
    assert isinstance(account, Account)


def test_the_cookie_is_for_the_server_alone(cast: Cast, door: Door) -> None:
    cookie = log_in(door, "tess", PASSWORD).headers["set-cookie"]
    assert cookie.startswith("spardesk=")
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_behind_tls_the_cookie_is_secure_and_the_browser_stays_there(cast: Cast) -> None:
    with running(build_app(cast.site, Doors(https=True))) as door:
        form = {"key": form_key("base"), "login": "tess", "password": PASSWORD}
        answer = door.knock(
            "POST",
            "/login",
            "base",
            form=urlencode(form).encode(),
            cookie="__Host-spardesk-form",
            origin=f"https://{HOST}",
        )
        assert answer.headers["set-cookie"].startswith("__Host-spardesk=")
        assert "Secure" in answer.headers["set-cookie"]
        assert answer.headers["strict-transport-security"].startswith("max-age=")
        plain = cast.token("tess")
        assert door.knock("GET", "/config", plain).status == 401, "a cookie another machine set"
        page = door.knock("GET", "/", plain, cookie="__Host-spardesk", accept="text/html").text
        assert f'"root":"https://{HOST}"' in page.replace(" ", "")


# --- requests from elsewhere --------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": f"https://{HOST}"},
        {"origin": f"http://{HOST}.evil.example"},
        {"origin": "", "sec_fetch_site": "cross-site"},
        {"origin": "", "sec_fetch_site": "same-site"},
        {"origin": f"http://{HOST}", "sec_fetch_site": "cross-site"},
        {"origin": ""},
    ],
)
def test_a_page_elsewhere_changes_nothing(cast: Cast, door: Door, headers: dict[str, str]) -> None:
    token, session = cast.token("tess"), cast.session("tess")
    body = {"fn_index": function(door, "", "PractisePage.finish"), "data": [session]}
    answer = door.knock("POST", "/gradio_api/run/predict", token, body, **headers)
    assert (answer.status, answer.reached) == (403, False)
    assert cast.practice.view(session, cast.account("tess").id).ended is None
    form = urlencode({"key": form_key(token)}).encode()
    assert door.knock("POST", "/logout", token, form=form, **headers).status == 403
    assert door.knock("GET", "/config", token).status == 200


def test_a_page_elsewhere_reads_nothing_and_a_link_leads_here(cast: Cast, door: Door) -> None:
    token = cast.token("tess")
    for headers in ({"origin": "https://evil.example"}, {"sec_fetch_site": "cross-site"}):
        assert door.knock("GET", "/config", token, **headers).status == 403
    link = {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"}
    assert door.knock("GET", "/", token, **link).status == 200
    same = door.knock("GET", "/config", token, origin=f"http://{HOST}")
    assert same.status == 200
    assert not [name for name in same.headers if name.startswith("access-control-allow")]


@pytest.mark.parametrize("path", ["/logout", "/account/everywhere", "/account/password"])
def test_a_form_without_its_key_changes_nothing(cast: Cast, door: Door, path: str) -> None:
    token = cast.token("tara")
    fields = {"old": PASSWORD, "new": "another good one", "again": "another good one"}
    for key in ("", form_key("another"), token):
        assert post(door, path, token, key=key, **fields).status in (400, 422)
    assert door.knock("GET", "/config", token).status == 200
    assert cast.site.people.logins.log_in("tara", PASSWORD, "10.9.9.9")


def test_a_login_form_belongs_to_its_browser(door: Door) -> None:
    answer = log_in(door, "tess", PASSWORD, key=form_key("another"))
    assert answer.status == 400
    assert "spardesk=" not in answer.headers.get("set-cookie", "")


def test_a_name_from_elsewhere_is_refused(cast: Cast, door: Door) -> None:
    assert door.knock("GET", "/login", host="evil.example").status == 400
    page = door.knock("GET", "/", cast.token("tess"), x_forwarded_host="evil.example").text
    assert "evil.example" not in page


# --- the login page -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example",
     "/%0d%0aX: y\n", "javascript:alert(1)", "evil.example", "", "/\t/evil.example",
     "http:/evil.example"],
)  # fmt: skip
def test_a_login_leads_nowhere_else(door: Door, address: str) -> None:
    assert here_only(address) == "/"
    answer = log_in(door, "tess", PASSWORD, next=address)
    assert (answer.status, answer.headers["location"]) == (303, "/")


def test_a_login_leads_back(door: Door) -> None:
    asked = door.knock("GET", "/practise?session=ab1", accept="text/html")
    assert asked.headers["location"] == "/login?next=%2Fpractise%3Fsession%3Dab1"
    answer = log_in(door, "tess", PASSWORD, next="/practise?session=ab1")
    assert answer.headers["location"] == "/practise?session=ab1"


def test_payloads_in_the_address_are_text(door: Door) -> None:
    page = door.knock("GET", "/login?next=/%22%3E%3Cscript%3Ealert(1)%3C/script%3E").text
    assert "<script" not in page


def test_guessing_is_stopped_with_the_same_words_for_logins_that_nobody_has(
    cast: Cast, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.services.people.logins.verify", lambda *_: (False, None))
    said = []
    for login in ("tom", "nobody"):
        statuses = [log_in(door, login, "guess guess guess") for _ in range(PER_LOGIN + 1)]
        assert [answer.status for answer in statuses] == [400] * PER_LOGIN + [429]
        said.append([answer.text for answer in (statuses[0], statuses[-1])])
    assert said[0] == said[1]


def test_no_password_and_no_token_in_what_is_logged(
    cast: Cast, door: Door, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    token = log_in(door, "tess", PASSWORD).headers["set-cookie"].split(";")[0].partition("=")[2]
    log_in(door, "tess", "a wrong password of mine")
    log_in(door, "tess", "x" * 3000)
    call(door, token, "", "PractisePage.show", "nope")
    call(door, cast.token("ada"), "/admin", "AccountsPage.create", "eve", "Eve", "no such role", "",
         "a first password")  # fmt: skip
    printed = capfd.readouterr()
    logged = caplog.text + printed.out + printed.err
    for secret in (token, PASSWORD, "a wrong password of mine", "a first password"):
        assert secret not in logged
        assert secret not in "".join(str(entry) for entry in cast.records.audit_trail())


# --- the rest -----------------------------------------------------------------------------------


def test_too_much_at_once_is_refused(cast: Cast, door: Door) -> None:
    answer = door.knock(
        "POST", "/gradio_api/run/predict", cast.token("tess"), {"x": "y" * 1_000_001}
    )
    assert (answer.status, answer.reached) == (413, False)
    assert door.knock("POST", "/login", form=b"x" * 1_000_001).status == 413


def test_every_answer_has_the_safety_headers(cast: Cast, door: Door) -> None:
    for path in ("/", "/login", "/nowhere", "/config", "/account"):
        headers = door.knock("GET", path, cast.token("tess")).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
    assert "script" not in door.knock("GET", "/login").headers["content-security-policy"]


def test_a_machine_without_accounts_is_not_open_through_a_proxy() -> None:
    lonely = Cast()
    for account in lonely.records.accounts.find():
        lonely.records.accounts.remove(account.id)
    with running(build_app(lonely.site)) as door:
        assert door.knock("GET", "/config").status == 200
        assert door.knock("GET", "/config", x_forwarded_for="1.2.3.4").status == 401
    with running(build_app(lonely.site, Doors(alone=False))) as door:
        assert door.knock("GET", "/config").status == 401
