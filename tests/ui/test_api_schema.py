"""Schemathesis asks for everything that the description of the interface has, sensibly and not.

What it sends is the same at every run. It checks that nothing fails, that answers are as they are
described, that what is not as described is refused, and that nothing is done without a token.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import (
    GenerationConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.generation import GenerationMode

from tests.ui.cast import Cast
from tests.ui.programs import API, at_an_address, token_of
from ui.api.app import build_api
from ui.services.access import OPERATOR
from ui.web.app import entrance
from ui.web.doors.settings import Doors

EXAMPLES = 6


@dataclass
class Place:
    address: str
    tokens: dict[str, str]
    known: dict[str, str]
    """Parameter → an id that is there, for whoever may use it."""
    asked: set[tuple[str, int]] = field(default_factory=set)
    """Operations with the statuses that came back."""


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    cast = Cast()
    people = cast.site.people
    spare = people.accounts.create(OPERATOR, "spare", "Spare", people.role("trainee"))
    hook = people.webhooks.add(OPERATOR, "https://example.org/hook", ["session.graded"])
    known = {
        "session_id": cast.session("max", graded=True),
        "team_session": cast.session("tess", graded=True),
        "person": cast.account("tess").id,
        "spare": spare.id,
        "webhook": hook.id,
        "job_id": "none",
    }
    tokens = {login: token_of(cast, login) for login in ("max", "ada")}
    with at_an_address(entrance(cast.site, Doors())) as address:
        yield Place(address, tokens, known)


def described(modes: list[GenerationMode]) -> schemathesis.BaseSchema:
    generation = GenerationConfig(modes=modes, deterministic=True, database="none")
    api = build_api(Cast().site)
    api.root_path = API
    return schemathesis.openapi.from_dict(
        api.openapi() | {"servers": [{"url": API}]},
        config=SchemathesisConfig(
            seed=7, projects=ProjectsConfig(default=ProjectConfig(generation=generation))
        ),
    )


ANYTHING = described(list(GenerationMode))
SENSIBLE = described([GenerationMode.POSITIVE])

BOUNDED = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def ask(place: Place, case: schemathesis.Case, login: str) -> None:
    headers = {"Authorization": f"Bearer {place.tokens[login]}"}
    response = case.call_and_validate(base_url=place.address + API, headers=headers)
    place.asked.add((case.operation.label, response.status_code))


@pytest.mark.parametrize("login", ["max", "ada"])
@ANYTHING.parametrize()
@BOUNDED
def test_nothing_fails_whatever_is_sent(place: Place, login: str, case: schemathesis.Case) -> None:
    ask(place, case, login)


@SENSIBLE.parametrize()
@BOUNDED
def test_what_is_there_is_as_described(place: Place, case: schemathesis.Case) -> None:
    """With ids of what is there, so that more than "not found" comes back."""
    path = case.operation.path
    login = "ada" if path.startswith(("/people", "/teams", "/webhooks")) else "max"
    for name in case.path_parameters:
        of_team = name == "session_id" and path.startswith("/team")
        changed = name == "person" and path.endswith("able")
        key = "team_session" if of_team else "spare" if changed else name
        case.path_parameters[name] = place.known[key]
    ask(place, case, login)


@ANYTHING.parametrize()
@settings(BOUNDED, max_examples=2)
def test_a_stranger_gets_nothing(place: Place, case: schemathesis.Case) -> None:
    case.headers.pop("Authorization", None)
    response = case.call(base_url=place.address + API)
    assert response.status_code == 401, case.operation.label
    assert response.json()["error"]["kind"] == "no_token"


def test_every_address_was_reached(place: Place) -> None:
    """Runs last: whoever may use an address got more than a refusal from it."""
    labels = {operation.ok().label for operation in ANYTHING.get_all_operations()}
    done = {label for label, status in place.asked if 200 <= status < 300}
    assert labels - done == {"GET /transcripts/{job_id}"}  # its ids are only known after a POST
