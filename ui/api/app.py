"""The interface for programs as an app of its own, to be mounted under `PREFIX`."""

from fastapi import FastAPI

from ui.api.door import Door
from ui.api.errors import PREFIX, add_handlers
from ui.api.grading import grading_routes
from ui.api.own import own_routes
from ui.api.people import people_routes, webhook_routes
from ui.api.team import team_routes
from ui.services.site import Site

__all__ = ["PREFIX", "build_api"]


def build_api(site: Site) -> FastAPI:
    """The app. Its description is at `/openapi.json`, for whoever has a token."""
    api = FastAPI(
        title="Spardesk",
        version="1",
        summary="Practice sessions, scorecards, people and grading, for programs.",
        docs_url=None,  # they load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
    )
    add_handlers(api)
    api.add_middleware(Door, people=site.people)
    for router in (
        own_routes(site),
        grading_routes(site),
        team_routes(site),
        people_routes(site.people),
        webhook_routes(site.people),
    ):
        api.include_router(router)
    return api
