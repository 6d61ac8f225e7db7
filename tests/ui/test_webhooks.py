"""Webhooks: where they may go; deliveries arrive signed, again after a failure, not for ever."""

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from records.hooks import Delivery, Webhook
from tests.ui.cast import Cast
from ui.services.access import OPERATOR
from ui.services.errors import Missing, NotAllowed, Unfit
from ui.services.listing import Part
from ui.services.webhooks import addresses, sending
from ui.services.webhooks.addresses import Addresses, Forbidden
from ui.services.webhooks.delivering import ATTEMPTS, KEPT, PAUSES

ALL = Part(100)


@dataclass
class Receiver:
    """A program that hears deliveries, at a real address."""

    url: str = ""
    status: int = 204
    location: str | None = None
    drips: bool = False
    heard: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    state = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            state.heard.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            if state.drips:
                self._drip()
                return
            self.send_response(state.status)
            if state.location:
                self.send_header("location", state.location)
            self.end_headers()

        def _drip(self) -> None:
            try:
                while True:
                    self.wfile.write(b"H")
                    time.sleep(0.05)
            except OSError:
                return

        def log_message(self, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}/hook?from=spardesk"
    yield state
    server.shutdown()
    server.server_close()


@pytest.fixture
def cast() -> Cast:
    return Cast()


def add(cast: Cast, url: str, *events: str) -> Webhook:
    return cast.site.people.webhooks.add(OPERATOR, url, events or ["session.graded"])


def kept(cast: Cast) -> list[Delivery]:
    return sorted(cast.records.deliveries.find(), key=lambda each: each.created_at)


def verified(secret: str, headers: dict[str, str], body: bytes, now: float) -> Any:
    """What docs/api.md tells a receiver to do."""
    id_, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
    assert abs(now - int(timestamp)) <= 300, "too old, or from the future"
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{id_}.{timestamp}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert any(
        hmac.compare_digest(f"v1,{expected}", one) for one in headers["webhook-signature"].split()
    )
    return json.loads(body)


def test_a_graded_session_is_heard_of_signed_and_without_its_scores(
    cast: Cast, receiver: Receiver
) -> None:
    hook = add(cast, receiver.url)
    session = cast.session("tess", graded=True)
    assert cast.site.deliverer.deliver_due() == 1
    [(path, headers, body)] = receiver.heard
    assert path == "/hook?from=spardesk"
    assert headers["content-type"] == "application/json"
    told = verified(hook.secret, headers, body, cast.clock.at.timestamp())
    assert told["type"] == "session.graded"
    assert told["data"] == {
        "session": session,
        "person": cast.account("tess").id,
        "scenario": "broken-coffee-machine",
    }
    [delivery] = kept(cast)
    assert (delivery.state, delivery.attempts, delivery.problem) == ("delivered", 1, None)
    assert delivery.id == headers["webhook-id"]
    assert cast.site.deliverer.deliver_due() == 0


def test_a_signature_is_of_this_body_this_moment_and_this_secret(
    cast: Cast, receiver: Receiver
) -> None:
    hook, other = add(cast, receiver.url), add(cast, receiver.url)
    cast.session("tess", graded=True)
    cast.site.deliverer.deliver_due()
    (_, headers, body), _ = receiver.heard
    now = cast.clock.at.timestamp()
    right = hook if headers["webhook-id"] in _ids(cast, hook) else other
    wrong = other if right is hook else hook
    verified(right.secret, headers, body, now)
    changed = headers | {"webhook-timestamp": str(int(now) + 60)}
    for secret, sent, text, when in (
        (right.secret, headers, body + b" ", now),
        (right.secret, changed, body, now),
        (wrong.secret, headers, body, now),
        (right.secret, headers, body, now + 301),
    ):
        with pytest.raises(AssertionError):
            verified(secret, sent, text, when)


def _ids(cast: Cast, hook: Webhook) -> set[str]:
    return {delivery.id for delivery in cast.records.deliveries.find(webhook=hook.id)}


def test_of_a_private_session_nobody_hears(cast: Cast, receiver: Receiver) -> None:
    add(cast, receiver.url)
    session, person = cast.session("tess"), cast.account("tess").id
    cast.practice.mark_private(session, person, True)
    cast.practice.end(session, person)
    cast.practice.grade(session, person)
    assert kept(cast) == []


def test_what_fails_is_tried_again_ever_later_and_then_given_up(
    cast: Cast, receiver: Receiver
) -> None:
    add(cast, receiver.url)
    receiver.status = 500
    cast.session("tess", graded=True)
    for number, pause in enumerate(PAUSES, start=1):
        assert cast.site.deliverer.deliver_due() == 1
        [delivery] = kept(cast)
        assert (delivery.attempts, delivery.state) == (number, "waiting")
        assert delivery.problem == "answered with the status 500"
        assert delivery.due_at == cast.clock.at + pause
        cast.clock.on(seconds=pause.total_seconds() - 1)
        assert cast.site.deliverer.deliver_due() == 0
        cast.clock.on(seconds=1)
    assert cast.site.deliverer.deliver_due() == 1
    [delivery] = kept(cast)
    assert (delivery.attempts, delivery.state) == (ATTEMPTS, "given_up")
    assert len(receiver.heard) == ATTEMPTS
    cast.clock.on(days=1)
    assert cast.site.deliverer.deliver_due() == 0
    cast.clock.on(seconds=KEPT.total_seconds())
    cast.site.deliverer.sweep()
    assert kept(cast) == []


def test_a_receiver_that_comes_back_gets_all_in_order(cast: Cast, receiver: Receiver) -> None:
    add(cast, receiver.url)
    receiver.status = 503
    sessions = []
    for _ in range(3):
        sessions.append(cast.session("tess", graded=True))
        cast.clock.on(seconds=1)
    cast.site.deliverer.deliver_due()
    assert len(receiver.heard) == 1, "after a failure the others wait for the next round"
    receiver.status, receiver.heard[:] = 200, []
    cast.clock.on(seconds=PAUSES[0].total_seconds())
    cast.site.deliverer.deliver_due()
    assert [json.loads(body)["data"]["session"] for _, _, body in receiver.heard] == sessions


def test_a_redirect_is_not_followed(cast: Cast, receiver: Receiver) -> None:
    add(cast, receiver.url)
    receiver.status, receiver.location = 307, receiver.url + "&again"
    cast.session("tess", graded=True)
    cast.site.deliverer.deliver_due()
    assert len(receiver.heard) == 1
    assert kept(cast)[0].problem == "answered with the status 307"


def test_a_receiver_that_drips_holds_nobody_up_for_long(
    cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "LONGEST_S", 0.5)
    add(cast, receiver.url)
    receiver.drips = True
    cast.session("tess", graded=True)
    began = time.monotonic()
    cast.site.deliverer.deliver_due()
    assert time.monotonic() - began < 5
    assert "could not be reached" in str(kept(cast)[0].problem)


def test_nobody_there_is_a_failure_like_others(cast: Cast) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    add(cast, f"http://127.0.0.1:{port}/")
    cast.session("tess", graded=True)
    cast.site.deliverer.deliver_due()
    assert kept(cast)[0].state == "waiting"
    assert kept(cast)[0].problem


def test_the_worker_delivers_by_itself_and_stops(cast: Cast, receiver: Receiver) -> None:
    add(cast, receiver.url)
    cast.site.deliverer.start()
    cast.session("tess", graded=True)
    for _ in range(200):
        if receiver.heard:
            break
        time.sleep(0.02)
    cast.site.deliverer.stop()
    assert len(receiver.heard) == 1
    assert "webhooks" not in {thread.name for thread in threading.enumerate()}


def test_a_removed_webhook_hears_nothing_more_also_not_what_waited(
    cast: Cast, receiver: Receiver
) -> None:
    hook = add(cast, receiver.url)
    cast.session("tess", graded=True)
    cast.site.people.webhooks.remove(OPERATOR, hook.id)
    assert cast.site.deliverer.deliver_due() == 0
    assert receiver.heard == []
    assert kept(cast) == []
    with pytest.raises(Missing):
        cast.site.people.webhooks.remove(OPERATOR, hook.id)


def test_only_administrators_and_never_the_secret_in_trail_or_list(cast: Cast) -> None:
    hook = add(cast, "https://example.org/hook")
    hooks = cast.site.people.webhooks
    for actor in map(cast.actor, ("tess", "tara", "max")):
        with pytest.raises(NotAllowed):
            hooks.all(actor)
        with pytest.raises(NotAllowed):
            hooks.add(actor, "https://example.org/", ["session.graded"])
        with pytest.raises(NotAllowed):
            hooks.remove(actor, hook.id)
        with pytest.raises(NotAllowed):
            hooks.deliveries(actor, hook.id, ALL)
    assert len(cast.records.webhooks.find()) == 1
    assert hook.secret not in repr(hook)
    assert hook.secret not in repr(list(cast.records.audit_trail()))
    assert cast.audited("webhook.added")


# --- where they may go --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "ftp://example.org/", "https://", "https:///x", "example.org",
        "https://user@example.org/", "https://u:p@example.org/", "https://example.org/#x",
        "https://example.org:99999/", "https://exa mple.org/", "https://exämple.org/",
        "https://10.0.0.1/", "https://192.168.1.4/", "https://172.16.0.1/", "https://[fc00::1]/",
        "https://169.254.169.254/latest/meta-data/", "http://169.254.169.254/", "https://0.0.0.0/",
        "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::a00:1]/", "https://224.0.0.1/",
        "https://[2002:a00:1::]/", "https://100.64.0.1/", "http://localhost.example.org/",
        "http://2130706433/", "http://0x7f.1/", "file:///etc/passwd", "", "https://x\n.org/",
    ],
)  # fmt: skip
def test_where_nothing_may_be_sent_is_refused(cast: Cast, url: str) -> None:
    with pytest.raises(Unfit):
        add(cast, url)
    assert cast.records.webhooks.find() == []


@pytest.mark.parametrize(
    "url",
    ["https://example.org/hook", "https://93.184.215.14:8443/x?y=z", "http://127.0.0.1:9/",
     "http://localhost:9/", "http://[::1]:9/", "https://127.0.0.1:9/"],
)  # fmt: skip
def test_where_it_may_is_taken(cast: Cast, url: str) -> None:
    assert add(cast, url).url == url


@pytest.mark.parametrize(
    ("found", "private_allowed", "is_allowed"),
    [
        ("93.184.215.14", False, True),
        ("10.0.0.7", False, False),
        ("10.0.0.7", True, True),
        ("fd00::7", True, True),
        ("127.0.0.1", True, False),
        ("169.254.169.254", True, False),
        ("::1", True, False),
        ("0.0.0.0", True, False),
        ("::ffff:127.0.0.1", True, False),
        ("64:ff9b::7f00:1", True, False),
    ],
)
def test_what_a_name_points_to_counts_not_the_name(
    found: str, private_allowed: bool, is_allowed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_up(host: str, port: int, **more: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, port))]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", look_up)
    rule = Addresses(private_allowed)
    rule.check("https://inside.example.org/")
    if is_allowed:
        assert rule.resolve("inside.example.org", 443) == found
        return
    with pytest.raises(Forbidden):
        rule.resolve("inside.example.org", 443)


def test_a_name_that_points_into_a_private_network_is_not_connected_to(
    cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check is made with the very address that is connected to."""
    add(cast, "https://rebound.example.org/hook")
    port = int(receiver.url.split(":")[2].split("/")[0])

    def look_up(host: str, _: int, **more: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", look_up)
    cast.session("tess", graded=True)
    cast.site.deliverer.deliver_due()
    assert receiver.heard == []
    assert "private network" in str(kept(cast)[0].problem)


def test_two_programs_do_not_deliver_the_same(cast: Cast, receiver: Receiver) -> None:
    """One that took a delivery and did not come back leaves it to others after its lease."""
    add(cast, receiver.url)
    cast.session("tess", graded=True)
    [delivery] = kept(cast)
    from records.doors import claim_delivery

    assert claim_delivery(cast.records, delivery.id, cast.clock.at, timedelta(minutes=1))
    assert cast.site.deliverer.deliver_due() == 0
    cast.clock.on(minutes=1)
    assert cast.site.deliverer.deliver_due() == 1
    assert len(receiver.heard) == 1
