"""Who may what: every address and every function, as everybody, against a written table.

The table is `access.yaml`. An address or a function that is not in it fails.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount

from records import open_records
from tests.scripted import ScriptedModel
from tests.ui.cast import Cast, library
from tests.ui.knocking import Door, running
from tests.ui.programs import API, scopes_of, token_of
from ui.services.practice import Practice
from ui.web.app import build_app

TABLE = yaml.safe_load((Path(__file__).parent / "access.yaml").read_text(encoding="utf-8"))

LOGINS = {
    "nobody": None,
    "trainee": "tess",
    "trainer": "tara",
    "manager": "max",
    "admin": "ada",
    "disabled": "tom",
}
"""Who knocks → whose login they have; `alone` is the one person of a site without accounts."""

PARAMETERS = {
    "session_hash": "page-{who}",
    "path": "none.js",
    "path_or_url": "/etc/passwd",
    "url_path": "http://127.0.0.1:1/",
    "api_name": "predict",
    "key": "none",
}


class House:
    """The app with accounts, and the one without."""

    def __init__(self, with_accounts: Door, alone: Door, apps: tuple[FastAPI, FastAPI]) -> None:
        self.with_accounts = with_accounts
        self.alone = alone
        self.app = apps[0]
        self.tokens: dict[str, str | None] = {}
        self.programs: dict[str, str] = {}
        """Whose token for all that their role may do."""
        self.narrow: dict[tuple[str, str], str] = {}
        """The same, but for one scope."""

    def knock(self, who: str, method: str, path: str, body: Any = None) -> bool:
        """Whether somebody is let in."""
        door = self.alone if who == "alone" else self.with_accounts
        return door.knock(method, path, self.tokens.get(who), body).was_let_in


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    cast = Cast(open_records(tmp_path_factory.mktemp("people")))
    model = ScriptedModel(reply=lambda _prompt: "Hello?", default=0.7)
    lonely = Practice(library(), open_records("memory:"), model)
    apps = build_app(cast.site), build_app(lonely)
    with running(apps[0]) as with_accounts, running(apps[1]) as alone:
        house = House(with_accounts, alone, apps)
        house.tokens = {who: login and cast.token(login) for who, login in LOGINS.items()}
        for who, login in LOGINS.items():
            if login is None:
                continue
            house.programs[who] = token_of(cast, login)
            for scope in scopes_of(cast, login):
                others = scopes_of(cast, login, but=scope)
                house.narrow[who, scope] = token_of(cast, login, *others)
        cast.site.people.accounts.disable(cast.actor("ada"), "tom")
        yield house


def expected(group: str) -> set[str]:
    return set(TABLE["groups"][group])


WHO = sorted({"alone", *LOGINS})


def test_the_table_knows_everybody_who_knocks() -> None:
    named = {who for group in TABLE["groups"].values() for who in group}
    assert named <= set(WHO)
    assert "disabled" not in expected("account")
    assert not expected("closed")


def own_routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    for context in iter_route_contexts([r for r in app.routes if not isinstance(r, Mount)]):
        for method in sorted(context.methods or ()):
            yield method, str(context.path)


def mounted(app: FastAPI) -> dict[str, Any]:
    return {route.path: route.app for route in app.routes if isinstance(route, Mount)}


def rooms(app: FastAPI) -> dict[str, Any]:
    return {path: room for path, room in mounted(app).items() if path != API}


def gradio_routes(app: Any) -> Iterator[tuple[str, str]]:
    for context in iter_route_contexts(app.routes):
        assert context.path is not None, "an address that cannot be walked"
        for method in sorted(context.methods or ("GET",)):
            yield method, context.path


def filled(path: str, who: str) -> str:
    """A path with something for each of its parameters."""

    def value(match: re.Match[str]) -> str:
        return PARAMETERS.get(match[1].partition(":")[0], "1").format(who=who)

    return re.sub(r"\{([^}]+)\}", value, path)


def test_every_address_of_ours_is_for_whom_the_table_says(house: House) -> None:
    found = {f"{method} {path}" for method, path in own_routes(house.app)}
    assert found == set(TABLE["routes"])
    wrong = []
    for row, group in TABLE["routes"].items():
        method, path = row.split()
        # Logging out would end the logins of this very test; the door is what is asked about.
        body = {"not": "a form"} if method == "POST" else None
        let_in = {who for who in WHO if house.knock(who, method, path, body)}
        if let_in != expected(group):
            wrong.append((row, sorted(let_in)))
    assert wrong == []


def test_every_address_of_every_room_is_for_whom_the_table_says(house: House) -> None:
    assert set(rooms(house.app)) == set(TABLE["rooms"])
    wrong, unknown = [], []
    for prefix, app in rooms(house.app).items():
        pages = TABLE["rooms"][prefix]["pages"]
        for method, path in gradio_routes(app):
            row, is_page = f"{method} {path}", method == "GET" and path in pages
            if prefix == "" and row in TABLE["routes"]:
                continue  # ours stands before it, and was asked about
            if row not in TABLE["gradio"] and not is_page:
                unknown.append(f"{prefix} {row}")
                continue
            is_open = is_page or TABLE["gradio"][row] == "room"
            group = TABLE["rooms"][prefix]["for"] if is_open else "closed"
            body = {"none": ""} if method == "POST" else None
            let_in = {
                who for who in WHO if house.knock(who, method, prefix + filled(path, who), body)
            }
            if let_in != expected(group):
                wrong.append((prefix, row, sorted(let_in)))
    assert (wrong, unknown) == ([], [])


def ask(house: House, who: str, row: str, token: str | None, cookie: str | None = None) -> int:
    """The status that a program gets."""
    method, path = row.split()
    door = house.alone if who == "alone" else house.with_accounts
    sent = {"authorization": f"Bearer {token}"} if token else {}
    body = {"not": "a form"} if method in ("POST", "PUT") else None
    return door.knock(method, API + filled(path, who), cookie, body, **sent).status


def test_every_address_for_programs_is_for_whom_the_table_says(house: House) -> None:
    found = {f"{method} {path}" for method, path in gradio_routes(mounted(house.app)[API])}
    assert found == set(TABLE["api"])
    wrong = []
    for row, access in TABLE["api"].items():
        statuses = {who: ask(house, who, row, house.programs.get(who)) for who in WHO}
        let_in = {who for who, status in statuses.items() if status not in (401, 403)}
        if let_in != expected(access["for"]) or statuses["nobody"] != 401:
            wrong.append((row, statuses))
    assert wrong == []


def test_a_token_without_the_scope_opens_nothing_of_it(house: House) -> None:
    asked = 0
    for row, access in TABLE["api"].items():
        for who in expected(access["for"]) if "scope" in access else ():
            asked += 1
            token = house.narrow[who, access["scope"]]
            assert ask(house, who, row, token) == 403, (row, who)
    assert asked > 40


def test_a_browsers_login_opens_nothing_for_programs(house: House) -> None:
    """Else a page elsewhere could have a browser ask."""
    for row in TABLE["api"]:
        for who in ("trainee", "manager", "admin"):
            assert ask(house, who, row, None, cookie=house.tokens[who]) == 401, (row, who)


def test_a_programs_token_opens_no_page(house: House) -> None:
    token = house.programs["admin"]
    for way in ({"authorization": f"Bearer {token}"}, {"cookie": f"spardesk={token}"}):
        assert not house.with_accounts.knock("GET", "/admin/", **way).was_let_in


def functions(app: Any) -> Iterator[tuple[int, str, Any]]:
    for index, function in app.get_blocks().fns.items():
        name = getattr(function.fn, "__qualname__", None)
        yield index, name or f"script {function.targets[0][1]}", function


def test_every_function_of_every_room_is_for_whom_the_table_says(house: House) -> None:
    wrong, unknown = [], []
    for prefix, app in rooms(house.app).items():
        room = TABLE["rooms"][prefix]
        found = set()
        for index, name, function in functions(app):
            found.add(name)
            if name not in room["functions"]:
                unknown.append(f"{prefix} {name}")
                continue
            assert function.api_visibility == "private", name
            let_in = {who for who in WHO if call(house, who, prefix, index, function)}
            if let_in != expected(room["for"]):
                wrong.append((prefix, name, sorted(let_in)))
        assert found >= set(room["functions"]), "the table names what is not there"
    assert (wrong, unknown) == ([], [])


def call(house: House, who: str, prefix: str, index: int, function: Any) -> bool:
    way = "queue/join" if function.queue else "run/predict"
    body = {
        "fn_index": index,
        "data": ["" for _ in function.inputs],
        "event_data": {},
        "session_hash": f"calls-{who}",
    }
    return house.knock(who, "POST", f"{prefix}/gradio_api/{way}", body)


def test_a_function_of_another_room_cannot_be_called_through_ones_own(house: House) -> None:
    """The numbers of functions begin anew in each room: an admin's is not in the trainee's."""
    names = {name for _, name, _ in functions(rooms(house.app)[""])}
    assert not [name for name in names if name.startswith(("Accounts", "Trail", "Review", "Team"))]


@pytest.mark.parametrize(
    "path",
    ["//admin/", "/admin/../admin/", "/ADMIN/", "/admin//", "/manage/./", "/admin/%2e/", "/admin;/",
     "/login/../admin/", "/public/../admin/", "/public/../../etc/passwd", "/assets/../config"],
)  # fmt: skip
def test_odd_paths_lead_nowhere(house: House, path: str) -> None:
    for who in ("nobody", "trainee"):
        answer = house.with_accounts.knock("GET", path, house.tokens[who])
        assert not answer.was_let_in
        assert b"Accounts" not in answer.body
