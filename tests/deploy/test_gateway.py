"""The gateway as it is shipped, run by a real nginx before two model servers that are none."""

from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from pydantic import BaseModel

from llm.errors import ModelError, ServerBusy, ServerUnreachable
from llm.openai_compatible import OpenAIModel
from llm.types import Prompt, Sampling
from tests.deploy import nginx
from tests.deploy.fakes import WORDS, Fake

pytestmark = nginx.needs_nginx

PROMPT = Prompt.of("You are a customer.", "Hello!")


class Said(BaseModel):
    server: str


@pytest.fixture
def model(gateway: str) -> Iterator[OpenAIModel]:
    """Spardesk's own client; it tries nothing twice, so that what fails is seen."""
    with closing(OpenAIModel("any", base_url=f"{gateway}/v1", max_retries=0)) as opened:
        yield opened


def test_both_servers_get_requests(model: OpenAIModel, servers: tuple[Fake, Fake]) -> None:
    answered = [model.fill(PROMPT, Said, Sampling()).server for _ in range(10)]
    assert sorted(set(answered)) == ["one", "two"]
    assert [len(server.asked) for server in servers] == [5, 5]


def test_who_is_busy_gets_no_more_while_the_other_is_free(
    model: OpenAIModel, servers: tuple[Fake, Fake]
) -> None:
    for server in servers:
        server.go_on.clear()
    stream = model.stream(PROMPT, Sampling())
    next(stream)
    [busy] = [server for server in servers if server.asked]
    answered = {model.fill(PROMPT, Said, Sampling()).server for _ in range(6)}
    assert answered == {server.name for server in servers if server is not busy}
    busy.go_on.set()
    assert [delta.text for delta in stream][-1] == ""


def test_words_come_as_they_are_made(model: OpenAIModel, servers: tuple[Fake, Fake]) -> None:
    """The server goes on only when the first word was seen: buffered, it never would be."""
    for server in servers:
        server.go_on.clear()
    stream = model.stream(PROMPT, Sampling())
    assert next(stream).text == WORDS[0]
    for server in servers:
        server.go_on.set()
    assert [delta.text for delta in stream] == [*WORDS[1:], ""]


def test_one_server_is_gone_and_everything_is_answered(
    model: OpenAIModel, servers: tuple[Fake, Fake]
) -> None:
    servers[0].stop()
    answered = [model.fill(PROMPT, Said, Sampling()).server for _ in range(10)]
    assert answered == ["two"] * 10
    texts = [delta.text for delta in model.stream(PROMPT, Sampling())]
    assert texts == [*WORDS, ""]


@pytest.mark.parametrize(("words", "error"), [(0, ServerBusy), (1, ServerUnreachable)])
def test_an_answer_that_breaks_off_is_said_and_not_asked_for_twice(
    model: OpenAIModel, servers: tuple[Fake, Fake], words: int, error: type[ModelError]
) -> None:
    for server in servers:
        server.breaks_after = words
    with pytest.raises(error):
        list(model.stream(PROMPT, Sampling()))
    assert sum(len(server.asked) for server in servers) == 1


def test_nobody_fetches_or_deletes_models_through_it(
    gateway: str, servers: tuple[Fake, Fake]
) -> None:
    with httpx.Client(base_url=gateway, trust_env=False) as http:
        for path in ("/api/pull", "/api/delete", "/api/tags", "/"):
            assert http.post(path, json={"model": "any"}).status_code == 404
        assert http.get("/healthy").text == "up\n"
    assert [server.asked for server in servers] == [[], []]
