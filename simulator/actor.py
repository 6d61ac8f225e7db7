"""The actor: the model says the cue in the persona's voice; nothing is released unguarded."""

import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic

from dialogue.types import Mood
from llm.errors import ModelError
from llm.types import ChatModel, Delta, Prompt, Sampling, Usage
from simulator import guard
from simulator.expected import Expected, voice_units
from simulator.habits import emoji, typed, without_stop
from simulator.releasing import Spoken, ending_of_cue, may_open, rest_after, spoken
from simulator.script import Script
from simulator.trimming import trimmed, worn_out
from simulator.types import AgentSaid, Cue, Flag
from simulator.world import World

CANDIDATES = 2
"""Lines asked of the model at most; after that the cue's own words are said."""
TEMPERATURES = (0.4, 0.2)
MOST_TOKENS = 90


@dataclass
class Line:
    """A customer's line as it came about."""

    text: str = ""
    """What was released, as the persona types."""
    said: str = ""
    """The same before typing."""
    owed_stop: str = ""
    """The stop that was left off at the end, to be put in when more follows."""
    candidates: list[str] = field(default_factory=list)
    """What the model said before the guard, in order."""
    flags: list[Flag] = field(default_factory=list)
    usage: list[Usage] = field(default_factory=list)
    first_released: float | None = None
    """`time.monotonic()` when the first text was released."""


@dataclass(frozen=True)
class Known:
    """What of the brief matters for one line."""

    hidden: tuple[str, ...]
    """What this cue does not allow and was not told before."""
    told_now: tuple[str, ...]
    """What this cue tells."""


class Actor:
    """Says cues in one persona's voice."""

    def __init__(self, model: ChatModel, world: World, seed: int) -> None:
        persona = world.persona
        self.script = Script(persona, world.language, world.customer_name)
        self._model = model
        self._habits = persona.typing
        self._language = world.language
        self._seed = seed
        self._reading = threading.Lock()
        """Held while the server reads: a second prompt meanwhile would be read anew elsewhere."""
        self._voice = voice_units([(e.means, e.says) for e in persona.examples])

    def warm_up(self) -> None:
        """Have the server read what every prompt begins with."""
        if self._model.can_continue:
            with self._reading:
                self._read(self.script.head())

    def read_ahead(self) -> None:
        """Have the server read what was said, while the agent is thinking.

        May run beside `say`, which waits for it; does nothing while the server reads already.
        """
        if self._model.can_continue and self._reading.acquire(blocking=False):
            try:
                self._read(self.script.so_far())
            finally:
                self._reading.release()

    def _read(self, prompt: Prompt) -> None:
        for _ in self._model.stream(prompt, Sampling(max_tokens=1)):
            pass

    def say(
        self, agent: AgentSaid, cue: Cue, said: tuple[str, ...], known: Known, line: Line
    ) -> Iterator[str]:
        """Yield the line's released pieces, filling `line` on the way.

        Raises `llm.errors.ModelError` when the model fails before anything was released; after
        that the rest of the cue is said in its own words.
        """
        expected = Expected(
            language=self._language,
            means=cue.means,
            agent=agent.text,
            said=said,
            hidden=known.hidden,
            facts=known.told_now,
            voice=self._voice,
        )
        draw = random.Random(f"{self._seed}/{agent.index}/typing")
        for attempt in range(CANDIDATES):
            try:
                for sentence in self._candidate(agent, cue, expected, attempt, line):
                    yield self._release(sentence, line, cue.mood, draw)
            except ModelError:
                if not line.text:
                    raise
            if line.text:
                break
        for sentence in self._unsaid(expected, line):
            yield self._release(sentence, line, cue.mood, draw)
        if wrong := guard.line_problem(line.said, expected):
            line.flags.append(Flag(kind=wrong, stage="shown", voided=True))
        if mark := emoji(self._habits, cue.mood, draw):
            line.text += f" {mark}"
            yield f" {mark}"

    def _candidate(
        self, agent: AgentSaid, cue: Cue, expected: Expected, attempt: int, line: Line
    ) -> Iterator[str]:
        """The sentences of one candidate that pass, up to the first that does not."""
        prompt = self.script.prompt(agent, cue, self._model.can_continue)
        sampling = Sampling(
            temperature=TEMPERATURES[attempt],
            seed=self._seed * 1000 + agent.index * 10 + attempt,
            max_tokens=MOST_TOKENS,
            stop=("\n",),
        )
        line.candidates.append("")
        with self._reading:
            heard = spoken(_noted(self._model.stream(prompt, sampling), line))
            yield from self._passing(heard, expected, line)

    def _passing(self, heard: Iterator[Spoken], expected: Expected, line: Line) -> Iterator[str]:
        """The pieces up to the first that does not pass; all of them are heard."""
        first, held, opening = True, "", ""
        for part in heard:
            sentence = part.text
            if not part.whole:
                if may_open(sentence, expected):
                    opening = sentence
                    yield held + opening
                continue
            problem = guard.sentence_problem(sentence, expected)
            if problem is None and first and not opening and guard.repeats(sentence, expected):
                problem = "loop"
            if problem is not None:
                line.flags.append(Flag(kind=problem, stage="before_guard"))
                yield from _not_empty(ending_of_cue(opening, expected) if opening else "")
                _hear_out(heard)
                return
            if opening:
                yield from _not_empty(rest_after(opening, trimmed(sentence, expected)))
                first, opening = False, ""
                continue
            if worn_out(sentence, expected) or guard.said_already(sentence, line.said):
                continue
            if first and not guard.carries(sentence, expected):
                held = sentence  # an "Oh." is worth showing only with what comes after it
                continue
            if first and held and not guard.echoed(held, expected):
                yield held
            first = False
            yield trimmed(sentence, expected, line.said)
        if first:
            line.flags.append(Flag(kind="empty", stage="before_guard"))

    def _unsaid(self, expected: Expected, line: Line) -> list[str]:
        """What the cue means and the released text does not say: all of it, or what is missing."""
        if not line.text:
            return [expected.means]
        rest = guard.missing(line.said, expected)
        if rest:
            line.flags.append(Flag(kind="off_cue", stage="before_guard"))
        return rest

    def _release(self, sentence: str, line: Line, mood: Mood, draw: random.Random) -> str:
        """A sentence in the persona's typing, glued to what was released before."""
        text, stop = without_stop(typed(sentence, self._habits, mood, draw), self._habits)
        glue = "\n" if self._habits.bursts else ("" if self._language == "zh" else " ")
        if line.text.endswith(("，", "；")):
            glue = ""  # the rest of a sentence whose first clause was shown
        piece = text if not line.text else line.owed_stop + glue + text
        line.owed_stop = stop
        line.first_released = line.first_released or monotonic()
        line.text += piece
        line.said += sentence if not line.said or self._language == "zh" else " " + sentence
        return piece


def _noted(deltas: Iterator[Delta], line: Line) -> Iterator[Delta]:
    """The stream, written down as it passes: a candidate and what it cost."""
    for delta in deltas:
        line.candidates[-1] += delta.text
        if delta.usage is not None:
            line.usage.append(delta.usage)
        yield delta


def _not_empty(text: str) -> Iterator[str]:
    if text:
        yield text


def _hear_out(heard: Iterator[Spoken]) -> None:
    """To its end: the next candidate would find this one's slot of the server still busy and have
    everything read anew in another (10 s against 0.5 s)."""
    for _ in heard:
        pass
