"""What the web app answers, and to whom."""

from collections.abc import Iterator

import pytest
from anyio import to_thread
from fastapi.testclient import TestClient

from ui.services.practice import Practice
from ui.services.site import Site
from ui.web.app import QUEUE_PAUSE_S, build_app
from ui.web.doors.gate import ROOMS
from ui.web.parts import MOST_WAITING


@pytest.fixture
def client(practice: Practice) -> Iterator[TestClient]:
    with TestClient(build_app(practice), base_url="http://127.0.0.1:7860") as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/practise", "/scorecard", "/progress"])
def test_every_page_has_its_address(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert "default-src 'self'" in response.headers["content-security-policy"]


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:7860", "[::1]:7860"])
def test_this_machines_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200


def test_a_name_from_elsewhere_is_refused(client: TestClient) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_there_are_no_pages_about_the_api(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_no_handler_is_a_public_endpoint(client: TestClient) -> None:
    info = client.get("/gradio_api/info").json()
    assert info["named_endpoints"] == {}
    assert info["unnamed_endpoints"] == {}


def test_pages_keep_nothing_in_the_browser_and_report_nothing(client: TestClient) -> None:
    config = client.get("/config").json()
    assert not config["analytics_enabled"]
    assert not config.get("run_history")
    assert not config["show_error"]


def test_as_many_may_wait_for_an_answer_as_the_line_is_long(practice: Practice) -> None:
    """Also more than Gradio has threads of its own; and no queue spins while nobody is there."""
    app = build_app(Site(practice))
    rooms = [route.app for route in app.routes if hasattr(getattr(route, "app", 0), "get_blocks")]  # type: ignore[attr-defined]
    queues = [room.get_blocks()._queue for room in rooms]
    functions = [each for room in rooms for each in room.get_blocks().fns.values()]
    waiting = {f.concurrency_limit for f in functions if f.concurrency_id == "model"}
    assert waiting == {MOST_WAITING}
    assert min(queue.max_thread_count for queue in queues) >= MOST_WAITING
    assert {queue.sleep_when_free for queue in queues} == {QUEUE_PAUSE_S}
    assert len(queues) == len(ROOMS)


def test_threads_are_left_beside_customers_who_answer(practice: Practice) -> None:
    async def threads() -> float:
        return to_thread.current_default_thread_limiter().total_tokens

    with TestClient(build_app(Site(practice))) as client:
        assert client.portal is not None
        assert client.portal.call(threads) >= MOST_WAITING + 40
