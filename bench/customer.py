"""How good the simulated customer is: `spardesk bench customer`.

Scripted agents of five kinds play against scenarios; every customer turn is held against its cue,
its brief and its role (`bench/adherence.py`), every session against the ending that was written
down before it was played (`bench/endings.py`). Counts come with their intervals.
"""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from statistics import mean, median
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from bench.adherence import Verdict, leaks, verdicts
from bench.endings import fault, termination
from bench.playing import Played
from bench.statistics import F1, Share, diversity, length, quartiles
from grading.wording import politeness
from scenarios.types import Scenario

Quartiles = tuple[float, float, float]


class Human(BaseModel):
    """How real customers of a language write; `bench/human_customers.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    length: Quartiles
    politeness: Quartiles
    first_turns: tuple[float, float, float]
    """How unlike first turns are: by single words, pairs and triples."""


class LanguageReport(BaseModel):
    """The turns in one language, beside real customers'."""

    model_config = ConfigDict(frozen=True)

    turns: int
    length: Quartiles
    """Quartiles; words, or characters of Chinese."""
    politeness: Quartiles
    human: Human


class CustomerReport(BaseModel):
    """The figures of a run."""

    model_config = ConfigDict(frozen=True)

    model: str
    sessions: int
    turns: int
    in_role_shown: Share
    in_role_before_guard: Share
    says_the_cue: Share
    turns_with_a_leak: Share
    turns_with_a_wrong_figure: Share
    voided: Share
    sessions_with_a_critical_error: Share
    seeded_leaks_found: Share
    termination: F1
    endings: dict[str, int]
    """Kind of agent and reason → sessions."""
    ending_faults: dict[str, int]
    flags: dict[str, int]
    """What the guard put on record, by kind."""
    levels: dict[int, dict[str, float]]
    """Level → turns a session, facts told unasked a session, goals, messages with manners."""
    languages: dict[str, LanguageReport]
    turns_per_session_median: float
    first_text_median_s: float | None
    seconds: float


class Opening(BaseModel):
    """First turns of different customers, and how unlike each other they are.

    Diversity is 1 − the mean pairwise overlap (Jaccard) of n-grams: of words, of characters in
    Chinese. The shorter the n-gram, the more any two texts of a language share.
    """

    model_config = ConfigDict(frozen=True)

    turns: int
    mean_diversity: float | None
    """Over n-grams of one, two and three, all pairs of one language."""
    diversity: dict[str, tuple[float | None, float | None, float | None]]
    """Language → by single words, pairs and triples."""
    people: dict[str, tuple[float, float, float]]
    """The same of real customers."""
    says_the_cue: Share


@lru_cache(maxsize=1)
def human() -> dict[str, Human]:
    """Real customers, by language."""
    text = files("bench").joinpath("human_customers.yaml").read_text("utf-8")
    return {key: Human.model_validate(row) for key, row in yaml.safe_load(text).items()}


def report(sessions: Sequence[Played], model: str) -> CustomerReport:
    """The figures of what was played."""
    judged = [verdicts(played) for played in sessions]
    flat = [verdict for one in judged for verdict in one]
    exchanges = [exchange for played in sessions for exchange in played.exchanges]
    first = [e.customer.first_token_s for e in exchanges if e.customer.first_token_s is not None]
    return CustomerReport(
        model=model,
        sessions=len(sessions),
        turns=len(flat),
        in_role_shown=_share(flat, [v.in_role for v in flat]),
        in_role_before_guard=_share(flat, [v.in_role_before for v in flat]),
        says_the_cue=_share(flat, [v.says_the_cue for v in flat]),
        turns_with_a_leak=_share(flat, [bool(v.leaked) for v in flat]),
        turns_with_a_wrong_figure=_share(flat, [bool(v.wrong_figures) for v in flat]),
        voided=_share(flat, [v.voided for v in flat]),
        sessions_with_a_critical_error=_share(
            sessions, [any(v.critical for v in one) for one in judged]
        ),
        seeded_leaks_found=seeded([played.game.world.scenario for played in sessions]),
        termination=termination(sessions),
        endings=dict(Counter(f"{p.game.kind} {p.ended or 'none'}" for p in sessions)),
        ending_faults=dict(
            Counter(f"{p.game.kind} {fault(p)}" for p in sessions if fault(p) is not None)
        ),
        flags=dict(Counter(f.kind for e in exchanges for f in e.customer.flags)),
        levels=_levels(sessions),
        languages=_languages(sessions),
        turns_per_session_median=median(p.turns for p in sessions) if sessions else 0.0,
        first_text_median_s=median(first) if first else None,
        seconds=sum(played.seconds for played in sessions),
    )


def openings(sessions: Sequence[Played]) -> Opening:
    """How unlike the first turns of these sessions are."""
    spoken = [played for played in sessions if played.exchanges]
    texts = [(p.game.world.language, p.exchanges[0].customer.text) for p in spoken]
    judged = [verdicts(played)[0] for played in spoken]
    every = [diversity([text for _, text in texts], n) for n in (1, 2, 3)]
    found = {}
    for language in sorted({language for language, _ in texts}):
        own = [text for each, text in texts if each == language]
        found[language] = (diversity(own, 1), diversity(own, 2), diversity(own, 3))
    return Opening(
        turns=len(texts),
        mean_diversity=mean(d for d in every if d is not None) if texts[1:] else None,
        diversity=found,
        people={language: human()[language].first_turns for language in found},
        says_the_cue=_share(judged, [v.says_the_cue for v in judged]),
    )


def seeded(scenarios: Sequence[Scenario]) -> Share:
    """Leaks put in on purpose that the detector finds: its recall.

    Each fact of each scenario, told in a line that is otherwise the scenario's own, once as it
    stands and once without its first words, as a customer in a hurry would.
    """
    tried = found = 0
    for scenario in {each.id: each for each in scenarios}.values():
        brief = scenario.brief
        for fact in brief.facts:
            for telling in (fact.says, _hurried(fact.says)):
                tried += 1
                line = f"{brief.insists} {telling}"
                found += fact.id in leaks(line, brief, set(), brief.insists)
    return Share(count=found, of=tried)


def _hurried(text: str) -> str:
    """The later two thirds of a line."""
    words = text.split()
    return " ".join(words[len(words) // 3 :]) if len(words) > 3 else text[len(text) // 3 :]


def _share(of: Sequence[Any], hits: Sequence[bool]) -> Share:
    return Share(count=sum(hits), of=len(of))


MANNERS = {"ramble", "hurry", "distrust", "threaten", "cry", "be_vague"}


def _levels(sessions: Sequence[Played]) -> dict[int, dict[str, float]]:
    """What a level changed, as it came about."""
    found = {}
    for number in sorted({played.game.world.level for played in sessions}):
        chosen = [played for played in sessions if played.game.world.level == number]
        turns = [e.customer for played in chosen for e in played.exchanges]
        start = [p.exchanges[0].customer.state for p in chosen if p.exchanges]
        goals = [
            sum(len(s[k]) for k in ("goals_open", "goals_met", "goals_dropped")) for s in start
        ]
        asked = [len(set(e.cue.facts) - set(e.perception.asks)) for e in turns]
        manners = [bool(MANNERS & {str(act) for act in e.cue.acts}) for e in turns]
        found[number] = {
            "sessions": len(chosen),
            "patience_at_first": round(median(t.cue.mood.patience for t in turns), 3),
            "goals": round(sum(goals) / max(len(goals), 1), 2),
            "facts_unasked_per_session": round(sum(asked) / len(chosen), 2),
            "difficult_turns": round(sum(manners) / max(len(turns), 1), 3),
        }
    return found


def _languages(sessions: Sequence[Played]) -> dict[str, LanguageReport]:
    found = {}
    for language in sorted({played.game.world.language for played in sessions}):
        texts = [
            e.customer.text
            for played in sessions
            if played.game.world.language == language
            for e in played.exchanges
        ]
        found[language] = LanguageReport(
            turns=len(texts),
            length=quartiles([length(text) for text in texts]),
            politeness=quartiles([politeness(text) for text in texts]),
            human=human()[language],
        )
    return found


def faults(sessions: Sequence[Played]) -> list[tuple[Played, int, Verdict]]:
    """Every turn with a fault: session, place among its customer turns, what is wrong."""
    return [
        (played, i, verdict)
        for played in sessions
        for i, verdict in enumerate(verdicts(played))
        if not verdict.says_the_cue
    ]


def as_row(played: Played) -> dict[str, Any]:
    """A session as it is kept for reading: what was said, meant, perceived and found wrong."""
    game = played.game
    return {
        "scenario": game.world.scenario.id,
        "persona": game.world.persona.id,
        "agent": game.kind,
        "seed": game.seed,
        "level": game.world.level,
        "ended": played.ended,
        "turns": [
            {
                "agent": e.agent.text,
                "customer": e.customer.text,
                "cue": e.customer.cue.model_dump(mode="json"),
                "perception": _likely(e.customer.perception.model_dump(mode="json")),
                "flags": [flag.model_dump(mode="json") for flag in e.customer.flags],
                "candidates": list(e.customer.candidates),
                "verdict": verdict.model_dump(mode="json"),
            }
            for e, verdict in zip(played.exchanges, verdicts(played), strict=True)
        ],
    }


def _likely(perception: dict[str, dict[str, float]]) -> dict[str, list[str]]:
    return {kind: [key for key, p in row.items() if p >= 0.5] for kind, row in perception.items()}
