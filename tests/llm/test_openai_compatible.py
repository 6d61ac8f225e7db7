import threading
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai import OpenAIError
from pydantic import BaseModel

from llm import errors
from llm.choices import STATED_MASS
from llm.openai_compatible import OpenAIModel
from llm.openai_errors import KINDS
from llm.types import Prompt, Question, Sampling
from tests.llm.wire import Asked, Reply, reply_json, reply_sse, serving

PROMPT = Prompt.of("You are short.", "AGENT: I am sorry.")
SAMPLING = Sampling(temperature=0, max_tokens=8, stop=("\n",), seed=5)
SORRY = Question(id="sorry", text="Did the agent apologise?")


def chunk(text: str | None = None, finish: str | None = None, **more: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
    return {"id": "1", "object": "chat.completion.chunk", "choices": [choice]} | more


def whole(text: str, finish: str = "stop", top: list[tuple[str, float]] | None = None) -> Any:
    message = {"role": "assistant", "content": text}
    choice: dict[str, Any] = {"index": 0, "message": message, "finish_reason": finish}
    if top is not None:
        tops = [{"token": t, "logprob": p, "bytes": None} for t, p in top]
        choice["logprobs"] = {"content": [{**tops[0], "top_logprobs": tops}]}
    return {"id": "1", "object": "chat.completion", "choices": [choice]}


USAGE = chunk(
    choices=[],
    usage={"prompt_tokens": 33, "completion_tokens": 2, "total_tokens": 35},
    timings={"cache_n": 20, "prompt_n": 13},
)


def model_at(url: str, **more: Any) -> OpenAIModel:
    return OpenAIModel("m", base_url=f"{url}/v1", max_retries=0, **more)


def texts(model: OpenAIModel, prompt: Prompt = PROMPT, sampling: Sampling = SAMPLING) -> list[str]:
    return [delta.text for delta in model.stream(prompt, sampling)]


def test_streams_pieces_then_usage_with_evaluated_tokens() -> None:
    with serving(lambda _: reply_sse(chunk("Why"), chunk(" me"), chunk(finish="stop"), USAGE)) as w:
        *pieces, last = model_at(w.url).stream(PROMPT, SAMPLING)
    assert [piece.text for piece in pieces] == ["Why", " me"]
    assert last.text == "" and last.usage is not None
    assert (last.usage.prompt_tokens, last.usage.evaluated_tokens) == (33, 13)
    sent = w.bodies[0]
    assert sent["max_tokens"] == 8 and sent["stop"] == ["\n"] and sent["seed"] == 5
    assert sent["stream_options"] == {"include_usage": True}


def test_evaluated_tokens_from_cached_tokens_where_there_are_no_timings() -> None:
    usage = {
        "prompt_tokens": 30, "completion_tokens": 1, "total_tokens": 31,
        "prompt_tokens_details": {"cached_tokens": 24},
    }  # fmt: skip
    events = [chunk("x"), chunk(finish="stop"), chunk(choices=[], usage=usage)]
    with serving(lambda _: reply_sse(*events)) as w:
        last = list(model_at(w.url).stream(PROMPT, SAMPLING))[-1]
    assert last.usage is not None and last.usage.evaluated_tokens == 6


def test_prefill_is_a_trailing_assistant_message() -> None:
    begun = PROMPT.model_copy(update={"prefill": "CUSTOMER (angry):"})
    with serving(lambda _: reply_sse(chunk(" No."), chunk(finish="stop"))) as w:
        assert texts(model_at(w.url, can_continue=True), begun) == [" No.", ""]
    assert w.bodies[0]["messages"][-1] == {"role": "assistant", "content": "CUSTOMER (angry):"}


def test_prefill_is_refused_where_it_is_not_continued() -> None:
    with pytest.raises(errors.RequestRejected, match="does not continue"):
        texts(model_at("http://127.0.0.1:9"), PROMPT.model_copy(update={"prefill": "x"}))


def test_connection_dropped_in_mid_stream() -> None:
    with serving(lambda _: reply_sse(chunk("Why"), done=False, drop=True)) as w:
        stream = model_at(w.url).stream(PROMPT, SAMPLING)
        assert next(stream).text == "Why"
        with pytest.raises(errors.ServerUnreachable):
            list(stream)


def test_stream_that_ends_without_its_end() -> None:
    with (
        serving(lambda _: reply_sse(chunk("Why"), done=False)) as w,
        pytest.raises(errors.ServerUnreachable, match="mid-answer"),
    ):
        texts(model_at(w.url))


def test_error_inside_a_stream() -> None:
    error = {"error": {"code": 500, "message": "decode failed", "type": "server_error"}}
    with (
        serving(lambda _: reply_sse(chunk("Why"), error)) as w,
        pytest.raises(errors.ServerUnreachable, match="decode failed"),
    ):
        texts(model_at(w.url))


def test_silence_is_a_timeout() -> None:
    silent = threading.Event()
    with serving(lambda _: Reply(chunks=(b"{}",), wait=silent)) as w:
        with pytest.raises(errors.ModelTimeout):
            texts(model_at(w.url), sampling=Sampling(timeout_s=0.2))
        silent.set()


def test_nothing_listens() -> None:
    with pytest.raises(errors.ServerUnreachable, match="Is the server running"):
        texts(model_at("http://127.0.0.1:9"))


OVERFLOW = {"error": {"code": 400, "type": "exceed_context_size_error", "message": "too long"}}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, OVERFLOW, errors.ContextOverflow),
        (400, {"error": {"code": "context_length_exceeded"}}, errors.ContextOverflow),
        (400, {"error": {"message": "bad"}}, errors.RequestRejected),
        (401, {"error": {"message": "key"}}, errors.RequestRejected),
        (403, {"error": {"message": "no"}}, errors.RequestRejected),
        (404, {"error": {"message": "model 'm' not found"}}, errors.ModelMissing),
        (418, {"error": {"message": "tea"}}, errors.RequestRejected),
        (429, {"error": {"message": "slow"}}, errors.ServerBusy),
        (500, {"error": {"message": "oops"}}, errors.ServerBusy),
        (503, {"error": {"message": "Loading model"}}, errors.ServerBusy),
    ],
)
def test_statuses(status: int, body: Any, kind: type[errors.ModelError]) -> None:
    with serving(lambda _: reply_json(body, status)) as w, pytest.raises(kind) as caught:
        texts(model_at(w.url))
    assert isinstance(caught.value.__cause__, OpenAIError)


def test_every_openai_exception_is_in_the_table() -> None:
    public = {
        thing
        for thing in list(vars(openai).values())
        if isinstance(thing, type)
        and issubclass(thing, OpenAIError)
        and not thing.__name__.startswith("_")
    }
    assert public - set(KINDS) == set()
    for exc in _tree(OpenAIError):
        assert any(parent in KINDS for parent in exc.__mro__), exc


def _tree(kind: type[Exception]) -> Iterator[type[Exception]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _tree(child)


class Offer(BaseModel):
    item: str


def replies(*bodies: Any) -> Any:
    left = list(bodies)
    return lambda _: reply_json(left.pop(0))


def test_fill_validates_and_sends_the_schema() -> None:
    with serving(replies(whole('{"item": "kettle"}'))) as w:
        assert model_at(w.url).fill(PROMPT, Offer, SAMPLING) == Offer(item="kettle")
    form = w.bodies[0]["response_format"]["json_schema"]
    assert form["name"] == "Offer" and form["schema"]["required"] == ["item"]


def test_fill_asks_once_more_and_says_what_was_wrong() -> None:
    with serving(replies(whole('{"thing": 1}'), whole('{"item": "kettle"}'))) as w:
        assert model_at(w.url).fill(PROMPT, Offer, SAMPLING).item == "kettle"
    assert "item: Field required" in w.bodies[1]["messages"][-1]["content"]


def test_fill_gives_a_cut_reply_more_room() -> None:
    with serving(replies(whole('{"ite', "length"), whole('{"item": "kettle"}'))) as w:
        assert model_at(w.url).fill(PROMPT, Offer, SAMPLING).item == "kettle"
    assert [body["max_tokens"] for body in w.bodies] == [8, 16]
    assert w.bodies[0]["messages"] == w.bodies[1]["messages"]


def test_fill_gives_up_after_the_second_bad_reply() -> None:
    with (
        serving(replies(whole("{}"), whole("{}"))) as w,
        pytest.raises(errors.InvalidReply, match="'Offer'"),
    ):
        model_at(w.url).fill(PROMPT, Offer, SAMPLING)


def test_fill_drops_a_prefill_that_the_server_repeats() -> None:
    begun = PROMPT.model_copy(update={"prefill": "Here: "})
    with serving(replies(whole('Here: {"item": "kettle"}'))) as w:
        assert model_at(w.url, can_continue=True).fill(begun, Offer, SAMPLING).item == "kettle"


def test_ask_sums_token_variants_and_keeps_the_order() -> None:
    yes = [("Yes", -0.7), (" yes", -2.0), ("NO", -2.5), ("Maybe", -3.0)]
    no = [("no", -0.1), ("yes", -3.0)]
    other = Question(id="refund", text="Did the agent offer a refund?")
    with serving(replies(whole("Yes", top=yes), whole("no", top=no))) as w:
        first, second = model_at(w.url).ask(PROMPT, [SORRY, other])
    assert (first.question_id, second.question_id) == ("sorry", "refund")
    assert first.probabilities["yes"] == pytest.approx(0.6319 / (0.6319 + 0.0821), abs=1e-3)
    assert first.mass == pytest.approx(0.714, abs=1e-3)
    assert second.probabilities["no"] > 0.9


def test_ask_puts_the_question_behind_the_unchanged_context() -> None:
    with serving(replies(whole("Yes", top=[("Yes", -0.1)]))) as w:
        model_at(w.url).ask(PROMPT, [SORRY])
    sent = w.bodies[0]
    assert sent["messages"][0]["content"] == "You are short."
    assert sent["messages"][1]["content"] == (
        "AGENT: I am sorry.\n\nDid the agent apologise?\nAnswer with one word: yes or no."
    )
    assert (sent["max_tokens"], sent["top_logprobs"], sent["temperature"]) == (1, 20, 0)


def test_ask_falls_back_to_a_schema_and_says_so_by_its_mass() -> None:
    stated = whole('{"answer": "yes"}')
    with serving(replies(whole("Yes"), stated, stated)) as w:
        answers = model_at(w.url).ask(PROMPT, [SORRY, SORRY])
    assert [answer.mass for answer in answers] == [STATED_MASS] * 2
    assert answers[0].probabilities == {"yes": 0.9, "no": pytest.approx(0.1)}
    assert len(w.bodies) == 3  # the missing log-probabilities are remembered


def test_ask_survives_a_server_that_refuses_logprobs() -> None:
    def answer(asked: Asked) -> Reply:
        if "logprobs" in asked.body:
            return reply_json({"error": {"message": "logprobs are not supported"}}, 400)
        return reply_json(whole('{"answer": "no"}'))

    with serving(answer) as w:
        assert model_at(w.url).ask(PROMPT, [SORRY])[0].probabilities["no"] == 0.9


def test_the_limit_of_tokens_under_its_new_name() -> None:
    def answer(asked: Asked) -> Reply:
        if "max_tokens" in asked.body:
            return reply_json({"error": {"message": "use 'max_completion_tokens'"}}, 400)
        return reply_sse(chunk("ok"), chunk(finish="stop"))

    with serving(answer) as w:
        model = model_at(w.url)
        assert texts(model) == texts(model) == ["ok", ""]
    assert len(w.bodies) == 3


def test_the_key_is_sent_and_never_said() -> None:
    with serving(lambda _: reply_json({"error": {"message": "no"}}, 401)) as w:
        with pytest.raises(errors.RequestRejected) as caught:
            texts(OpenAIModel("m", base_url=w.url, api_key="sk-secret", max_retries=0))
        assert w.asked[0].headers["authorization"] == "Bearer sk-secret"
    assert "sk-secret" not in str(caught.value)
