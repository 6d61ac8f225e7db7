"""The whole of it but for the containers: proxy, two web processes, PostgreSQL, gateway, models.

The web processes are the real command with the settings of the compose file; the models are fakes.
"""

import asyncio
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from sqlalchemy import URL

from bench.load.browser import Browser, Refused
from bench.load.people import PASSWORD, trainee
from bench.load.trainees import Trainee
from bench.load.types import Plan, Seen
from records import open_records
from simulator.types import AgentSaid, CustomerSaid
from tests.deploy import nginx
from tests.deploy.conftest import Proxy
from tests.deploy.fakes import Fake
from tests.records.conftest import address, database

pytestmark = [nginx.needs_nginx, pytest.mark.postgres, pytest.mark.timeout(600)]

TOP = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "from ui.cli import main; main()"]
START_S = 240.0
"""A busy machine takes its time."""


@dataclass
class Web:
    """A web process."""

    port: int
    process: "subprocess.Popen[bytes]"

    def kill(self) -> None:
        """As a machine dies: nothing is put in order."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@dataclass
class Installation:
    """All of it."""

    door: str
    records: str
    webs: list[Web] = field(default_factory=list)

    def said(self, session_id: str) -> list[AgentSaid | CustomerSaid]:
        """Both sides' messages, as the database has them."""
        with closing(open_records(self.records)) as records:
            events = records.journal.read(session_id)
        return [event for event in events if isinstance(event, AgentSaid | CustomerSaid)]

    async def serving(self, browser: Browser) -> Web:
        """The process that the proxy sends a browser to: each one's pages have an id."""
        cookie = "; ".join(f"{name}={value}" for name, value in browser._http.cookies.items())
        meant = (await browser._http.get("/gradio_api/app_id")).json()
        async with httpx.AsyncClient(trust_env=False, headers={"cookie": cookie}) as http:
            for web in (each for each in self.webs if each.process.poll() is None):
                found = await http.get(f"http://127.0.0.1:{web.port}/gradio_api/app_id")
                if found.json() == meant:
                    return web
        raise AssertionError("the proxy answers with something else")


@pytest.fixture
def installation(
    postgres_server: URL, gateway: str, proxy: Proxy, tmp_path: Path, open_ports: set[int]
) -> Iterator[Installation]:
    with ExitStack() as stack:
        records = address(stack.enter_context(database(postgres_server)))
        settings = {
            "SPARDESK_RECORDS": records,
            "SPARDESK_DATA": str(tmp_path / "data"),
            "SPARDESK_MODEL": "openai:any",
            "SPARDESK_BASE_URL": f"{gateway}/v1",
            "SPARDESK_HTTPS": "true",
            "SPARDESK_PROXY": "127.0.0.1",
            "PYTHONPATH": str(TOP),
        }
        environment = {**os.environ, **settings}
        ports = [nginx.free_port() for _ in range(2)]
        open_ports.update(ports)
        webs = [stack.enter_context(_web(port, environment, tmp_path)) for port in ports]
        for web in webs:  # both at once, so that both find a database without tables
            _wait_for(web)
        _add_account(environment)
        yield Installation(proxy(*ports), records, webs)


@contextmanager
def _web(port: int, environment: dict[str, str], folder: Path) -> Iterator[Web]:
    """`spardesk` at a port, until the block ends."""
    command = [*COMMAND, "--port", str(port), "--no-browser"]
    with (folder / f"web-{port}").open("wb") as said:
        web = Web(port, subprocess.Popen(command, env=environment, stdout=said, stderr=said))
        try:
            yield web
        finally:
            web.kill()


def _add_account(environment: dict[str, str]) -> None:
    command = [*COMMAND, "users", "add", trainee(0), "--name", "Tess Moore", "--password-stdin"]
    subprocess.run(command, env=environment, input=PASSWORD.encode(), check=True)


def _wait_for(web: Web) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and web.process.poll() is None:
        with suppress(httpx.TransportError):
            httpx.get(f"http://127.0.0.1:{web.port}/login", trust_env=False)
            return
        time.sleep(0.2)
    pytest.fail("spardesk did not start")


Work = Callable[[Trainee, Browser, Seen], Awaitable[None]]
"""What somebody does who is logged in."""


@pytest.fixture
def practising(
    installation: Installation, certificate: tuple[Path, Path]
) -> Callable[[Work], None]:
    """Has a trainee with a browser do something, after logging in through the proxy."""
    trusting = ssl.create_default_context(cafile=certificate[0])

    async def logged_in(work: Work) -> None:
        async with httpx.AsyncHTTPTransport(verify=trusting) as transport:
            browser, seen = Browser(installation.door, transport, "page"), Seen()
            person = Trainee(0, Plan(users=1, turns=1, think_s=0.0), browser, seen)
            await person.log_in(asyncio.Semaphore(1))
            assert seen.errors == []
            await work(person, browser, seen)

    def run(work: Work) -> None:
        with ThreadPoolExecutor(1) as alone:  # other tests may have an event loop here
            alone.submit(asyncio.run, logged_in(work)).result()

    return run


def test_a_process_dies_in_mid_answer_and_the_other_goes_on(
    installation: Installation, practising: Callable[[Work], None], servers: tuple[Fake, Fake]
) -> None:
    async def work(person: Trainee, browser: Browser, seen: Seen) -> None:
        await person.practise()
        known, session = await browser.functions(), seen.turns[0].session
        web = await installation.serving(browser)
        for server in servers:
            server.go_on.clear()  # no answer is made to its end
        say = known.find("click", "chat", "send")
        asking = asyncio.create_task(browser.follow(say, session, "Which machine is it?"))
        while len(installation.said(session)) < 3:
            await asyncio.sleep(0.1)
        web.kill()
        with pytest.raises((httpx.HTTPError, Refused)):
            await asking
        for server in servers:
            server.go_on.set()
        # The page is loaded again, and asks by itself for the answer that is missing.
        await browser.open(f"/practise?session={session}")
        assert await installation.serving(browser) is not web
        await browser.follow(known.find("click", "chat", "resume"), session)
        await person.practise()
        assert seen.errors == []
        said = installation.said(session)
        assert [each.index for each in said] == [0, 1, 2, 3, 4, 5]
        sent = [seen.turns[0].text, "Which machine is it?", seen.turns[1].text]
        assert [each.text for each in said[::2]] == sent

    practising(work)
    assert all(server.asked for server in servers)
