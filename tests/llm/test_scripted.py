"""The scripted model and the fences of conftest keep their own promises."""

import socket
from pathlib import Path

import pytest
from pydantic import BaseModel

import llm.pick
from llm.embedded.model import EmbeddedModel
from llm.errors import InvalidReply, ServerBusy
from llm.types import ChatModel, Prompt, Question, Sampling
from tests.scripted import ScriptedModel

PROMPT = Prompt.of("s", "u")
ALL = Sampling()


class Offer(BaseModel):
    item: str


def test_it_is_a_chat_model_that_plays_its_script() -> None:
    scripted = ScriptedModel(["Where is it?\nAGENT: here", ServerBusy("later"), {"item": "kettle"}])
    model: ChatModel = scripted
    said = [delta.text for delta in model.stream(PROMPT, Sampling(stop=("\n",)))]
    assert said == ["Where ", "is ", "it?", ""]
    with pytest.raises(ServerBusy):
        list(model.stream(PROMPT, ALL))
    assert model.fill(PROMPT, Offer, ALL).item == "kettle"
    assert scripted.history == [PROMPT] * 3


def test_it_fails_when_its_script_runs_out() -> None:
    with pytest.raises(AssertionError, match="ran out"):
        list(ScriptedModel([]).stream(PROMPT, ALL))
    with pytest.raises(AssertionError, match="no answer to 'q'"):
        ScriptedModel([]).ask(PROMPT, [Question(id="q", text="?")])


def test_a_reply_that_does_not_fit_is_invalid() -> None:
    with pytest.raises(InvalidReply):
        ScriptedModel(["{}"]).fill(PROMPT, Offer, ALL)


def test_it_answers_by_id_by_default_and_by_function() -> None:
    model = ScriptedModel(
        reply=lambda prompt: prompt.prefill or "hm", answers={"a": 0.9}, default=lambda *_: 0.25
    )
    first, other = model.ask(PROMPT, [Question(id=i, text="?") for i in ("a", "b")])
    assert (first.probabilities["yes"], other.probabilities["no"]) == (0.9, 0.75)
    assert [delta.text for delta in model.stream(PROMPT, ALL)] == ["hm", ""]


def test_no_real_model_by_accident() -> None:
    with pytest.raises(pytest.fail.Exception, match="mark it"):
        llm.pick.open_model()
    with pytest.raises(pytest.fail.Exception, match="mark it"):
        EmbeddedModel(Path("m.gguf"), name="m").start()


@pytest.mark.parametrize("address", [("127.0.0.1", 11434), ("192.0.2.1", 80)])
def test_no_connection_elsewhere(address: tuple[str, int]) -> None:
    with pytest.raises(ConnectionRefusedError, match="tests may not"):
        socket.create_connection(address, timeout=1)
