"""The actor's prompt: a script that the model continues.

Small models answer a chat turn as an assistant would, but continue a script in role, above all when
each line is opened with what it means (see ARCHITECTURE.md, "The customer"). The prompt holds the
persona's voice and what the customer has said; of the brief it holds only this cue. What is not in
the prompt cannot leak, and what the agent wrote is not in it either: the director has heard the
agent, and the cue says all there is to say to it. Shown the agent's last words, the 1.5 B model
repeated them or spoke as the agent in 12 of 64 lines (sessions chosen for that); shown only what
they do, in 1 of 64; shown nothing, in none, and it strayed least from the cue (3 lines for 14).
The chat form, for models that follow instructions, has both sides.

The text only ever grows at its end, so that the server's prefix cache makes a turn cost its new
tokens alone.
"""

import re
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from dialogue.language import HAN, detect
from llm.types import Prompt
from personas.types import Persona
from simulator.mood import word
from simulator.types import AgentSaid, Cue, CustomerSaid

SHOWN = 300
"""Characters of an agent's message that the chat form shows: a long one would push all else out."""
WINDOW = 12
"""Exchanges the actor sees once there are more than twice as many; cut in steps, since every cut
makes the server read the rest anew."""


class ActorText(BaseModel):
    """`simulator/prompts/actor.<language>.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    system: str
    user: str
    example: str
    between: str
    agent: str
    cue: str
    said: str
    odd_message: str
    rude_message: str
    foreign_message: str
    silence: str
    chat: str


@lru_cache(maxsize=4)
def actor_text(language: str) -> ActorText:
    """The actor's prompt in one language."""
    text = files("simulator").joinpath(f"prompts/actor.{language}.yaml").read_text("utf-8")
    return ActorText.model_validate(yaml.safe_load(text))


class Script:
    """The conversation so far as the actor sees it."""

    def __init__(self, persona: Persona, language: str, name: str = "") -> None:
        self._text = actor_text(language)
        self._language = language
        voice = {"name": name or persona.name, "age": persona.age, "voice": persona.voice}
        self._user = self._text.user.format(**voice)
        self._lines = [
            self._cue(example.mood, example.means) + self._text.said.format(text=example.says)
            for example in persona.examples
        ]
        self._examples = "".join(
            self._text.example.format(**example.model_dump()) for example in persona.examples
        )
        self._spoken: list[str] = []
        """The customer's lines, each opened with its cue."""
        self._exchanges: list[str] = []
        """The same with the agent's words before each."""

    def head(self) -> Prompt:
        """What all prompts of the session begin with; read early, it makes the first turn fast."""
        return self._continued([], "")

    def so_far(self) -> Prompt:
        """What the next prompt will begin with."""
        return self._continued(self._spoken, "")

    def add(self, agent: AgentSaid, customer: CustomerSaid) -> None:
        """Remember an exchange."""
        said = self._text.said.format(text=_flat(customer.text))
        spoken = self._opening(customer.cue) + said
        self._spoken.append(spoken)
        self._exchanges.append(self._heard(agent) + spoken)

    def prompt(self, agent: AgentSaid, cue: Cue, continues: bool) -> Prompt:
        """The prompt for the customer's next line, to continue or, failing that, to answer."""
        if continues:
            return self._continued(self._spoken, self._opening(cue))
        script = "".join(_window(self._exchanges)) + self._heard(agent)
        asked = self._text.chat.format(
            script=script.strip(), mood=word(cue.mood, self._language), means=_quoted(cue.means)
        )
        user = f"{self._user}\n\n{self._examples}{self._text.between}{asked}"
        return Prompt.of(self._text.system, user)

    def _continued(self, spoken: list[str], opening: str) -> Prompt:
        script = "".join([*self._lines, self._text.between, *_window(spoken), opening])
        return Prompt.of(self._text.system, self._user, script)

    def _opening(self, cue: Cue) -> str:
        return self._cue(word(cue.mood, self._language), cue.means)

    def _cue(self, mood: str, means: str) -> str:
        return self._text.cue.format(mood=mood, means=_quoted(means))

    def _heard(self, agent: AgentSaid) -> str:
        return self._text.agent.format(text=self._shown(agent))

    def _shown(self, agent: AgentSaid) -> str:
        """The agent's words as one line, as far as the customer's line needs them.

        Small models repeat what stands out, and answer a language in that language: talk to the
        model, abuse and another language are only mentioned. The cue holds what to say to them.
        """
        kinds = {label.kind for label in agent.labels}
        if "attack" in kinds or "binary" in kinds:
            return self._text.odd_message
        if "abuse" in kinds:
            return self._text.rude_message
        if detect(agent.text) not in (None, self._language):
            return self._text.foreign_message
        text = _flat(agent.text)
        if not text:
            return self._text.silence
        return text if len(text) <= SHOWN else text[:SHOWN].rstrip() + " …"


def _window(lines: list[str]) -> list[str]:
    cut = max(0, (len(lines) // WINDOW - 1) * WINDOW)
    return lines[cut:]


_EMOJI = re.compile(r"[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]")
"""Put in by typing habits; a model that sees them adds its own."""
_BURST = re.compile(r"(\S)[ \t]*\n+")


def _stopped(found: re.Match[str]) -> str:
    """The end of one message of a burst: a stop where there is none."""
    last = found[1]
    if last in ".!?。！？…,，":
        return f"{last} "
    return f"{last}。" if HAN.match(last) else f"{last}. "


def _flat(text: str) -> str:
    """One line; markers of the script that a text might carry are taken apart."""
    line = " ".join(_EMOJI.sub("", _BURST.sub(_stopped, text)).split())
    return re.sub(r"(AGENT|CUSTOMER|客服|客户)\s*([:：(（])", r"\1 - \2", line).replace("<|", "< |")


def _quoted(text: str) -> str:
    """Fit to stand between quotation marks."""
    return text.replace('"', "'").replace("“", "‘").replace("”", "’").replace("\n", " ")
