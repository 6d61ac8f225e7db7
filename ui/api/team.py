"""What managers see of their teams, and their scores beside the machine's."""

from typing import Annotated

from fastapi import APIRouter, Depends

from dialogue.types import Transcript
from records.reviewing import Override
from records.types import SessionSummary
from ui.api.answers import Page, TeamSession, TeamWithPeople
from ui.api.door import Holding
from ui.api.errors import refusals
from ui.api.forms import NewOverride
from ui.api.parameters import Id, Which
from ui.services.access import Actor
from ui.services.own import shown
from ui.services.site import Site

OfTeam = Annotated[Actor, Depends(Holding("team"))]


def team_routes(site: Site) -> APIRouter:
    """The addresses of managing."""
    router = APIRouter(prefix="/team", tags=["team"])
    managing = site.managing

    @router.get("", responses=refusals())
    def teams(actor: OfTeam) -> list[TeamWithPeople]:
        """One's teams with their people and averages; private sessions are a number only."""
        return [
            TeamWithPeople(id=team.id, name=team.name, people=list(team.members))
            for team in managing.teams(actor)
        ]

    @router.get("/people/{person}/sessions", responses=refusals(404, 422))
    def sessions(actor: OfTeam, person: Id, part: Which) -> Page[SessionSummary]:
        """The sessions of somebody in one's teams that are not private, newest first."""
        return Page.of(managing.sessions(actor, person, part), part)

    @router.get("/sessions/{session_id}", responses=refusals(404, 422))
    def session(actor: OfTeam, session_id: Id) -> TeamSession:
        """A session with scorecard and overrides. That it was seen is written down."""
        found = managing.session(actor, session_id)
        view = found.view
        return TeamSession(
            person=found.person,
            name=found.name,
            title=view.title,
            transcript=Transcript(
                id=view.id,
                language=view.language,
                scenario=view.scenario,
                turns=tuple(shown(view.lines)),
            ),
            scorecard=found.card,
            overrides=list(found.overrides),
        )

    @router.post("/sessions/{session_id}/overrides", status_code=201, responses=refusals(404, 422))
    def override(actor: OfTeam, session_id: Id, form: NewOverride) -> Override:
        """Put a score beside the machine's, with the reason. Both are kept."""
        return managing.override(actor, session_id, form.criterion, form.score, form.reason)

    return router
