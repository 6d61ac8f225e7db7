"""The real embedded model: slow, so only with `-m model`."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest
from pydantic import BaseModel

from llm.embedded.cores import physical_cores
from llm.embedded.model import EmbeddedModel
from llm.errors import ContextOverflow, ModelFileError, ServerUnreachable
from llm.paths import cache_folder
from llm.types import Prompt, Question, Sampling

ROOT = Path(__file__).parents[2]
GREEDY = Sampling(temperature=0, max_tokens=12)
SCRIPT = "AGENT: Hello.\nCUSTOMER (angry; demands the refund):"

model = pytest.mark.model


def said(embedded: EmbeddedModel, prompt: Prompt, sampling: Sampling = GREEDY) -> str:
    return "".join(delta.text for delta in embedded.stream(prompt, sampling))


def evaluated(embedded: EmbeddedModel, prompt: Prompt) -> int:
    *_, last = embedded.stream(prompt, Sampling(temperature=0, max_tokens=1))
    assert last.usage is not None and last.usage.evaluated_tokens is not None
    return last.usage.evaluated_tokens


def raw(embedded: EmbeddedModel, begun: str) -> str:
    """The continuation of the same prompt, written out in the model's chat template."""
    prompt = (
        "<|im_start|>system\nYou continue scripts.<|im_end|>\n<|im_start|>user\n"
        f"Continue.<|im_end|>\n<|im_start|>assistant\n{begun}"
    )
    endpoint = embedded.server.endpoint()
    reply = httpx2.post(
        f"{endpoint.address}/completion",
        json={"prompt": prompt, "temperature": 0, "n_predict": GREEDY.max_tokens},
        headers={"Authorization": f"Bearer {endpoint.api_key}"},
        timeout=60,
    )
    return str(reply.json()["content"])


def test_cores() -> None:
    assert 1 <= physical_cores() <= (os.cpu_count() or 1)


@model
@pytest.mark.parametrize(
    "begun", [SCRIPT, SCRIPT + " ", "  lead", "AGENT: Hello.\n", "客户（生气）："]
)
def test_a_prefill_is_continued_byte_for_byte(embedded_model: EmbeddedModel, begun: str) -> None:
    prompt = Prompt.of("You continue scripts.", "Continue.", prefill=begun)
    assert said(embedded_model, prompt) == raw(embedded_model, begun)


@model
def test_stops_before_a_stop_sequence(embedded_model: EmbeddedModel) -> None:
    prompt = Prompt.of("You continue scripts.", "Continue.", prefill=SCRIPT)
    line = said(embedded_model, prompt, Sampling(temperature=0, stop=("\n",)))
    assert line.strip() and "\n" not in line


@model
def test_questions_get_sensible_probabilities(embedded_model: EmbeddedModel) -> None:
    prompt = Prompt.of("You judge.", "AGENT: I am so sorry! Your money is on its way back.")
    questions = [
        Question(id="sorry", text="Did the agent apologise?"),
        Question(id="rude", text="Did the agent insult the customer?"),
        Question(id="zh", text="客服道歉了吗？", choices=("是", "否")),
    ]
    sorry, rude, zh = embedded_model.ask(prompt, questions)
    assert sorry.probabilities["yes"] > rude.probabilities["yes"]
    assert zh.probabilities["是"] > 0.5
    assert min(sorry.mass, rude.mass, zh.mass) > 0.8


@model
def test_alternating_prompts_keep_their_prefixes(embedded_model: EmbeddedModel) -> None:
    families = [f"You are helper {word}. " + f"Rule of {word}. " * 25 for word in ("a", "b", "c")]
    first = [evaluated(embedded_model, Prompt.of(f, "AGENT: hi")) for f in families]
    second = [evaluated(embedded_model, Prompt.of(f, "AGENT: hi there, sir")) for f in families]
    assert min(first) > 80
    assert max(second) < 20


class Offer(BaseModel):
    item: str
    price: int


@model
def test_fills_a_schema(embedded_model: EmbeddedModel) -> None:
    prompt = Prompt.of("Read the offer.", "We offer a kettle for 12 euros.")
    offer = embedded_model.fill(prompt, Offer, Sampling(temperature=0, max_tokens=60))
    assert offer.price == 12 and "kettle" in offer.item.lower()


@model
def test_counts_tokens_and_notices_a_prompt_that_is_too_long(
    embedded_model: EmbeddedModel,
) -> None:
    assert embedded_model.count_tokens("hello 你好") == 3
    long = Prompt.of("s", "word " * (embedded_model.context_tokens + 100))
    with pytest.raises(ContextOverflow):
        said(embedded_model, long)


@model
def test_needs_its_key(embedded_model: EmbeddedModel) -> None:
    endpoint = embedded_model.server.endpoint()
    reply = httpx2.post(f"{endpoint.address}/tokenize", json={"content": "x"})
    assert reply.status_code == 401
    assert endpoint.address.startswith("http://127.0.0.1:")


@model
def test_a_crash_fails_one_call_and_the_next_one_works(embedded_model: EmbeddedModel) -> None:
    story = Prompt.of("You tell stories.", "Tell a long story about a lighthouse.")
    stream = embedded_model.stream(story, Sampling(max_tokens=200))
    next(stream)
    pid = embedded_model.server.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(ServerUnreachable):
        list(stream)
    assert said(embedded_model, story)
    assert embedded_model.server.pid != pid


PARENT = """
import sys, time
from llm.embedded.model import EmbeddedModel
model = EmbeddedModel.from_wheels()
model.start()
print(model.server.pid, flush=True)
time.sleep(600)
"""


@model
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_the_child_dies_with_its_parent(embedded_model: EmbeddedModel) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, cwd=ROOT, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert _alive(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 10
    while _alive(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _alive(child)


def _alive(pid: int) -> bool:
    """Whether the process runs; one that waits to be reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


@model
def test_a_file_that_the_engine_cannot_read(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(5000))
    embedded = EmbeddedModel(broken, name="gguf:broken")
    with pytest.raises((ModelFileError, ServerUnreachable), match=r"embedded\.log"):
        embedded.start()
    embedded.close()


@model
def test_the_joined_file_is_remembered() -> None:
    stamp = cache_folder() / "qwen2.5-coder-1.5b-instruct-q4_k_m.verified"
    began = time.monotonic()
    EmbeddedModel.from_wheels()
    assert time.monotonic() - began < 5
    assert json.loads(stamp.read_text(encoding="utf-8"))["size"] == 1_117_320_768


@model
def test_outlives_the_thread_that_started_it_and_leaves_when_its_input_ends() -> None:
    embedded = EmbeddedModel.from_wheels()
    thread = threading.Thread(target=embedded.start)
    thread.start()
    thread.join()
    time.sleep(0.5)
    process = embedded.server._process
    assert process is not None and process.poll() is None and process.stdin is not None
    process.stdin.close()
    assert process.wait(10) == 0
    embedded.close()


@model
def test_several_threads_at_once(embedded_model: EmbeddedModel) -> None:
    prompts = [Prompt.of("You repeat words.", f"Repeat: {word}") for word in ("kettle", "parcel")]
    with ThreadPoolExecutor(2) as pool:
        replies = list(pool.map(lambda prompt: said(embedded_model, prompt), prompts))
    assert "kettle" in replies[0].lower() and "parcel" in replies[1].lower()
