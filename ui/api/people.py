"""Accounts, teams and webhooks, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Depends

from ui.api.answers import DeliveryState, Hook, NewHook, Page, Person, TeamName
from ui.api.door import Holding
from ui.api.errors import refusals
from ui.api.forms import NewPerson, NewTeam, NewWebhook
from ui.api.parameters import Id, Which
from ui.services.access import Actor
from ui.services.listing import Listed
from ui.services.site import People

OfPeople = Annotated[Actor, Depends(Holding("people"))]
OfHooks = Annotated[Actor, Depends(Holding("webhooks"))]


def people_routes(people: People) -> APIRouter:
    """The addresses of accounts and teams."""
    router, accounts = APIRouter(tags=["people"]), people.accounts

    @router.get("/people", responses=refusals(422))
    def everybody(actor: OfPeople, part: Which) -> Page[Person]:
        """All accounts, by login."""
        found = part.of([Person.of(account) for account in accounts.all(actor)])
        return Page.of(found, part)

    @router.post("/people", status_code=201, responses=refusals(409, 422))
    def add(actor: OfPeople, form: NewPerson) -> Person:
        """Make an account."""
        made = accounts.create(actor, form.login, form.name, form.role, form.teams, form.password)
        return Person.of(made)

    @router.get("/people/{person}", responses=refusals(404, 422))
    def one(actor: OfPeople, person: Id) -> Person:
        """One account."""
        return Person.of(accounts.with_id(actor, person))

    @router.post("/people/{person}/disable", responses=refusals(404, 422))
    def disable(actor: OfPeople, person: Id) -> Person:
        """Let nobody in with an account any more, nor with its tokens; what they did stays."""
        accounts.disable(actor, accounts.with_id(actor, person).login)
        return Person.of(accounts.with_id(actor, person))

    @router.post("/people/{person}/enable", responses=refusals(404, 422))
    def enable(actor: OfPeople, person: Id) -> Person:
        """Let the person in again."""
        accounts.enable(actor, accounts.with_id(actor, person).login)
        return Person.of(accounts.with_id(actor, person))

    @router.get("/teams", responses=refusals(422))
    def teams(actor: OfPeople, part: Which) -> Page[TeamName]:
        """All teams, by name."""
        found = part.of([TeamName.of(team) for team in accounts.teams(actor)])
        return Page.of(found, part)

    @router.post("/teams", status_code=201, responses=refusals(409, 422))
    def add_team(actor: OfPeople, form: NewTeam) -> TeamName:
        """Make a team."""
        return TeamName.of(accounts.add_team(actor, form.name))

    return router


def webhook_routes(people: People) -> APIRouter:
    """The addresses of webhooks."""
    router = APIRouter(prefix="/webhooks", tags=["webhooks"])
    hooks = people.webhooks

    @router.get("", responses=refusals(422))
    def every(actor: OfHooks, part: Which) -> Page[Hook]:
        """All webhooks, oldest first, without their secrets."""
        return Page.of(part.of([Hook.of(hook) for hook in hooks.all(actor)]), part)

    @router.post("", status_code=201, responses=refusals(422))
    def add(actor: OfHooks, form: NewWebhook) -> NewHook:
        """Have an address hear of events. The secret is shown this once."""
        made = hooks.add(actor, form.url, form.events)
        return NewHook(**Hook.of(made).model_dump(), secret=made.secret)

    @router.delete("/{webhook}", status_code=204, responses=refusals(404, 422))
    def remove(actor: OfHooks, webhook: Id) -> None:
        """Tell an address nothing more, also not what waits."""
        hooks.remove(actor, webhook)

    @router.get("/{webhook}/deliveries", responses=refusals(404, 422))
    def deliveries(actor: OfHooks, webhook: Id, part: Which) -> Page[DeliveryState]:
        """What an address heard or is to hear, newest first."""
        found = hooks.deliveries(actor, webhook, part)
        states = Listed(tuple(map(DeliveryState.of, found.items)), found.total)
        return Page.of(states, part)

    return router
