"""Webhooks: added and removed by administrators, and what became of their deliveries."""

import secrets
from collections.abc import Iterable

from records import Records
from records.hooks import Delivery, Webhook
from ui.services.access import Actor, Right
from ui.services.auditing import Auditing, What
from ui.services.clock import Clock
from ui.services.errors import Missing, Unfit
from ui.services.listing import Listed, Part
from ui.services.webhooks.addresses import Addresses
from ui.services.webhooks.outbox import EVENTS
from ui.services.webhooks.signing import new_secret

MOST = 50
"""Webhooks."""


class Webhooks:
    """Which addresses hear of what."""

    def __init__(
        self, records: Records, audit: Auditing, clock: Clock, addresses: Addresses
    ) -> None:
        self._records = records
        self._audit = audit
        self._clock = clock
        self._addresses = addresses

    def all(self, actor: Actor) -> list[Webhook]:
        """All webhooks, oldest first; raises `NotAllowed`."""
        actor.require(Right.ADMINISTER)
        return sorted(self._records.webhooks.find(), key=lambda hook: hook.created_at)

    def add(self, actor: Actor, url: str, events: Iterable[str]) -> Webhook:
        """A new webhook. Its secret is for showing once; raises `NotAllowed`, `Unfit`."""
        actor.require(Right.ADMINISTER)
        self._addresses.check(url)
        wanted = tuple(dict.fromkeys(events))
        if not wanted or not set(wanted) <= set(EVENTS):
            raise Unfit(f"A webhook hears of events out of: {', '.join(EVENTS)}.")
        if len(self._records.webhooks.find()) >= MOST:
            raise Unfit(f"There are {MOST} webhooks already. Remove one first.")
        hook = Webhook(
            id=secrets.token_hex(6),
            url=url,
            secret=new_secret(),
            events=wanted,
            created_at=self._clock(),
        )
        self._records.webhooks.add(hook)
        self._audit.note(actor.id, What.WEBHOOK_ADDED, webhook=hook.id, url=url)
        return hook

    def remove(self, actor: Actor, hook_id: str) -> None:
        """Tell an address nothing more, also not what waits; raises `NotAllowed`, `Missing`."""
        hook = self._found(actor, hook_id)
        self._records.webhooks.remove(hook.id)
        for delivery in self._records.deliveries.find(webhook=hook.id):
            self._records.deliveries.remove(delivery.id)
        self._audit.note(actor.id, What.WEBHOOK_REMOVED, webhook=hook.id, url=hook.url)

    def deliveries(self, actor: Actor, hook_id: str, part: Part) -> Listed[Delivery]:
        """A part of what a webhook was or is to hear, newest first.

        Raises `NotAllowed`, `Missing`.
        """
        hook = self._found(actor, hook_id)
        found = self._records.deliveries.find(webhook=hook.id)
        return part.of(sorted(found, key=lambda delivery: delivery.created_at, reverse=True))

    def _found(self, actor: Actor, hook_id: str) -> Webhook:
        actor.require(Right.ADMINISTER)
        hook = self._records.webhooks.get(hook_id)
        if hook is None:
            raise Missing(f"There is no webhook {hook_id!r}. `spardesk webhooks list` names them.")
        return hook
