"""What to hold the customer's speed against: the bare engine, and a simulator of one prompt."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from time import monotonic

import yaml

from dialogue.language import sentences
from llm.types import Answer, ChatModel, Delta, Message, Prompt, Question, Sampling, T
from simulator.expected import table
from simulator.world import World

PLAIN = Sampling(temperature=0.7, seed=1, max_tokens=90)


class Recorder:
    """Passes everything on to another model and remembers what was streamed."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model
        self.streamed: list[tuple[Prompt, Sampling]] = []
        self.name = model.name
        self.can_continue = model.can_continue
        self.context_tokens = model.context_tokens

    def stream(self, prompt: Prompt, sampling: Sampling) -> Iterator[Delta]:
        """The other model's reply."""
        self.streamed.append((prompt, sampling))
        return self._model.stream(prompt, sampling)

    def fill(self, prompt: Prompt, schema: type[T], sampling: Sampling) -> T:
        """The other model's."""
        return self._model.fill(prompt, schema, sampling)

    def ask(self, prompt: Prompt, questions: Sequence[Question]) -> list[Answer]:
        """The other model's."""
        return self._model.ask(prompt, questions)

    def count_tokens(self, text: str) -> int:
        """The other model's."""
        return self._model.count_tokens(text)

    def close(self) -> None:
        """Close the other model."""
        self._model.close()


def bare_seconds(model: ChatModel, calls: Sequence[tuple[Prompt, Sampling]]) -> list[float]:
    """Seconds to the first whole sentence of each call, with nothing around the engine.

    The same prompts in the same order; one changed character at their very beginning keeps the
    server's cache from knowing them from the session, so that each costs its new tokens again.
    Calls that only read ahead are made, not timed.
    """
    found = []
    for prompt, sampling in calls:
        first, *rest = prompt.messages
        fresh = first.model_copy(update={"content": "\u200b" + first.content})
        begun, text = monotonic(), ""
        for delta in model.stream(prompt.model_copy(update={"messages": (fresh, *rest)}), sampling):
            text += delta.text
            if len(sentences(text)) > 1:
                break
        if sampling.max_tokens > 1:
            found.append(monotonic() - begun)
    return found


def plain_customer(
    model: ChatModel, world: World, lines: Sequence[str]
) -> tuple[list[float], list[str]]:
    """A simulator of one prompt over the same agent's lines: seconds to the first word, and lines.

    Nothing is guarded and nothing checked, so its first word is its first token.
    """
    history = [Message(role="system", content=_plain_prompt(world))]
    seconds, said = [], []
    for line in lines:
        history.append(Message(role="user", content=line))
        begun, first, text = monotonic(), None, ""
        for delta in model.stream(Prompt(messages=tuple(history)), PLAIN):
            if delta.text.strip() and first is None:
                first = monotonic() - begun
            text += delta.text
        seconds.append(first if first is not None else monotonic() - begun)
        said.append(text.strip())
        history.append(Message(role="assistant", content=text.strip() or "…"))
    return seconds, said


def out_of_role(lines: Sequence[str], language: str) -> int:
    """How many lines the guard's patterns take for the agent's or the machine's."""
    rules = table().rules(language)
    patterns = [re.compile(p, re.IGNORECASE) for p in (*rules.role_break, *rules.meta)]
    return sum(any(pattern.search(line) for pattern in patterns) for line in lines)


@lru_cache(maxsize=1)
def _prompts() -> dict[str, str]:
    found = yaml.safe_load(files("bench").joinpath("plain.yaml").read_text("utf-8"))
    return {str(key): str(text) for key, text in found.items()}


def _plain_prompt(world: World) -> str:
    brief = world.scenario.brief
    glue = "" if world.language == "zh" else " "
    return _prompts()[world.language].format(
        name=world.customer_name,
        age=world.persona.age,
        voice=world.persona.voice,
        opening=brief.opening,
        facts=glue.join(fact.says for fact in brief.facts),
        wants=glue.join(goal.wants for goal in brief.goals),
    )
