"""What a manager sees of whom, and another score beside the machine's."""

import pytest

from tests.ui.cast import NORTH, Cast
from ui.services.errors import NotAllowed, NotYourPeople, TooLate, Unfit
from ui.services.managing import latest


@pytest.fixture
def cast() -> Cast:
    return Cast()


def test_a_manager_sees_the_trainees_and_trainers_of_their_teams_only(cast: Cast) -> None:
    [team] = cast.site.managing.teams(cast.actor("max"))
    assert team.name == NORTH
    assert [member.name for member in team.members] == ["Tara", "Tess"]


@pytest.mark.parametrize("login", ["tess", "tara", "ada"])
def test_nobody_else_manages(cast: Cast, login: str) -> None:
    session, actor = cast.session("tess", graded=True), cast.actor(login)
    managing, person = cast.site.managing, cast.account("tess").id
    for use in (
        lambda: managing.teams(actor),
        lambda: managing.member(actor, person),
        lambda: managing.session(actor, session),
        lambda: managing.override(actor, session, "logic", 90, "because"),
    ):
        with pytest.raises(NotAllowed):
            use()
    assert cast.records.overrides.find() == []


def test_sessions_of_others_and_those_that_are_none_look_the_same(cast: Cast) -> None:
    """Another team's, another manager's own, an administrator's, a private one, none."""
    private = cast.session("tess")
    cast.practice.mark_private(private, cast.account("tess").id, True)
    cast.practice.end(private, cast.account("tess").id)
    sessions = [cast.session(login) for login in ("tom", "mona", "ada")] + [private, "nope", ""]
    for session in sessions:
        for use in (
            lambda s: cast.site.managing.session(cast.actor("max"), s),
            lambda s: cast.site.managing.override(cast.actor("max"), s, "logic", 90, "because"),
        ):
            with pytest.raises(NotYourPeople) as refused:
                use(session)
            assert str(refused.value) == str(NotYourPeople())
    assert cast.audited("session.seen") == []


@pytest.mark.parametrize("login", ["tom", "max", "mona", "ada"])
def test_people_of_others_and_those_that_are_none_look_the_same(cast: Cast, login: str) -> None:
    for person in (cast.account(login).id, "nope", ""):
        with pytest.raises(NotYourPeople):
            cast.site.managing.member(cast.actor("max"), person)


def test_a_private_session_is_a_number_and_nothing_else(cast: Cast) -> None:
    person = cast.account("tess").id
    shown, hidden = cast.session("tess", graded=True), cast.session("tess")
    cast.practice.mark_private(hidden, person, True)
    cast.practice.end(hidden, person)
    cast.practice.grade(hidden, person)
    member = cast.site.managing.member(cast.actor("max"), person)
    assert (member.line.sessions, member.line.private, member.line.graded) == (1, 1, 1)
    assert [summary.id for summary in member.sessions] == [shown]
    card = cast.practice.scorecard(shown, person)
    assert card
    assert member.line.total == pytest.approx(card.total)
    assert hidden not in str(cast.site.managing.teams(cast.actor("max")))
    assert len(cast.practice.sessions(person)) == 2


def test_a_session_is_marked_private_while_it_goes_on_and_can_be_shown_later(cast: Cast) -> None:
    person = cast.account("tess").id
    ended, open_ = cast.session("tess", graded=True), cast.session("tess")
    with pytest.raises(TooLate):
        cast.practice.mark_private(ended, person, True)
    assert not cast.practice.is_private(ended, person)
    cast.practice.mark_private(open_, person, True)
    cast.practice.end(open_, person)
    cast.practice.mark_private(open_, person, False)
    assert cast.site.managing.session(cast.actor("max"), open_).view.id == open_


def test_seeing_a_session_is_written_down(cast: Cast) -> None:
    session = cast.session("tess", graded=True)
    found = cast.site.managing.session(cast.actor("max"), session)
    assert found.card
    assert found.view.lines[0].text == "Hello, this is tess."
    who = (cast.account("max").id, cast.account("tess").id, session)
    assert cast.audited("session.seen") == [who]


def test_another_score_stands_beside_the_machines(cast: Cast) -> None:
    session, person = cast.session("tess", graded=True), cast.account("tess").id
    before = cast.practice.scorecard(session, person)
    manager = cast.actor("max")
    for score, reason in ((80, "She did ask."), (70, "On reflection.")):
        cast.site.managing.override(manager, session, "empathy", score, reason)
        cast.clock.on(minutes=1)
    assert cast.practice.scorecard(session, person) == before
    assert before
    seen = cast.practice.overrides(session, person)
    assert [override.score for override in seen] == [80, 70]
    assert seen[0].machine_score == before.criteria["empathy"].score
    assert latest(seen)["empathy"].reason == "On reflection."
    who = (manager.id, person, session)
    assert cast.audited("score.overridden") == [who, who]


@pytest.mark.parametrize(
    ("criterion", "score", "reason"),
    [("beauty", 50, "x"), ("logic", 101, "x"), ("logic", -1, "x"), ("logic", 50, "  "),
     ("logic", 50, "x" * 2001), ("logic", float("nan"), "x")],
)  # fmt: skip
def test_a_score_needs_a_criterion_a_number_and_a_reason(
    cast: Cast, criterion: str, score: float, reason: str
) -> None:
    session = cast.session("tess", graded=True)
    with pytest.raises(Unfit):
        cast.site.managing.override(cast.actor("max"), session, criterion, score, reason)
    assert cast.records.overrides.find() == []


def test_only_a_graded_session_gets_another_score(cast: Cast) -> None:
    with pytest.raises(Unfit):
        cast.site.managing.override(cast.actor("max"), cast.session("tess"), "logic", 50, "x")


def test_people_are_told_once_that_they_are_recorded(cast: Cast) -> None:
    person = cast.account("tess").id
    assert not cast.practice.was_told(person)
    cast.practice.note_told(person)
    assert cast.practice.was_told(person)
    cast.session("tess")
    assert cast.practice.was_told(person), "a start remembers the choice, and forgets nothing"
    assert not cast.practice.was_told(cast.account("tom").id)
