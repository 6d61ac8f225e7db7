"""Accounts on the command line, and what they change about listening."""

from collections.abc import Callable

import pytest

from tests.cli.conftest import Outcome
from ui.cli.errors import UsageError
from ui.cli.reach import doors_of
from ui.settings import Settings

Run = Callable[..., Outcome]
PASSWORD = "four quiet wooden boats"


def add(spardesk: Run, login: str, *more: str, password: str = PASSWORD) -> Outcome:
    return spardesk(
        "users", "add", login, "--name", login.title(), "--password-stdin", *more, stdin=password
    )


def test_accounts_and_teams_are_made_listed_and_changed(spardesk: Run) -> None:
    assert spardesk("teams", "add", "First line").code == 0
    assert add(spardesk, "ada", "--role", "admin").code == 0
    assert add(spardesk, "tess", "--team", "First line").code == 0
    assert spardesk("users", "role", "tess", "trainer").code == 0
    assert spardesk("users", "disable", "tess").code == 0
    rows = spardesk("users", "list", "--json").json
    assert [tuple(row.values()) for row in rows] == [
        ("ada", "Ada", "admin", "", "enabled"),
        ("tess", "Tess", "trainer", "First line", "disabled"),
    ]
    assert spardesk("users", "enable", "tess").code == 0
    assert spardesk("users", "teams", "tess").code == 0
    assert spardesk("teams", "list", "--json").json == [{"name": "First line", "people": ""}]
    done = spardesk("users", "password", "tess", "--password-stdin", stdin="another good one\n")
    assert done.code == 0
    assert "another good one" not in done.out + done.err


@pytest.mark.parametrize(
    ("arguments", "stdin", "said"),
    [
        (["users", "add", "tess", "--name", "T", "--password-stdin"], "short", "12 to 200"),
        (["users", "add", "tess", "--name", "T"], "", "--password-stdin"),
        (["users", "add", "tess", "--name", "T", "--team", "West", "--no-password"], "", "'West'"),
        (["users", "disable", "nobody"], "", "no account 'nobody'"),
        (["tokens", "revoke", "none"], "", "no token 'none'"),
        (["tokens", "add", "nobody", "--name", "x", "--scope", "grade"], "", "no account"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    spardesk: Run, arguments: list[str], stdin: str, said: str
) -> None:
    outcome = spardesk(*arguments, stdin=stdin)
    assert outcome.code != 0
    assert said in outcome.err
    assert "Traceback" not in outcome.err


def test_a_token_is_printed_once_and_listed_without_its_secret(spardesk: Run) -> None:
    add(spardesk, "ada", "--role", "admin")
    made = spardesk("tokens", "add", "ada", "--name", "export", "--scope", "people")
    secret = made.out.strip()
    assert secret.startswith("spardesk_")
    [row] = spardesk("tokens", "list", "--json").json
    assert (row["login"], row["scopes"], row["state"]) == ("ada", "people", "good")
    assert secret not in str(row)
    assert spardesk("tokens", "revoke", row["id"]).code == 0
    assert spardesk("tokens", "list", "--json").json[0]["state"] == "revoked"


def test_other_machines_are_let_in_when_there_are_accounts_and_names(spardesk: Run) -> None:
    refused = spardesk("--host", "0.0.0.0")
    assert refused.code == 2
    assert "spardesk users add LOGIN --name NAME --role admin" in refused.err
    add(spardesk, "ada", "--role", "admin")
    with pytest.raises(UsageError, match="--allowed-hosts"):
        doors_of(Settings.from_environment().with_options(host="0.0.0.0"))
    named = {"host": "0.0.0.0", "allowed_hosts": "spardesk.example.org, b.example.org"}
    doors = doors_of(Settings.from_environment().with_options(**named))
    assert doors.hosts[-2:] == ("spardesk.example.org", "b.example.org")
    assert "0.0.0.0" not in doors.hosts
    assert not doors.alone


def test_this_machine_alone_needs_no_accounts() -> None:
    assert doors_of(Settings.from_environment()).alone


@pytest.mark.parametrize(
    ("options", "secret"),
    [
        ({"sso_issuer": "https://id.example.org"}, "s"),
        ({"sso_client": "spardesk"}, "s"),
        ({"sso_issuer": "https://id.example.org", "sso_client": "spardesk"}, ""),
        ({"sso_issuer": "http://id.example.org", "sso_client": "spardesk"}, "s"),
    ],
)
def test_a_single_sign_on_is_set_completely_and_over_tls(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, str], secret: str
) -> None:
    monkeypatch.setenv("SPARDESK_SSO_SECRET", secret)
    with pytest.raises(UsageError):
        doors_of(Settings.from_environment().with_options(**options))


def test_a_complete_single_sign_on_is_taken_and_its_secret_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SPARDESK_SSO_SECRET", "very secret")
    options = {"sso_issuer": "https://id.example.org/", "sso_client": "spardesk"}
    doors = doors_of(Settings.from_environment().with_options(**options))
    assert doors.single_sign_on
    assert doors.single_sign_on.issuer == "https://id.example.org"
    assert "very secret" not in repr(doors)
