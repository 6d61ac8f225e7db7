"""Rows of every kind, in every store."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from records import PersonSettings, Records, Taken, open_records
from records.doors import login_key
from records.hooks import Delivery, Webhook
from records.kinds import KINDS, Kind
from records.people import Account, ApiToken, FailedLogins, LoginSession, Role, Team
from records.reviewing import Override, Review
from records.types import Kept, SettingsOf
from tests.records.making import START


def account(id_: str, login: str | None = None, **more: Any) -> Account:
    return Account(id=id_, login=login or id_, name=id_.title(), created_at=START, **more)


AT = {"created_at": START}


def rows() -> list[Kept]:
    """One of each kind, with every field that can be left out set."""
    return [*people(), *words_of_managers(), *hooks()]


def people() -> list[Kept]:
    return [
        SettingsOf(person="ana", settings=PersonSettings(last_scenario="late-parcel")),
        account(
            "ana",
            role=Role.MANAGER,
            teams=("north", "south"),
            password_hash="$argon2id$…",
            subject="https://login.example#7",
            disabled=True,
            generation=3,
        ),
        Team(id="north", name="Team Nord 北"),
        LoginSession(
            token_hash="a1", account="ana", generation=3, expires_at=START, last_seen=START, **AT
        ),
        ApiToken(
            id="t1",
            token_hash="b2",
            account="ana",
            name="nightly",
            scopes=("sessions:read",),
            expires_at=START,
            revoked_at=START,
            **AT,
        ),
        FailedLogins(key=login_key("ana"), count=3, since=START, last=START),
    ]


def words_of_managers() -> list[Kept]:
    return [
        Override(
            id="o1",
            session="s1",
            criterion="logic",
            check="explains",
            machine_score=40.5,
            machine_answer="no",
            score=80.0,
            answer="yes",
            reason="It did.",
            by="mia",
            at=START,
        ),
        Review(id="r1", session="s1", reason="unsure", at=START, done_by="mia", done_at=START),
    ]


def hooks() -> list[Kept]:
    return [
        Webhook(
            id="w1",
            url="https://example.org/hook",
            secret="s",
            events=("session.graded",),
            active=False,
            **AT,
        ),
        Delivery(
            id="d1",
            webhook="w1",
            event="session.graded",
            body='{"a": 1}',
            due_at=START,
            attempts=2,
            state="given_up",
            problem="410 Gone",
            **AT,
        ),
    ]


def test_there_is_a_row_of_every_kind_here() -> None:
    assert [type(row) for row in rows()] == [kind.model for kind in KINDS]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_row_comes_and_goes(records: Records, kind: Kind[Any]) -> None:
    [row] = [row for row in rows() if isinstance(row, kind.model)]
    table, key = records.table(kind), kind.key_of(row)
    assert (table.get(key), table.find(), table.remove(key)) == (None, [], False)
    table.add(row)
    assert table.get(key) == row
    for field in kind.findable:
        assert table.find(**{field: str(getattr(row, field))}) == [row]
        assert table.find(**{field: "another"}) == []
    assert table.remove(key)
    assert table.find() == []


def test_rows_are_the_same_after_opening_again(place: str) -> None:
    first = open_records(place)
    for kind, row in zip(KINDS, rows(), strict=True):
        first.table(kind).put(row)
    first.close()
    again = open_records(place)
    assert [again.table(kind).find() for kind in KINDS] == [[row] for row in rows()]
    again.close()


def test_rows_are_found_by_key_in_order(records: Records) -> None:
    for id_ in ("zoe", "Ben", "äon", "ana"):
        records.teams.put(Team(id=id_, name=f"Team {id_}"))
    assert [team.id for team in records.teams.find()] == ["Ben", "ana", "zoe", "äon"]
    assert [team.id for team in records.teams.find(name="Team zoe")] == ["zoe"]


def test_rows_without_a_subject_are_found(records: Records) -> None:
    records.accounts.add(account("ana"))
    records.accounts.add(account("ben", subject="issuer#1"))
    assert [each.id for each in records.accounts.find(subject=None)] == ["ana"]
    assert [each.id for each in records.accounts.find(login="ben", subject="issuer#1")] == ["ben"]


def test_what_rows_cannot_be_found_by(records: Records) -> None:
    with pytest.raises(ValueError, match="accounts cannot be found by 'role', only by id, login"):
        records.accounts.find(role="admin")


def test_a_login_is_taken_once_however_it_is_written(records: Records) -> None:
    records.accounts.add(account("ana", "Ana@Example.org"))
    with pytest.raises(Taken, match=r"an account with the login 'ana@example.org'\. Choose"):
        records.accounts.add(account("ben", " ANA@example.ORG "))
    records.accounts.add(account("ben"))
    with pytest.raises(Taken):
        records.accounts.put(account("ben", "ana@example.org"))
    with pytest.raises(Taken):
        records.accounts.change("ben", lambda _: account("ben", "ana@example.org"))
    with pytest.raises(Taken, match="an account with the id 'ana'"):
        records.accounts.add(account("ana", "new"))
    assert [each.login for each in records.accounts.find()] == ["ana@example.org", "ben"]


def test_the_hash_of_a_token_is_not_said(records: Records) -> None:
    token = ApiToken(id="t1", token_hash="b2c3", account="a", name="n", scopes=(), created_at=START)
    records.tokens.add(token)
    with pytest.raises(Taken) as caught:
        records.tokens.add(token.model_copy(update={"id": "t2"}))
    assert "b2c3" not in f"{caught.value} {token!r}"


def test_a_row_is_replaced_whole(records: Records) -> None:
    records.accounts.put(account("ana", subject="issuer#1"))
    records.accounts.put(account("ana", "anna"))
    assert records.accounts.get("ana") == account("ana", "anna")
    assert records.accounts.find(login="ana") == records.accounts.find(subject="issuer#1") == []
    records.accounts.add(account("other", "ana", subject="issuer#1"))


def test_a_change_that_fails_changes_nothing(records: Records) -> None:
    records.accounts.put(account("ana"))

    def fail(_before: Account | None) -> Account:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        records.accounts.change("ana", fail)
    assert records.accounts.get("ana") == account("ana")


def test_a_change_may_make_and_unmake_a_row(records: Records) -> None:
    assert records.teams.change("n", lambda before: before or Team(id="n", name="N")) is not None
    assert records.teams.get("n") == Team(id="n", name="N")
    assert records.teams.change("n", lambda _before: None) is None
    assert records.teams.get("n") is None


def test_what_was_read_does_not_change_with_what_is_kept(records: Records) -> None:
    records.teams.put(Team(id="n", name="before"))
    read = records.teams.find()
    records.teams.put(Team(id="n", name="after"))
    assert read == [Team(id="n", name="before")]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_name_comes_back_and_is_found(records: Records, name: str) -> None:
    team = Team(id=name, name=name)
    records.teams.put(team)
    assert records.teams.get(name) == team
    assert records.teams.find(name=name) == [team]
    records.teams.remove(name)


def test_no_store_is_asked_for_what_one_cannot_hold(records: Records) -> None:
    with pytest.raises(ValueError, match="The id of teams cannot hold the character NUL"):
        records.teams.put(Team(id="n\0", name="N"))
    with pytest.raises(ValueError, match="The name of teams"):
        records.teams.add(Team(id="n", name="N\0"))
    assert records.teams.get("n\0") is None
    assert records.teams.find(name="N\0") == records.teams.find() == []
    assert not records.teams.remove("n\0")


def test_settings_are_per_person(records: Records) -> None:
    records.save_settings("ana", PersonSettings(last_scenario="late-parcel"))
    assert records.settings("ana").last_scenario == "late-parcel"
    assert records.settings("ben") == PersonSettings()
