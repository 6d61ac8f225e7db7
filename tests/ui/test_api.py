"""The interface for programs, from outside: what it gives, refuses and says."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from dialogue.types import Transcript
from grading.types import Scorecard
from records import open_records
from tests.scripted import ScriptedModel
from tests.ui.cast import Cast, library
from tests.ui.knocking import Answer, Door, running
from tests.ui.programs import Program, token_of
from ui.services.access import OPERATOR
from ui.services.practice import Practice
from ui.services.site import Site
from ui.services.transcripts import MOST_AT_ONCE
from ui.web.app import entrance
from ui.web.cookies import form_key
from ui.web.doors.bodies import MAX_BODY
from ui.web.doors.settings import Doors


@pytest.fixture(scope="module")
def cast() -> Cast:
    return Cast()


@pytest.fixture(scope="module")
def door(cast: Cast) -> Iterator[Door]:
    with running(entrance(cast.site, Doors())) as door:
        yield door


@pytest.fixture
def tess(cast: Cast, door: Door) -> Program:
    return Program(door, token_of(cast, "tess"))


@pytest.fixture
def max_(cast: Cast, door: Door) -> Program:
    return Program(door, token_of(cast, "max"))


@pytest.fixture
def ada(cast: Cast, door: Door) -> Program:
    return Program(door, token_of(cast, "ada"))


def said(answer: Answer, status: int) -> Any:
    assert answer.status == status, answer.text
    return json.loads(answer.body)


def kind(answer: Answer, status: int) -> str:
    """Of a refusal, which has the one form."""
    found = said(answer, status)
    assert list(found) == ["error"]
    assert set(found["error"]) == {"kind", "message"}
    assert len(found["error"]["message"].split()) > 3
    return str(found["error"]["kind"])


# --- what is one's own --------------------------------------------------------------------------


def test_ones_own_sessions_with_what_was_said_and_the_scorecard(cast: Cast, tess: Program) -> None:
    session = cast.session("tess", graded=True)
    listed = said(tess("GET", "/sessions?limit=1"), 200)
    assert [each["id"] for each in listed["items"]] == [session]
    assert listed["limit"] == 1
    found = said(tess("GET", f"/sessions/{session}"), 200)
    transcript = Transcript.model_validate(found["transcript"])
    assert [turn.speaker for turn in transcript.turns] == ["agent", "customer"]
    assert transcript.turns[0].text == "Hello, this is tess."
    card = said(tess("GET", f"/sessions/{session}/scorecard"), 200)
    assert Scorecard.model_validate(card["scorecard"]).id == session
    points = said(tess("GET", "/progress"), 200)["items"]
    assert {point["session_id"] for point in points} >= {session}


def test_somebody_elses_is_not_there(cast: Cast, door: Door, tess: Program) -> None:
    session = cast.session("tess", graded=True)
    for login in ("tom", "max", "ada"):
        other = Program(door, token_of(cast, login))
        for address in (f"/sessions/{session}", f"/sessions/{session}/scorecard"):
            gone = other("GET", address)
            assert kind(gone, 404) == "no_such_session"
            nothing = other("GET", address.replace(session, "a" * 16))
            assert gone.text.replace(session, "a" * 16) == nothing.text
        form = {"private": True}
        assert kind(other("PUT", f"/sessions/{session}/private", form), 404) == "no_such_session"
    assert all(
        each["person"] == cast.account("tess").id
        for each in said(tess("GET", "/sessions?limit=200"), 200)["items"]
    )


def test_pages_of_a_list_are_bounded_and_add_up(cast: Cast, tess: Program) -> None:
    for _ in range(3):
        cast.session("tess")
    whole = said(tess("GET", "/sessions?limit=200"), 200)
    parts: list[Any] = []
    while len(parts) < whole["total"]:
        part = said(tess("GET", f"/sessions?limit=2&offset={len(parts)}"), 200)
        assert part["total"] == whole["total"]
        parts += part["items"]
    assert parts == whole["items"]
    for wrong in ("limit=0", "limit=201", "offset=-1", "limit=x", "offset=99999999999999999999"):
        assert kind(tess("GET", f"/sessions?{wrong}"), 422) == "invalid"


def test_private_while_it_goes_on_and_not_after(cast: Cast, tess: Program, max_: Program) -> None:
    session, person = cast.session("tess"), cast.account("tess").id
    address = f"/sessions/{session}/private"
    assert said(tess("PUT", address, {"private": True}), 200)["private"] is True
    assert cast.records.summary(session).private
    assert ("session.private", session) in [
        (each.what, each.session) for each in cast.records.audit_trail(who=person)
    ]
    assert kind(max_("GET", f"/team/sessions/{session}"), 404) == "not_in_your_teams"
    cast.practice.end(session, person)
    assert said(tess("PUT", address, {"private": False}), 200)["private"] is False
    assert kind(tess("PUT", address, {"private": True}), 409) == "too_late"
    assert kind(tess("GET", f"/sessions/{session}/scorecard"), 404) == "not_graded"


def test_the_export_holds_what_is_ones_own_and_no_formulas(cast: Cast, tess: Program) -> None:
    person = cast.account("tess").id
    session = cast.session("tess")
    list(cast.practice.reply(session, person, '=HYPERLINK("https://evil.example")'))
    cast.session("tom")
    answer = tess("GET", "/me/export")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/zip"
    assert "attachment" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        rows = list(csv.DictReader(io.StringIO(archive.read("messages.csv").decode())))
    assert b"Hello, this is tess." in everything
    assert b"Hello, this is tom." not in everything
    assert [row["text"][:6] for row in rows if "HYPER" in row["text"]] == ["'=HYPE"]
    assert (person, person, None) in cast.audited("person.exported")


def test_who_one_is(cast: Cast, tess: Program) -> None:
    me = said(tess("GET", "/me"), 200)
    assert (me["login"], me["role"]) == ("tess", "trainee")
    assert "grade" in me["token"]["scopes"]
    assert "hash" not in json.dumps(me)


# --- managing -----------------------------------------------------------------------------------


def test_a_manager_reads_and_overrides_their_teams_sessions(cast: Cast, max_: Program) -> None:
    session, tess = cast.session("tess", graded=True), cast.account("tess").id
    [team] = said(max_("GET", "/team"), 200)
    assert {person["name"] for person in team["people"]} == {"Tess", "Tara"}
    listed = said(max_("GET", f"/team/people/{tess}/sessions?limit=200"), 200)
    assert session in [each["id"] for each in listed["items"]]
    found = said(max_("GET", f"/team/sessions/{session}"), 200)
    assert found["transcript"]["turns"][0]["text"] == "Hello, this is tess."
    assert (cast.account("max").id, tess, session) in cast.audited("session.seen")
    form = {"criterion": "logic", "score": 90, "reason": "She asked first."}
    made = said(max_("POST", f"/team/sessions/{session}/overrides", form), 201)
    assert (made["score"], made["by"]) == (90, cast.account("max").id)
    again = said(max_("GET", f"/team/sessions/{session}"), 200)
    assert again["overrides"] == [made]
    assert again["scorecard"] == found["scorecard"]


def test_not_those_of_other_teams(cast: Cast, door: Door) -> None:
    session, tess = cast.session("tess", graded=True), cast.account("tess").id
    mona = Program(door, token_of(cast, "mona"))
    form = {"criterion": "logic", "score": 90, "reason": "because"}
    before = cast.records.overrides.find()
    for answer in (
        mona("GET", f"/team/people/{tess}/sessions"),
        mona("GET", f"/team/sessions/{session}"),
        mona("POST", f"/team/sessions/{session}/overrides", form),
    ):
        assert kind(answer, 404) == "not_in_your_teams"
    assert cast.records.overrides.find() == before


# --- grading ------------------------------------------------------------------------------------

CONVERSATION = {
    "id": "c-17",
    "language": "en",
    "scenario": None,
    "turns": [
        {"speaker": "customer", "text": "Where is my parcel?", "at": "2026-11-02T09:14:03Z"},
        {"speaker": "agent", "text": "Let me look. May I have the order number?"},
    ],
    "written_by": "another program",
}


def test_conversations_are_taken_and_graded_later(cast: Cast, door: Door, tess: Program) -> None:
    answer = tess("POST", "/transcripts", {"transcripts": [CONVERSATION], "inspector": "both"})
    job = said(answer, 202)
    assert answer.headers["location"] == f"/api/v1/transcripts/{job['id']}"
    for _ in range(500):
        found = said(tess("GET", f"/transcripts/{job['id']}"), 200)
        if found["status"] == "done":
            break
        door.client.portal.call(_pause)  # type: ignore[union-attr]
    [card] = found["results"]
    assert Scorecard.model_validate(card).id == "c-17"
    assert card["rules"] is not None
    other = Program(door, token_of(cast, "ada"))
    assert kind(other("GET", f"/transcripts/{job['id']}"), 404) == "not_found"


async def _pause() -> None:
    import anyio

    await anyio.sleep(0.02)


@pytest.mark.parametrize(
    "form",
    [
        {"transcripts": []},
        {"transcripts": [CONVERSATION | {"turns": []}]},
        {"transcripts": [CONVERSATION | {"turns": [{"speaker": "bot", "text": "Hi"}]}]},
        {"transcripts": [CONVERSATION, CONVERSATION]},
        {"transcripts": [CONVERSATION | {"id": str(n)} for n in range(MOST_AT_ONCE + 1)]},
        {"transcripts": [CONVERSATION], "rubric": "../rubrics/core.yaml"},
        {"transcripts": [CONVERSATION], "wish": 1},
        [CONVERSATION],
    ],
)
def test_what_cannot_be_graded_is_refused_at_once(tess: Program, form: Any) -> None:
    assert kind(tess("POST", "/transcripts", form), 422) in ("invalid", "unfit")


# --- people and webhooks ------------------------------------------------------------------------


def test_an_account_is_made_disabled_and_enabled(cast: Cast, door: Door, ada: Program) -> None:
    form = {"login": "nina", "name": "Nina", "teams": ["North"], "password": "four quiet boats"}
    made = said(ada("POST", "/people", form), 201)
    assert "password" not in json.dumps(made)
    assert kind(ada("POST", "/people", form), 409) == "taken"
    nina = Program(door, token_of(cast, "nina"))
    assert nina("GET", "/me").status == 200
    assert said(ada("POST", f"/people/{made['id']}/disable"), 200)["disabled"] is True
    assert kind(nina("GET", "/me"), 401) == "no_token"
    assert said(ada("POST", f"/people/{made['id']}/enable"), 200)["disabled"] is False
    assert nina("GET", "/me").status == 200
    assert kind(ada("GET", "/people/nobody"), 404) == "not_found"
    weak = form | {"login": "otto", "password": "short"}
    assert kind(ada("POST", "/people", weak), 422) == "weak_password"
    listed = said(ada("GET", "/people?limit=200"), 200)
    assert made["id"] in [each["id"] for each in listed["items"]]
    assert "hash" not in json.dumps(listed)


def test_the_last_administrator_stays(cast: Cast, ada: Program) -> None:
    answer = ada("POST", f"/people/{cast.account('ada').id}/disable")
    assert kind(answer, 422) == "unfit"
    assert not cast.account("ada").disabled


def test_teams(ada: Program) -> None:
    made = said(ada("POST", "/teams", {"name": "West"}), 201)
    assert made in said(ada("GET", "/teams"), 200)["items"]
    assert kind(ada("POST", "/teams", {"name": "West"}), 409) == "taken"


def test_a_webhooks_secret_is_shown_once(cast: Cast, ada: Program) -> None:
    made = said(ada("POST", "/webhooks", {"url": "https://example.org/hook"}), 201)
    assert made["secret"].startswith("whsec_")
    assert made["secret"] not in ada("GET", "/webhooks").text
    cast.session("tess", graded=True)
    [delivery] = said(ada("GET", f"/webhooks/{made['id']}/deliveries"), 200)["items"]
    assert delivery["event"] == "session.graded"
    gone = ada("DELETE", f"/webhooks/{made['id']}")
    assert (gone.status, gone.body) == (204, b"")
    assert kind(ada("DELETE", f"/webhooks/{made['id']}"), 404) == "not_found"
    wrong = {"url": "https://169.254.169.254/latest"}
    assert kind(ada("POST", "/webhooks", wrong), 422) == "unfit"


# --- the door -----------------------------------------------------------------------------------


def test_a_stranger_learns_nothing(door: Door) -> None:
    stranger = Program(door, None)
    for path in ("/me", "/nope", "/openapi.json", "/docs", "/people", "/"):
        answer = stranger("GET", path)
        assert kind(answer, 401) == "no_token"
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert door.knock("GET", "/api/v1").status == 401
    assert door.knock("GET", "/api/").status == 401


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer spardesk_x", "Basic dGVzczp4", "Bearer \x00", "bearer é"],
)
def test_what_is_no_token_does_not_count(door: Door, header: str) -> None:
    assert kind(door.knock("GET", "/api/v1/me", authorization=header), 401) == "no_token"


def test_a_token_that_ran_out_or_was_revoked_does_not_count(cast: Cast, door: Door) -> None:
    tokens = cast.site.people.tokens
    made = tokens.create(OPERATOR, "tara", "x", ["sessions"], days=1)
    tara = Program(door, made.secret)
    assert tara("GET", "/me").status == 200
    tokens.revoke(OPERATOR, made.token.id)
    assert kind(tara("GET", "/me"), 401) == "no_token"
    made = tokens.create(OPERATOR, "tara", "x", ["sessions"], days=1)
    tara = Program(door, made.secret)
    assert tara("GET", "/me").status == 200
    cast.clock.at += timedelta(days=1)
    try:
        assert kind(tara("GET", "/me"), 401) == "no_token"
    finally:
        cast.clock.at -= timedelta(days=1)


def test_who_is_no_manager_any_more_manages_nothing(cast: Cast, door: Door) -> None:
    mona = Program(door, token_of(cast, "mona"))
    assert mona("GET", "/team").status == 200
    accounts = cast.site.people.accounts
    accounts.set_role(OPERATOR, "mona", cast.site.people.role("trainee"))
    try:
        assert kind(mona("GET", "/team"), 403) == "not_allowed"
    finally:
        accounts.set_role(OPERATOR, "mona", cast.site.people.role("manager"))


def test_errors_have_one_form(door: Door, tess: Program) -> None:
    assert kind(tess("GET", "/nope"), 404) == "not_found"
    assert kind(tess("DELETE", "/me"), 405) == "wrong_method"
    assert tess("DELETE", "/people").headers["allow"] == "GET, POST"
    assert kind(tess("GET", "/team"), 403) == "scope_missing"
    assert kind(tess("GET", "/sessions/a%00b"), 422) == "invalid"
    large = {"transcripts": [CONVERSATION], "rubric": "x" * MAX_BODY}
    assert kind(tess("POST", "/transcripts", large), 413) == "too_large"
    elsewhere = tess("GET", "/me", sec_fetch_site="cross-site", sec_fetch_mode="cors")
    assert kind(elsewhere, 403) == "refused"


def test_the_description_loads_nothing_and_names_every_error(tess: Program) -> None:
    described = said(tess("GET", "/openapi.json"), 200)
    assert described["servers"] == [{"url": "/api/v1"}]
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            assert {"401", "403"} <= set(operation["responses"]), (method, path)
            assert operation["security"] == [{"token": []}], (method, path)
    assert "HTTPValidationError" not in described["components"]["schemas"]
    assert kind(tess("GET", "/docs"), 404) == "not_found"


def test_without_accounts_it_says_how_to_make_one_and_a_token() -> None:
    lonely = Practice(library(), open_records("memory:"), ScriptedModel(default=0.7))
    with running(entrance(Site(lonely), Doors())) as door:
        for token in (None, "spardesk_x"):
            answer = Program(door, token)("GET", "/sessions")
            assert kind(answer, 403) == "no_accounts"
            assert "spardesk users add" in answer.text
            assert "spardesk tokens add" in answer.text


def test_the_account_page_gives_the_same_export_to_ones_own_form_only(
    cast: Cast, door: Door
) -> None:
    token = cast.token("tess")
    stale = door.knock("POST", "/account/export", token, form=b"key=made-up")
    assert stale.status == 400
    assert b"PK" not in stale.body
    good = f"key={form_key(token)}".encode()
    answer = door.knock("POST", "/account/export", token, form=good)
    assert answer.status == 200
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        [account] = json.loads(archive.read("account.json"))
    assert account["login"] == "tess"
    assert "password_hash" not in account
