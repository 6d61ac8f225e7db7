"""One's own: who one is, sessions, scorecards, progress, and everything that is kept."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse
from fastapi.security import HTTPAuthorizationCredentials
from starlette.requests import Request

from records.types import SessionSummary
from ui.api.answers import FullSession, Graded, Me, Page, TokenFacts
from ui.api.door import Holding, caller_of, documented
from ui.api.download import ZIP, export_file
from ui.api.errors import refusals
from ui.api.forms import Privacy
from ui.api.parameters import Id, Which
from ui.services.access import Actor
from ui.services.site import Site
from ui.services.views import ProgressPoint

OfSessions = Annotated[Actor, Depends(Holding("sessions"))]
OfScorecards = Annotated[Actor, Depends(Holding("scorecards"))]
OfProgress = Annotated[Actor, Depends(Holding("progress"))]
OfExport = Annotated[Actor, Depends(Holding("export"))]


def own_routes(site: Site) -> APIRouter:
    """The addresses of what is one's own."""
    router = APIRouter(tags=["own"])
    _add_me(router, site)
    _add_sessions(router, site)
    return router


def _add_me(router: APIRouter, site: Site) -> None:
    @router.get("/me", responses=refusals())
    def me(
        request: Request,
        _: Annotated[HTTPAuthorizationCredentials | None, Depends(documented)],
    ) -> Me:
        """On whose behalf the token asks, and what it may. Takes any token."""
        caller = caller_of(request)
        account, token = site.people.accounts.own(caller.actor), caller.token
        facts = token.model_dump(include=set(TokenFacts.model_fields))
        return Me(
            **account.model_dump(include={"id", "login", "name", "role", "teams"}),
            token=TokenFacts.model_validate(facts),
        )

    @router.get(
        "/me/export",
        responses=refusals(404) | {200: {"content": {ZIP: {}}, "description": "A ZIP"}},
        response_class=StreamingResponse,
    )
    def export(actor: OfExport) -> StreamingResponse:
        """Everything that is kept about oneself: JSON, and CSV that is harmless in spreadsheets."""
        return export_file(site.own.export(actor), actor.id)


def _add_sessions(router: APIRouter, site: Site) -> None:
    @router.get("/sessions", responses=refusals(422))
    def sessions(
        actor: OfSessions, part: Which, graded: bool | None = None
    ) -> Page[SessionSummary]:
        """One's own practice sessions, newest first."""
        return Page.of(site.own.sessions(actor, part, graded), part)

    @router.get("/sessions/{session_id}", responses=refusals(404, 422))
    def session(actor: OfSessions, session_id: Id) -> FullSession:
        """One of one's own sessions with all that was said."""
        found = site.own.session(actor, session_id)
        return FullSession(session=found.summary, transcript=found.transcript)

    @router.put("/sessions/{session_id}/private", responses=refusals(404, 409, 422))
    def mark_private(actor: OfSessions, session_id: Id, form: Privacy) -> SessionSummary:
        """Keep a session from one's manager while it goes on; show it again at any time."""
        return site.own.mark_private(actor, session_id, form.private)

    @router.get("/sessions/{session_id}/scorecard", responses=refusals(404, 422))
    def scorecard(actor: OfScorecards, session_id: Id) -> Graded:
        """The scorecard of one of one's own sessions, and what managers said about it."""
        found = site.own.scorecard(actor, session_id)
        return Graded(scorecard=found.card, overrides=list(found.overrides))

    @router.get("/progress", responses=refusals(422))
    def progress(actor: OfProgress, part: Which) -> Page[ProgressPoint]:
        """One's scores per criterion over time, oldest first."""
        return Page.of(site.own.progress(actor, part), part)
