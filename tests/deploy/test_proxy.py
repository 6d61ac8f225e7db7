"""The proxy as it is shipped, run by a real nginx before two web servers that are none."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.deploy import nginx
from tests.deploy.conftest import Proxy
from tests.deploy.fakes import WORDS, Fake

pytestmark = nginx.needs_nginx

NewBrowser = Callable[[], httpx.Client]


@pytest.fixture
def browser(
    proxy: Proxy, servers: tuple[Fake, Fake], certificate: tuple[Path, Path]
) -> Iterator[NewBrowser]:
    """Makes browsers, each with a cookie jar of its own."""
    address = proxy(servers[0].port, servers[1].port)
    trusting = ssl.create_default_context(cafile=certificate[0])
    with ExitStack() as stack:
        yield lambda: stack.enter_context(
            httpx.Client(base_url=address, verify=trusting, trust_env=False)
        )


def test_a_browser_reaches_the_same_process_each_time(browser: NewBrowser) -> None:
    reached = set()
    for _ in range(16):
        one = browser()
        names = {one.get("/").text for _ in range(8)}
        assert len(names) == 1
        reached |= names
    assert reached == {"one", "two"}


def test_the_cookie_is_given_once_and_to_no_script(browser: NewBrowser) -> None:
    one = browser()
    first, second = one.get("/"), one.get("/")
    name, *attributes = first.headers["set-cookie"].split("; ")
    assert name.startswith("spardesk_way=")
    assert attributes == ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"]
    assert "set-cookie" not in second.headers


def test_a_program_reaches_the_same_process_by_its_token(browser: NewBrowser) -> None:
    """Results of what it sent to be graded are in one process's memory."""
    reached = set()
    for number in range(16):
        token = {"authorization": f"Bearer spardesk_{number}"}
        answers = [browser().get("/api/v1/transcripts/1", headers=token) for _ in range(4)]
        names = {answer.text for answer in answers}
        assert len(names) == 1
        assert not [answer for answer in answers if "set-cookie" in answer.headers]
        reached |= names
    assert reached == {"one", "two"}


def test_what_spardesk_is_told_is_the_proxys_word(
    browser: NewBrowser, servers: tuple[Fake, Fake]
) -> None:
    one = browser()
    one.get("/", headers={"x-forwarded-for": "10.9.8.7", "x-forwarded-proto": "http"})
    [asked] = [asked for server in servers for asked in server.asked]
    assert asked["host"] == one.base_url.netloc.decode()
    assert asked["x-forwarded-for"] == "127.0.0.1"
    assert asked["x-forwarded-proto"] == "https"


def test_events_come_as_they_are_sent(browser: NewBrowser, servers: tuple[Fake, Fake]) -> None:
    """The server goes on only when the first event was seen: buffered, it never would be."""
    for server in servers:
        server.go_on.clear()
    with browser().stream("GET", "/stream") as stream:
        lines = (line for line in stream.iter_lines() if line)
        assert next(lines) == f"data: {WORDS[0]}"
        for server in servers:
            server.go_on.set()
        assert list(lines) == [f"data: {word}" for word in WORDS[1:]]


def test_a_process_is_gone_and_its_browsers_go_on_at_the_other(
    browser: NewBrowser, servers: tuple[Fake, Fake]
) -> None:
    known = [browser() for _ in range(8)]
    before = [one.get("/").text for one in known]
    servers[0].stop()
    for one in known:
        assert [one.get("/").text, one.post("/", json={}).status_code] == ["two", 200]
    assert "one" in before


def test_without_tls_it_only_says_where_to_go(
    certificate: tuple[Path, Path], browser: NewBrowser, open_ports: set[int]
) -> None:
    """Of the proxy's two ports the other one."""
    safe = browser().base_url.port
    [plain] = open_ports - {safe}
    answer = httpx.get(f"http://127.0.0.1:{plain}/practise?session=1", trust_env=False)
    assert answer.status_code == 308
    assert answer.headers["location"] == "https://127.0.0.1/practise?session=1"
    trusting = ssl.create_default_context(cafile=certificate[0])
    trusting.set_alpn_protocols(["h2", "http/1.1"])
    assert _spoken(safe or 0, trusting) == "h2"


def _spoken(port: int, trusting: ssl.SSLContext) -> str | None:
    """The protocol that is agreed on."""
    with (
        socket.create_connection(("127.0.0.1", port)) as plain,
        trusting.wrap_socket(plain, server_hostname="127.0.0.1") as safe,
    ):
        return safe.selected_alpn_protocol()
