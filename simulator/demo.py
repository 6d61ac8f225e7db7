"""The model as the agent, for trainees to watch and for trainers to test-drive a customer.

Guided, it says the scenario's good agent's lines in its own words and does what belongs to them at
the desk; free, it improvises from policy and card, without the desk. The customer is the one of
every session: nothing of the brief reaches the agent's prompt.
"""

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from llm.types import ChatModel, Message, Prompt, Sampling
from scenarios.commands import is_command, parse_command
from simulator import guard
from simulator.expected import Expected
from simulator.session import Session
from simulator.types import ActionCall, AgentSaid
from simulator.world import World

POLICY_SHOWN = 1500
"""Characters of the policy that a free agent is shown."""
MOST_TOKENS = 90
FREE_TURNS = 16
"""Messages after which a free agent stops."""


class AgentText(BaseModel):
    """`simulator/prompts/agent.<language>.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    system: str
    user: str
    example: str
    between: str
    customer: str
    agent: str
    cue: str
    free_system: str


@lru_cache(maxsize=4)
def agent_text(language: str) -> AgentText:
    """The agent's prompts in one language."""
    text = files("simulator").joinpath(f"prompts/agent.{language}.yaml").read_text("utf-8")
    return AgentText.model_validate(yaml.safe_load(text))


class DemoAgent:
    """Says an agent's lines for one session."""

    def __init__(self, model: ChatModel, world: World, seed: int, *, free: bool = False) -> None:
        self._model = model
        self._world = world
        self._seed = seed
        self._free = free or not model.can_continue
        self._language = world.scenario.agent_language
        self._text = agent_text(self._language)
        names = world.pack.name
        self._business = names.get(self._language) or next(iter(names.values()))

    def play(self, session: Session) -> Iterator[str]:
        """Hold the conversation: yields each agent's line; send it before asking for the next.

        What belongs to a line at the desk is done before it. Raises `llm.errors.ModelError`.
        """
        lines = self._improvised(session) if self._free else self._guided(session)
        for line in lines:
            yield line
            if session.ended:
                return

    def _guided(self, session: Session) -> Iterator[str]:
        for line in self._world.scenario.ideal:
            if is_command(line):
                command = parse_command(line)
                session.act(ActionCall(name=command.name, arguments=command.arguments))
            else:
                yield self._reworded(line, session)

    def _reworded(self, line: str, session: Session) -> str:
        """A line in the model's own words; as it stands when they do not say it all."""
        name = self._world.customer_name
        user = self._text.user.format(business=self._business, name=name)
        prefill = self._text.example.replace("\n\n", "\n") + self._text.between
        prefill += self._script(session) + self._text.cue.format(means=line.replace('"', "'"))
        said = self._say(Prompt.of(self._text.system, user, prefill), len(session.turns))
        expected = Expected(language=self._language, means=line, agent="")
        unsafe = guard.numbers_added(said, expected) or guard.missing(said, expected)
        return said if said and not unsafe else line

    def _improvised(self, session: Session) -> Iterator[str]:
        card = self._world.scenario.card
        policies = self._world.pack.policy
        policy = policies.get(self._language) or next(iter(policies.values()))
        system = self._text.free_system.format(
            business=self._business,
            policy=policy[:POLICY_SHOWN],
            card=f"{card.contact} {card.reason}",
        )
        for _ in range(FREE_TURNS):
            messages = [Message(role="system", content=system)]
            for turn in session.turns:
                role = "assistant" if isinstance(turn, AgentSaid) else "user"
                messages.append(Message(role=role, content=turn.text))
            if len(messages) == 1:
                messages.append(Message(role="user", content="…"))
            yield self._say(Prompt(messages=tuple(messages)), len(session.turns)) or "…"

    def _say(self, prompt: Prompt, turn: int) -> str:
        sampling = Sampling(
            temperature=0.5,
            seed=self._seed * 1000 + turn,
            max_tokens=MOST_TOKENS,
            stop=("\n",),
        )
        return "".join(delta.text for delta in self._model.stream(prompt, sampling)).strip()

    def _script(self, session: Session) -> str:
        rows = []
        for turn in session.turns[-8:]:
            form = self._text.agent if isinstance(turn, AgentSaid) else self._text.customer
            rows.append(form.format(text=" ".join(turn.text.split())))
        return "".join(rows)
