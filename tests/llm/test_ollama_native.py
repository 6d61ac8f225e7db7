import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import ollama
import pytest
from pydantic import BaseModel

from llm import errors
from llm.choices import STATED_MASS
from llm.ollama_errors import KINDS, kind_of
from llm.ollama_native import OllamaModel
from llm.types import Prompt, Question, Sampling
from tests.llm.wire import Asked, Reply, Wire, reply_json, reply_recorded, serving

FIXTURES = Path(__file__).parent / "fixtures"
RECORDINGS = Path(os.environ.get("SPARDESK_OLLAMA_RECORDINGS", "no-recordings"))
"""More recorded exchanges of an Ollama server than the fixtures hold, if there are any."""

PROMPT = Prompt.of("You are short.", "Say hello in five words.")
SAMPLING = Sampling(temperature=0, max_tokens=32, seed=7)
SHOWN = {
    "details": {},
    "model_info": {"qwen2.context_length": 32768},
    "capabilities": ["completion"],
}


def fixture(name: str) -> dict[str, Any]:
    [path] = FIXTURES.glob(f"{name}*.json")
    return dict(json.loads(path.read_text(encoding="utf-8")))


def chats(answer: Callable[[Asked], Reply], shown: Any = SHOWN) -> Callable[[Asked], Reply]:
    """Answers `/api/show` with `shown` and the rest with `answer`."""
    return lambda asked: reply_json(shown) if asked.path == "/api/show" else answer(asked)


def recorded(name: str) -> Callable[[Asked], Reply]:
    return chats(lambda _: reply_recorded(fixture(name)))


def said(text: str, **more: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    return {"model": "m", "message": message, "done": True, "done_reason": "stop"} | more


def model_at(wire: Wire, **more: Any) -> OllamaModel:
    return OllamaModel("qwen", host=wire.url, **more)


def chat_bodies(wire: Wire) -> list[Any]:
    return [asked.body for asked in wire.asked if asked.path == "/api/chat"]


def test_streams_pieces_then_usage() -> None:
    with serving(recorded("020")) as wire:
        *pieces, last = model_at(wire).stream(PROMPT, SAMPLING)
    assert [piece.text for piece in pieces] == ["Hello", "!"]
    assert last.usage is not None
    assert (last.usage.prompt_tokens, last.usage.generated_tokens) == (35, 3)
    assert last.usage.evaluated_tokens is None  # Ollama does not say


def test_every_call_has_the_same_context_and_refuses_to_cut() -> None:
    with serving(recorded("021")) as wire:
        model = model_at(wire, num_ctx=4096)
        assert model.can_continue is False
        with pytest.raises(errors.InvalidReply):
            model.fill(PROMPT, Label, SAMPLING)
        model.ask(PROMPT, [])
    for body in chat_bodies(wire):
        assert body["options"]["num_ctx"] == 4096
        assert body["keep_alive"] == "30m"
        assert body["truncate"] is False and body["shift"] is False


def test_the_context_is_not_more_than_the_model_has() -> None:
    shown = SHOWN | {"model_info": {"llama.context_length": 2048}}
    with serving(chats(lambda _: reply_json(said("hi")), shown)) as wire:
        assert model_at(wire).context_tokens == 2048


def test_thinking_models_are_told_not_to() -> None:
    shown = SHOWN | {"capabilities": ["completion", "thinking"]}
    with serving(chats(lambda _: reply_json(said("hi")), shown)) as wire:
        list(model_at(wire).stream(PROMPT, SAMPLING))
    assert chat_bodies(wire)[0]["think"] is False


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("040", errors.ModelMissing),
        ("041", errors.ModelMissing),
        ("028", errors.RequestRejected),
        ("046", errors.RequestRejected),
        ("104", errors.ContextOverflow),
        ("105", errors.ContextOverflow),
        ("180", errors.ServerUnreachable),
        ("208", errors.InvalidReply),
    ],
)
def test_recorded_failures(name: str, kind: type[errors.ModelError]) -> None:
    with serving(recorded(name)) as wire, pytest.raises(kind):
        list(model_at(wire).stream(PROMPT, SAMPLING))


def test_what_was_said_before_a_failure_is_yielded() -> None:
    with serving(recorded("180")) as wire:
        stream = model_at(wire).stream(PROMPT, SAMPLING)
        assert next(stream).text
        with pytest.raises(errors.ServerUnreachable, match="unexpected EOF"):
            list(stream)


def test_a_prompt_that_was_cut_all_the_same_is_noticed() -> None:
    long = Prompt.of("Secret: banana.", "the red lamp on shelf four flickers " * 200)
    with serving(recorded("101")) as wire, pytest.raises(errors.ContextOverflow, match="449"):
        list(model_at(wire, num_ctx=512).stream(long, SAMPLING))


def test_a_dropped_connection() -> None:
    line = json.dumps(said("Once", done=False)).encode() + b"\n"
    dropped = Reply(200, (line,), "application/x-ndjson", drop=True)
    with serving(chats(lambda _: dropped)) as wire:
        stream = model_at(wire).stream(PROMPT, SAMPLING)
        assert next(stream).text == "Once"
        with pytest.raises(errors.ServerUnreachable):
            list(stream)


def test_a_stream_without_its_end_that_did_not_loop() -> None:
    line = json.dumps(said("Once", done=False)).encode() + b"\n"
    with (
        serving(chats(lambda _: Reply(200, (line,), "application/x-ndjson"))) as wire,
        pytest.raises(errors.ServerUnreachable, match="mid-answer"),
    ):
        list(model_at(wire).stream(PROMPT, SAMPLING))


def test_silence_is_a_timeout() -> None:
    silent = threading.Event()
    with serving(chats(lambda _: Reply(chunks=(b"{}",), wait=silent))) as wire:
        with pytest.raises(errors.ModelTimeout):
            list(model_at(wire).stream(PROMPT, Sampling(timeout_s=0.3)))
        silent.set()


def test_nothing_listens() -> None:
    with pytest.raises(errors.ServerUnreachable, match="ollama serve"):
        list(OllamaModel("m", host="http://127.0.0.1:9").stream(PROMPT, SAMPLING))


@pytest.mark.parametrize(
    ("text", "continues"),
    [("berry", True), ("Strawberry", False), (" strawberry", False), ("", False)],
)
def test_the_probe_is_made_once(text: str, continues: bool) -> None:
    with serving(chats(lambda _: reply_json(said(text)))) as wire:
        model = model_at(wire)
        assert [model.can_continue, model.can_continue] == [continues] * 2
    [probe] = chat_bodies(wire)
    assert probe["messages"][-1] == {"role": "assistant", "content": "straw"}
    assert probe["options"]["num_predict"] == 3


def test_a_model_that_ends_a_begun_answer_at_once_does_not_continue() -> None:
    with serving(recorded("214")) as wire:
        assert model_at(wire).can_continue is False


def test_a_prefill_is_refused_where_it_is_not_continued() -> None:
    begun = PROMPT.model_copy(update={"prefill": "CUSTOMER:"})
    with serving(recorded("214")) as wire, pytest.raises(errors.RequestRejected):
        list(model_at(wire).stream(begun, SAMPLING))


class Label(BaseModel):
    label: str


def test_fill_sends_the_schema_and_gives_a_cut_reply_more_room() -> None:
    def answer(asked: Asked) -> Reply:
        if asked.body["options"]["num_predict"] == 32:
            return reply_recorded(fixture("025"))
        return reply_json(said('{"label": "angry"}'))

    with serving(chats(answer)) as wire:
        assert model_at(wire).fill(PROMPT, Label, SAMPLING).label == "angry"
    assert [body["options"]["num_predict"] for body in chat_bodies(wire)] == [32, 64]
    assert chat_bodies(wire)[0]["format"]["required"] == ["label"]


def test_ask_reads_recorded_logprobs() -> None:
    question = Question(id="q", text="Which bracket?", choices=("```", "{"))
    with serving(recorded("033")) as wire:
        [answer] = model_at(wire).ask(PROMPT, [question])
    assert answer.probabilities["```"] > 0.75
    assert answer.mass == pytest.approx(0.9659, abs=0.01)
    body = chat_bodies(wire)[0]
    assert (body["logprobs"], body["top_logprobs"], body["options"]["num_predict"]) == (True, 20, 1)


def test_ask_without_logprobs_falls_back_to_a_schema() -> None:
    def answer(asked: Asked) -> Reply:
        return reply_json(said('{"answer": "no"}' if asked.body.get("format") else "No"))

    question = Question(id="q", text="Did the agent apologise?")
    with serving(chats(answer)) as wire:
        [first, second] = model_at(wire).ask(PROMPT, [question, question])
    assert first == second and first.mass == STATED_MASS and first.probabilities["no"] == 0.9
    assert len(chat_bodies(wire)) == 3


def test_every_exception_of_the_clients_is_in_the_table() -> None:
    ours = {ollama.RequestError, ollama.ResponseError, ConnectionError, json.JSONDecodeError}
    transport = {
        thing
        for thing in vars(httpx).values()
        if isinstance(thing, type) and issubclass(thing, Exception) and thing.__module__ == "httpx"
    }
    for exc in ours | transport - {httpx.CookieConflict}:
        assert any(parent in KINDS for parent in exc.__mro__), exc


def test_a_busy_server() -> None:
    full = ollama.ResponseError("server busy, please try again.  maximum pending requests", 503)
    assert kind_of(full) is errors.ServerBusy


@pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason="SPARDESK_OLLAMA_RECORDINGS names no folder of recordings"
)
def test_every_recorded_chat_ends_in_a_reply_or_a_model_error() -> None:
    played = 0
    for path in sorted(RECORDINGS.glob("*.json")):
        recording = json.loads(path.read_text(encoding="utf-8"))
        request = recording.get("request") or {}
        if request.get("path") != "/api/chat" or "response" not in recording:
            continue
        _play(recording)
        played += 1
    assert played > 40


def _play(recording: dict[str, Any]) -> None:
    with serving(chats(lambda _: reply_recorded(recording))) as wire:
        try:
            deltas = list(model_at(wire).stream(PROMPT, SAMPLING))
        except errors.ModelError as exc:
            assert str(exc)
            return
    assert deltas[-1].usage is not None, recording["name"]
    assert recording["response"]["status"] == 200, recording["name"]
