"""What a manager sees and says: their teams, a person, a session, another score beside it.

Sessions that are kept private are numbers here and nothing else, and so is everybody else's
session: what cannot be seen looks as if it were not there.
"""

import secrets
from datetime import datetime

from records import Records, SessionQuery, SessionSummary, UnknownSession, Window
from records.people import Account, Team
from records.reviewing import Override
from records.types import PersonAverages
from ui.services.access import Actor, Right, is_managed_by
from ui.services.auditing import Auditing, What
from ui.services.clock import Clock
from ui.services.errors import NotYourPeople, Unfit
from ui.services.listing import Listed, Part
from ui.services.practice import Practice
from ui.services.views import MemberLine, MemberView, ReviewedSession, TeamView

MAX_REASON = 2_000
"""Characters."""


class Managing:
    """A manager's use cases. Each asks again whose people they are."""

    def __init__(self, practice: Practice, records: Records, audit: Auditing, clock: Clock) -> None:
        self._practice = practice
        self._records = records
        self._audit = audit
        self._clock = clock

    def teams(self, manager: Actor) -> list[TeamView]:
        """The manager's teams with their people; raises `NotAllowed`."""
        people = self._people(manager)
        found = self._records.averages(Window(persons=tuple(people)))
        averages = {each.person: each for each in found}
        return [
            TeamView(
                id=team.id,
                name=team.name,
                members=tuple(
                    _line(account, averages.get(account.id))
                    for account in sorted(people.values(), key=lambda a: a.name.casefold())
                    if team.id in account.teams
                ),
            )
            for team in self._teams(manager)
        ]

    def member(self, manager: Actor, person: str) -> MemberView:
        """One person and their sessions, newest first; raises `NotAllowed`, `NotYourPeople`."""
        account = self._people(manager).get(person)
        if account is None:
            raise NotYourPeople
        averages = self._records.averages(Window(persons=(person,)))
        shown = self._records.find_sessions(SessionQuery(persons=(person,), private=False))
        return MemberView(
            line=_line(account, averages[0] if averages else None),
            sessions=tuple(self._practice.titled(summary) for summary in shown),
        )

    def sessions(self, manager: Actor, person: str, part: Part) -> Listed[SessionSummary]:
        """A part of a person's sessions that are not private, newest first.

        Raises `NotAllowed`, `NotYourPeople`.
        """
        if person not in self._people(manager):
            raise NotYourPeople
        query = SessionQuery(persons=(person,), private=False, limit=part.limit, offset=part.offset)
        shown = tuple(map(self._practice.titled, self._records.find_sessions(query)))
        return Listed(shown, self._records.count_sessions(query))

    def session(self, manager: Actor, session_id: str) -> ReviewedSession:
        """A session with its scorecard, and a line in the audit trail that it was seen.

        Raises `NotAllowed`, `NotYourPeople`.
        """
        summary, account = self._session(manager, session_id)
        self._audit.note(manager.id, What.SESSION_SEEN, account.id, session_id)
        return ReviewedSession(
            person=account.id,
            name=account.name,
            view=self._practice.view(session_id, summary.person),
            card=self._practice.scorecard(session_id, summary.person),
            overrides=self._practice.overrides(session_id, summary.person),
        )

    def override(
        self, manager: Actor, session_id: str, criterion: str, score: float, reason: str
    ) -> Override:
        """Put a score beside the machine's, with the reason. Both are kept.

        Raises `NotAllowed`, `NotYourPeople`, `Unfit`.
        """
        summary, account = self._session(manager, session_id)
        card = self._practice.scorecard(session_id, summary.person)
        if card is None or criterion not in card.criteria:
            raise Unfit("There is no such score in this session. It has to be graded first.")
        if not 0 <= score <= 100:
            raise Unfit("A score is a number from 0 to 100.")
        if not reason.strip() or len(reason) > MAX_REASON:
            raise Unfit(f"Say why, in 1 to {MAX_REASON:,} characters: the person will read it.")
        override = Override(
            id=secrets.token_hex(8),
            session=session_id,
            criterion=criterion,
            machine_score=card.criteria[criterion].score,
            score=score,
            reason=reason.strip(),
            by=manager.id,
            at=self._clock(),
        )
        self._records.overrides.add(override)
        self._note_override(override, account.id)
        return override

    # --- inside ---------------------------------------------------------------------------------

    def _note_override(self, override: Override, person: str) -> None:
        machine = override.machine_score
        detail = {
            "criterion": override.criterion,
            "machine": "could not judge" if machine is None else f"{machine:.1f}",
            "score": f"{override.score:g}",
        }
        self._audit.note(override.by, What.SCORE_OVERRIDDEN, person, override.session, **detail)

    def _people(self, manager: Actor) -> dict[str, Account]:
        """By id, disabled ones included: what they did is still there."""
        manager.require(Right.MANAGE)
        found = self._records.accounts.find()
        return {account.id: account for account in found if is_managed_by(manager, account)}

    def _teams(self, manager: Actor) -> list[Team]:
        found = self._records.teams.find()
        mine = [team for team in found if team.id in manager.teams]
        return sorted(mine, key=lambda team: team.name.casefold())

    def _session(self, manager: Actor, session_id: str) -> tuple[SessionSummary, Account]:
        people = self._people(manager)
        try:
            summary = self._records.summary(session_id)
        except UnknownSession as error:
            raise NotYourPeople from error
        if summary.private or summary.person not in people:
            raise NotYourPeople
        return summary, people[summary.person]


def _line(account: Account, averages: PersonAverages | None) -> MemberLine:
    known = averages or PersonAverages(person=account.id)
    return MemberLine(
        person=account.id,
        name=account.name,
        disabled=account.disabled,
        sessions=known.sessions,
        private=known.private,
        graded=known.graded,
        total=known.total,
        scores=known.scores,
    )


def latest(overrides: tuple[Override, ...]) -> dict[str, Override]:
    """Criterion → the last word on it."""

    def moment(override: Override) -> datetime:
        return override.at

    return {override.criterion: override for override in sorted(overrides, key=moment)}
