"""Schemathesis asks for everything that the description of the interface has, sensibly and not.

What it sends is the same at every run. It checks that nothing fails, that answers are as they are
described, that what is not as described is refused, and that nothing is done without a token.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from dialogue.types import Transcript, Turn
from tests.ui.cast import Cast
from tests.ui.programs import API, at_an_address, token_of
from ui.api.app import build_api
from ui.services.access import OPERATOR
from ui.services.transcripts import Order
from ui.web.app import entrance
from ui.web.doors.settings import Doors


@dataclass
class Place:
    address: str
    tokens: dict[str, str]
    known: dict[str, str]
    """Parameter, or one of an address → an id that is there, for whoever may use it."""
    asked: set[tuple[str, int]] = field(default_factory=set)
    """Operations with the statuses that came back."""


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    cast = Cast()
    people = cast.site.people
    hooks = [people.webhooks.add(OPERATOR, URL, ["session.graded"]).id for _ in range(2)]
    spare = people.accounts.create(OPERATOR, "spare", "Spare", people.role("trainee"))
    turn = Turn(speaker="agent", text="Hello, how can I help?")
    order = Order((Transcript(id="a", language="en", turns=(turn,)),), inspector="rules")
    known = {
        "session_id": cast.session("max", graded=True),
        "PUT /sessions/{session_id}/private": cast.session("max"),
        "GET /team/sessions/{session_id}": cast.session("tess", graded=True),
        "POST /team/sessions/{session_id}/overrides": cast.session("tess", graded=True),
        "person": cast.account("tess").id,
        "POST /people/{person}/disable": spare.id,
        "POST /people/{person}/enable": spare.id,
        "webhook": hooks[0],
        "DELETE /webhooks/{webhook}": hooks[1],
        "job_id": cast.site.transcripts.submit(cast.actor("max"), order).id,
    }
    tokens = {login: token_of(cast, login) for login in ("max", "ada")}
    with at_an_address(entrance(cast.site, Doors())) as address:
        yield Place(address, tokens, known)


@pytest.fixture(autouse=True)
def reachable(place: Place, open_ports: set[int]) -> None:
    """The server listens since before the guard that lets tests connect to their own ports."""
    open_ports.add(int(place.address.rpartition(":")[2]))


def described(mode: str) -> Any:
    config = {
        "seed": 7,
        "generation": {"mode": mode, "deterministic": True, "database": "none"},
        # 413, too: more than may be sent at once is refused before anybody looks what it is.
        "checks": {"negative_data_rejection": {"expected-statuses": ["4xx"]}},
    }
    return schemathesis.openapi.from_dict(
        build_api(Cast().site).openapi() | {"servers": [{"url": API}]},
        config=SchemathesisConfig.from_dict(config),
    )


URL = "https://example.org/hook"

FITTING: dict[str, dict[str, Any]] = {
    "POST /people": {"login": "new", "name": "New", "teams": [], "password": None},
    "POST /team/sessions/{session_id}/overrides": {"criterion": "logic", "reason": "because"},
    "POST /teams": {"name": "West"},
    "POST /webhooks": {"url": URL},
}
"""What a description cannot say: which names there are, what is guessed easily."""

ANYTHING = described("all")
SENSIBLE = described("positive")

BOUNDED = settings(
    max_examples=4,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def ask(place: Place, case: schemathesis.Case) -> None:
    """As somebody whose role may; who may not is asked about in `test_access.py`."""
    is_for_admins = case.operation.path.startswith(("/people", "/teams", "/webhooks"))
    login = "ada" if is_for_admins else "max"
    headers = {"Authorization": f"Bearer {place.tokens[login]}"}
    # A status 422 is also for what the form allows and the service does not.
    response = case.call_and_validate(
        base_url=place.address + API,
        headers=headers,
        excluded_checks=[positive_data_acceptance],
    )
    place.asked.add((case.operation.label, response.status_code))


@ANYTHING.parametrize()
@BOUNDED
def test_nothing_fails_whatever_is_sent(place: Place, case: schemathesis.Case) -> None:
    ask(place, case)


@SENSIBLE.parametrize()
@BOUNDED
def test_what_is_there_is_as_described(place: Place, case: schemathesis.Case) -> None:
    """With ids of what is there, so that more than "not found" comes back."""
    label = case.operation.label
    for name in case.path_parameters:
        case.path_parameters[name] = place.known.get(label, place.known[name])
    if isinstance(case.body, dict):
        case.body |= FITTING.get(label, {})
    ask(place, case)


@SENSIBLE.parametrize()
@settings(BOUNDED, max_examples=2)
def test_a_stranger_gets_nothing(place: Place, case: schemathesis.Case) -> None:
    case.headers.pop("Authorization", None)
    response = case.call(base_url=place.address + API)
    assert response.status_code == 401, case.operation.label
    assert response.json()["error"]["kind"] == "no_token"


def test_every_address_gave_what_it_is_for(place: Place) -> None:
    """Runs last: whoever may use an address got more than a refusal from it."""
    labels = {operation.ok().label for operation in ANYTHING.get_all_operations()}
    assert len(labels) > 20
    assert labels - {label for label, status in place.asked if 200 <= status < 300} == set()
