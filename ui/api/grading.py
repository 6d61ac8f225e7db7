"""Finished conversations to be graded."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from ui.api.door import Holding
from ui.api.errors import refusals
from ui.api.forms import NewJob
from ui.api.parameters import Id
from ui.services.access import Actor
from ui.services.site import Site
from ui.services.views import JobView

ToGrade = Annotated[Actor, Depends(Holding("grade"))]


def grading_routes(site: Site) -> APIRouter:
    """The addresses of grading."""
    router = APIRouter(tags=["grading"])

    @router.post("/transcripts", status_code=202, responses=refusals(422, 429))
    def submit(actor: ToGrade, form: NewJob, response: Response) -> JobView:
        """Have conversations graded in the background. Ask at the address in `Location`."""
        job = site.transcripts.submit(actor, form.order)
        response.headers["Location"] = f"/api/v1/transcripts/{job.id}"
        return job

    @router.get("/transcripts/{job_id}", responses=refusals(404, 422))
    def job(actor: ToGrade, job_id: Id) -> JobView:
        """How far it is, and the scorecards that are done."""
        return site.transcripts.job(actor, job_id)

    return router
