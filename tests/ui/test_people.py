"""Accounts, logins, limits, tokens: the services, with a clock that tests move."""

from datetime import timedelta
from pathlib import Path

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from records import Taken, open_records
from records.people import Role
from tests.ui.cast import NORTH, PASSWORD, SOUTH, Cast
from ui.cli.operating import RoleName
from ui.services.access import LOCAL, OPERATOR
from ui.services.errors import (
    LoginFailed,
    NotAllowed,
    PracticeError,
    TooManyTries,
    Unfit,
    WeakPassword,
)
from ui.services.people import passwords
from ui.services.people.limits import PER_ADDRESS, PER_LOGIN, WINDOW
from ui.services.people.logins import IDLE, LONGEST, hash_token
from ui.services.people.passwords import check_strength, hash_password, verify

HERE = "10.0.0.9"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same algorithm with less memory, so that many logins take no time."""
    cheap = PasswordHash([Argon2Hasher(time_cost=1, memory_cost=1024, parallelism=1)])
    monkeypatch.setattr(passwords, "_hasher", lambda: cheap)
    nobodys = cheap.hash("nobody has this one")
    monkeypatch.setattr(passwords, "_nobodys", lambda: nobodys)


@pytest.fixture
def cast(tmp_path: Path) -> Cast:
    return Cast(open_records(tmp_path / "people"), passwords=("tess",))


def test_the_roles_of_the_command_line_are_those_of_the_records() -> None:
    assert set(RoleName.__args__) == {role.value for role in Role}


# --- passwords ----------------------------------------------------------------------------------


@pytest.mark.parametrize("password", ["short", "x" * 201, "ababababababab", "tess is my login"])
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        check_strength(password, "tess")


def test_a_password_is_kept_as_an_argon2_hash_and_found_again() -> None:
    known = hash_password(PASSWORD)
    assert known.startswith("$argon2id$")
    assert verify(PASSWORD, known) == (True, None)
    assert not verify(PASSWORD + "!", known)[0]
    assert not verify(PASSWORD, None)[0]
    assert not verify(PASSWORD, "no hash at all")[0]


def test_the_real_hash_takes_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    memory = int(hash_password(PASSWORD).partition("m=")[2].partition(",")[0])
    assert memory >= 19 * 1024, "KiB; what OWASP asks for at least"


def test_an_outdated_hash_is_made_anew_at_login(cast: Cast) -> None:
    old = PasswordHash([Argon2Hasher(time_cost=1, memory_cost=512, parallelism=1)]).hash(PASSWORD)
    account = cast.account("tess").model_copy(update={"password_hash": old})
    cast.records.accounts.put(account)
    log_in(cast)
    after = cast.account("tess").password_hash
    assert after != old
    assert verify(PASSWORD, after) == (True, None)


# --- logins -------------------------------------------------------------------------------------


def log_in(cast: Cast, login: str = "tess", password: str = PASSWORD, address: str = HERE) -> str:
    return cast.site.people.logins.log_in(login, password, address)


def test_a_login_gives_a_token_of_which_only_a_hash_is_kept(cast: Cast) -> None:
    token = log_in(cast, " TESS ")
    actor = cast.site.people.logins.actor(token)
    assert actor
    assert actor.id == cast.account("tess").id
    kept = "".join(path.read_text() for path in Path(cast.records.place).glob("*.json*"))
    assert hash_token(token) in kept
    assert token not in kept
    assert PASSWORD not in kept
    assert cast.audited("login") == [(actor.id, actor.id, None)]


@pytest.mark.parametrize(
    ("login", "password"), [("tess", "wrong wrong wrong"), ("nobody", PASSWORD), ("tom", PASSWORD)]
)
def test_every_failed_login_says_the_same(cast: Cast, login: str, password: str) -> None:
    with pytest.raises(LoginFailed) as refused:
        log_in(cast, login, password)
    assert str(refused.value) == str(LoginFailed())
    assert len(cast.audited("login.failed")) == 1


def test_an_unknown_login_is_checked_as_long_as_a_known_one(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What takes the time is the hash; it is computed either way."""
    asked: list[str] = []
    real = PasswordHash.verify_and_update

    def counted(self: PasswordHash, password: str, known: str) -> tuple[bool, str | None]:
        asked.append(known)
        return real(self, password, known)

    monkeypatch.setattr(PasswordHash, "verify_and_update", counted)
    for login in ("tess", "nobody", "tom"):
        with pytest.raises(LoginFailed):
            log_in(cast, login, "wrong wrong wrong")
    assert len(asked) == 3
    assert len({known.rpartition("$")[0].rpartition("$")[0] for known in asked}) == 1


def test_a_login_typed_into_the_wrong_box_is_not_written_down(cast: Cast) -> None:
    with pytest.raises(LoginFailed):
        log_in(cast, "my secret password", "tess")
    kept = "".join(path.read_text() for path in Path(cast.records.place).glob("*.json*"))
    assert "my secret password" not in kept


def test_a_disabled_account_is_out_at_once_and_stays_out(cast: Cast) -> None:
    token = log_in(cast)
    cast.site.people.accounts.disable(OPERATOR, "tess")
    assert cast.site.people.logins.actor(token) is None
    with pytest.raises(NotAllowed):
        cast.site.people.logins.fresh(cast.account("tess").id)
    with pytest.raises(LoginFailed):
        log_in(cast)
    cast.site.people.accounts.enable(OPERATOR, "tess")
    assert cast.site.people.logins.actor(token) is None
    assert cast.site.people.logins.actor(log_in(cast))


def test_a_login_ends_when_nothing_comes_and_after_the_longest_time(cast: Cast) -> None:
    logins = cast.site.people.logins
    idle, used = log_in(cast), log_in(cast)
    start = cast.clock.at
    while cast.clock.at < start + LONGEST - timedelta(hours=1):
        cast.clock.on(hours=1)
        assert logins.actor(used)
    assert logins.actor(idle) is None
    assert LONGEST - timedelta(hours=1) > IDLE
    cast.clock.on(hours=1)
    assert logins.actor(used) is None
    logins.sweep()
    assert cast.records.logins.find() == []


def test_a_new_login_takes_the_place_of_the_browsers_earlier_one(cast: Cast) -> None:
    first = log_in(cast)
    second = cast.site.people.logins.log_in("tess", PASSWORD, HERE, earlier=first)
    assert cast.site.people.logins.actor(first) is None
    assert cast.site.people.logins.actor(second)


def test_logging_out_ends_one_login_and_everywhere_all(cast: Cast) -> None:
    logins = cast.site.people.logins
    one, two, three = log_in(cast), log_in(cast), log_in(cast)
    logins.log_out(one)
    assert logins.actor(one) is None
    assert logins.actor(two)
    with pytest.raises(NotAllowed):
        logins.log_out_everywhere(cast.actor("max"), cast.account("tess").id)
    logins.log_out_everywhere(cast.actor("tess"), cast.account("tess").id)
    assert [logins.actor(token) for token in (two, three)] == [None, None]


def test_the_local_person_is_gone_with_the_first_account(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        cast.site.people.logins.fresh(LOCAL.id)
    for account in cast.records.accounts.find():
        cast.records.accounts.remove(account.id)
    assert cast.site.people.logins.fresh(LOCAL.id) == LOCAL


# --- limits -------------------------------------------------------------------------------------


def test_a_login_is_tried_so_often_and_no_more_also_after_a_restart(cast: Cast) -> None:
    for n in range(PER_LOGIN):
        with pytest.raises(LoginFailed):
            log_in(cast, password="wrong wrong wrong", address=f"10.0.1.{n}")
    with pytest.raises(TooManyTries, match="Wait 15 minutes"):
        log_in(cast, address="10.0.2.1")
    cast.site.people.__init__(open_records(cast.records.place), cast.clock)  # type: ignore[misc]
    with pytest.raises(TooManyTries):
        log_in(cast, address="10.0.2.2")
    assert len(cast.audited("login.blocked")) == 1
    cast.clock.on(seconds=WINDOW.total_seconds() + 1)
    assert log_in(cast)


def test_a_login_that_nobody_has_is_limited_as_well(cast: Cast) -> None:
    for n in range(PER_LOGIN):
        with pytest.raises(LoginFailed):
            log_in(cast, "nobody", address=f"10.0.1.{n}")
    with pytest.raises(TooManyTries):
        log_in(cast, "nobody")


def test_an_address_is_limited_over_all_logins(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.services.people.limits.PER_ADDRESS", 5)
    for n in range(5):
        with pytest.raises(LoginFailed):
            log_in(cast, f"guess{n}")
    with pytest.raises(TooManyTries):
        log_in(cast)
    assert log_in(cast, address="10.0.3.3")
    assert PER_ADDRESS > PER_LOGIN


def test_good_logins_use_up_no_tries(cast: Cast) -> None:
    for _ in range(PER_LOGIN + 2):
        log_in(cast)
    assert cast.records.failures.find() == []


# --- accounts -----------------------------------------------------------------------------------

CHANGES = [
    lambda a, who: a.all(who),
    lambda a, who: a.teams(who),
    lambda a, who: a.named(who, "tom"),
    lambda a, who: a.create(who, "eve", "Eve", Role.ADMIN),
    lambda a, who: a.disable(who, "tom"),
    lambda a, who: a.enable(who, "tom"),
    lambda a, who: a.set_role(who, "tess", Role.ADMIN),
    lambda a, who: a.set_teams(who, "max", [SOUTH]),
    lambda a, who: a.set_password(who, "tess", PASSWORD),
    lambda a, who: a.add_team(who, "East"),
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("login", ["tess", "tara", "max"])
def test_only_administrators_change_accounts(cast: Cast, change, login: str) -> None:  # type: ignore[no-untyped-def]
    before = cast.records.accounts.find(), cast.records.teams.find()
    with pytest.raises(NotAllowed):
        change(cast.site.people.accounts, cast.actor(login))
    assert (cast.records.accounts.find(), cast.records.teams.find()) == before
    change(cast.site.people.accounts, cast.actor("ada"))


def test_a_role_counts_from_the_next_request_on_and_is_written_down(cast: Cast) -> None:
    token = cast.token("tess")
    cast.site.people.accounts.set_role(cast.actor("ada"), "tess", Role.TRAINER)
    actor = cast.site.people.logins.actor(token)
    assert actor
    assert actor.may(actor.rights and next(r for r in actor.rights if r == "author"))
    assert cast.audited("account.role_changed") == [
        (cast.account("ada").id, cast.account("tess").id, None)
    ]


def test_there_is_always_an_administrator(cast: Cast) -> None:
    accounts = cast.site.people.accounts
    for last in (
        lambda: accounts.disable(OPERATOR, "ada"),
        lambda: accounts.set_role(OPERATOR, "ada", Role.MANAGER),
    ):
        with pytest.raises(Unfit, match="last administrator"):
            last()
    accounts.set_role(OPERATOR, "tara", Role.ADMIN)
    accounts.disable(OPERATOR, "ada")


def test_a_login_is_there_once_whatever_its_capitals(cast: Cast) -> None:
    with pytest.raises(Taken):
        cast.site.people.accounts.create(OPERATOR, "TESS", "Another", Role.TRAINEE)


@pytest.mark.parametrize("login", ["", "   ", "a\x00b", "x" * 101, "a\u202eb"])
def test_odd_logins_are_refused(cast: Cast, login: str) -> None:
    with pytest.raises(Unfit):
        cast.site.people.accounts.create(OPERATOR, login, "Name", Role.TRAINEE)


def test_an_unknown_team_is_named(cast: Cast) -> None:
    with pytest.raises(Unfit, match="'West'"):
        cast.site.people.accounts.set_teams(OPERATOR, "tess", [NORTH, "West"])


def test_a_password_change_needs_the_old_one_and_ends_all_logins(cast: Cast) -> None:
    accounts, logins = cast.site.people.accounts, cast.site.people.logins
    token = log_in(cast)
    with pytest.raises(LoginFailed):
        accounts.change_password(cast.actor("tess"), "wrong wrong wrong", "another good one", HERE)
    assert logins.actor(token)
    accounts.change_password(cast.actor("tess"), PASSWORD, "another good one", HERE)
    assert logins.actor(token) is None
    with pytest.raises(LoginFailed):
        log_in(cast)
    assert log_in(cast, password="another good one")


def test_a_password_cannot_be_guessed_through_the_change_of_it(cast: Cast) -> None:
    for _ in range(PER_LOGIN):
        with pytest.raises(LoginFailed):
            cast.site.people.accounts.change_password(cast.actor("tess"), "guess", "x" * 12, HERE)
    with pytest.raises(TooManyTries):
        cast.site.people.accounts.change_password(cast.actor("tess"), PASSWORD, "x" * 12, HERE)


# --- tokens -------------------------------------------------------------------------------------


def test_a_token_does_what_its_scopes_and_its_owner_may(cast: Cast) -> None:
    tokens = cast.site.people.tokens
    made = tokens.create(cast.actor("max"), "max", "report", ["team"])
    assert tokens.check(made.secret, "team").id == cast.account("max").id
    with pytest.raises(NotAllowed):
        tokens.check(made.secret, "sessions")
    with pytest.raises(NotAllowed):
        tokens.check(made.secret + "x", "team")
    cast.site.people.accounts.set_role(OPERATOR, "max", Role.TRAINEE)
    with pytest.raises(NotAllowed):
        tokens.check(made.secret, "team")


def test_a_token_ends(cast: Cast) -> None:
    tokens = cast.site.people.tokens
    dated = tokens.create(cast.actor("tess"), "tess", "dated", ["sessions"], days=1)
    revoked = tokens.create(cast.actor("tess"), "tess", "revoked", ["sessions"])
    with pytest.raises(Unfit):
        tokens.revoke(cast.actor("tom"), revoked.token.id)
    tokens.revoke(cast.actor("tess"), revoked.token.id)
    with pytest.raises(NotAllowed):
        tokens.check(revoked.secret, "sessions")
    assert tokens.check(dated.secret, "sessions")
    cast.clock.on(days=1)
    with pytest.raises(NotAllowed):
        tokens.check(dated.secret, "sessions")


def test_nobody_makes_a_token_beyond_their_role_or_for_others(cast: Cast) -> None:
    tokens = cast.site.people.tokens
    for who, login, scopes in (
        ("tess", "tess", ["people"]),
        ("tess", "tom", ["sessions"]),
        ("max", "tess", ["sessions"]),
        ("ada", "ada", ["team"]),
        ("tess", "tess", ["everything"]),
        ("tess", "tess", []),
    ):
        with pytest.raises(PracticeError):
            tokens.create(cast.actor(who), login, "x", scopes)
    assert tokens.all(cast.actor("ada")) == []


# --- the trail ----------------------------------------------------------------------------------


def test_only_administrators_see_the_trail_and_that_is_in_it(cast: Cast) -> None:
    log_in(cast)
    for login in ("tess", "tara", "max"):
        with pytest.raises(NotAllowed):
            cast.site.people.audit.trail(cast.actor(login))
    seen = cast.site.people.audit.trail(cast.actor("ada"))
    assert seen[0].what == "login"
    assert len(cast.audited("audit.seen")) == 1
