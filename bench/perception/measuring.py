"""How well agents' messages are perceived: `spardesk bench perception`.

The labelled messages beside this file are put through the rules alone, the wording alone, the
language model alone (plain and calibrated) and all together as in use. The figures of the half
called `report` are the ones to quote; nothing was set by it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import exp
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from bench.statistics import F1
from dialogue.perceive import Perceiver
from dialogue.reading import message_acts
from dialogue.rules import rule_acts
from dialogue.targets import asked_by_rule, offered_by_rule
from dialogue.types import Act, Target
from dialogue.wording import wording_acts
from llm.types import ChatModel, Prompt, Question

HERE = Path(__file__).parent
LANGUAGES = ("en", "zh")
Half = Literal["tune", "report"]


class Labels(BaseModel):
    """What a message does: acts, facts asked for, offers made."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    acts: tuple[Act, ...]
    asks: tuple[str, ...]
    offers: tuple[str, ...]


class Row(BaseModel):
    """One labelled message."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    half: Half
    industry: str
    style: str
    context: str
    text: str
    labels: Labels
    """Settled."""
    first: Labels
    second: Labels

    @property
    def language(self) -> str:
        """By its id."""
        return self.id.partition("-")[0]


class Targets(BaseModel):
    """What may be asked and offered in one industry."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    facts: tuple[Target, ...]
    offers: tuple[Target, ...]


class System(BaseModel):
    """How one way of perceiving did: acts one by one and together, facts, offers."""

    model_config = ConfigDict(frozen=True)

    name: str
    acts: dict[Act, F1]
    all_acts: F1
    asks: F1 | None = None
    offers: F1 | None = None


class PerceptionReport(BaseModel):
    """The figures of one half and one language, or of both."""

    model_config = ConfigDict(frozen=True)

    half: Half
    messages: int
    kappa: float
    """Of the two readers, over all acts (Cohen 1960)."""
    kappa_by_act: dict[Act, float]
    systems: tuple[System, ...]


def rows(languages: Sequence[str] = LANGUAGES) -> list[Row]:
    """The labelled messages."""
    return [
        Row.model_validate_json(line)
        for language in languages
        for line in (HERE / f"messages.{language}.jsonl").read_text("utf-8").splitlines()
    ]


@lru_cache(maxsize=4)
def targets(language: str) -> dict[str, Targets]:
    """Industry → what may be asked and offered."""
    text = (HERE / f"targets.{language}.yaml").read_text("utf-8")
    return {key: Targets.model_validate(row) for key, row in yaml.safe_load(text).items()}


def kappa(pairs: Sequence[tuple[bool, bool]]) -> float:
    """Agreement of two readers beyond chance; 1 where neither saw anything."""
    n = len(pairs)
    same = sum(a == b for a, b in pairs) / n
    one, two = sum(a for a, _ in pairs) / n, sum(b for _, b in pairs) / n
    chance = one * two + (1 - one) * (1 - two)
    return (same - chance) / (1 - chance) if chance < 1 else 1.0


def measure(half: Half, languages: Sequence[str], model: ChatModel | None) -> PerceptionReport:
    """The figures of a half. Without a model, only what needs none.

    Raises `llm.errors.ModelError` when the model fails.
    """
    chosen = [row for row in rows(languages) if row.half == half]
    every = rows(languages)
    seen = {act: [(act in r.first.acts, act in r.second.acts) for r in every] for act in Act}
    systems = [_by_words("rules alone", chosen, lambda text: rule_acts(text))]
    systems.append(_by_words("wording alone", chosen, lambda text: _likely(wording_acts(text))))
    systems.append(_by_words("rules and wording", chosen, lambda text: _likely(message_acts(text))))
    systems[0] = systems[0].model_copy(update=_targets_by_phrase(chosen))
    if model is not None:
        systems += _by_model(chosen, model)
        systems.append(_together(chosen, model))
    return PerceptionReport(
        half=half,
        messages=len(chosen),
        kappa=kappa([pair for pairs in seen.values() for pair in pairs]),
        kappa_by_act={act: kappa(pairs) for act, pairs in seen.items()},
        systems=tuple(systems),
    )


def _likely(acts: Mapping[Act, float]) -> set[Act]:
    return {act for act, p in acts.items() if p >= 0.5}


def _system(name: str, chosen: Sequence[Row], found: Sequence[set[Act]]) -> System:
    by_act = {}
    for act in Act:
        pairs = [(act in f, act in row.labels.acts) for f, row in zip(found, chosen, strict=True)]
        by_act[act] = _f1(pairs)
    total = F1(
        right=sum(one.right for one in by_act.values()),
        found=sum(one.found for one in by_act.values()),
        wanted=sum(one.wanted for one in by_act.values()),
    )
    return System(name=name, acts=by_act, all_acts=total)


def _f1(pairs: Sequence[tuple[bool, bool]]) -> F1:
    return F1(
        right=sum(f and t for f, t in pairs),
        found=sum(f for f, _ in pairs),
        wanted=sum(t for _, t in pairs),
    )


def _by_words(name: str, chosen: Sequence[Row], see: Callable[[str], set[Act]]) -> System:
    return _system(name, chosen, [see(row.text) for row in chosen])


def _sets(pairs: Sequence[tuple[set[str], set[str]]]) -> F1:
    return F1(
        right=sum(len(found & true) for found, true in pairs),
        found=sum(len(found) for found, _ in pairs),
        wanted=sum(len(true) for _, true in pairs),
    )


def _targets_by_phrase(chosen: Sequence[Row]) -> dict[str, F1]:
    asks, offers = [], []
    for row in chosen:
        there = targets(row.language)[row.industry]
        asks.append((set(asked_by_rule(row.text, there.facts)), set(row.labels.asks)))
        offers.append((set(offered_by_rule(row.text, there.offers)), set(row.labels.offers)))
    return {"asks": _sets(asks), "offers": _sets(offers)}


def _together(chosen: Sequence[Row], model: ChatModel) -> System:
    """As in use: rules and wording, then the model for what they leave open."""
    perceivers = {
        (language, industry): Perceiver(model, there.facts, there.offers)
        for language in {row.language for row in chosen}
        for industry, there in targets(language).items()
    }
    found, asks, offers = [], [], []
    for row in chosen:
        seen = perceivers[row.language, row.industry].perceive(row.text)
        found.append(_likely(seen.acts))
        asks.append(({k for k, p in seen.asks.items() if p >= 0.5}, set(row.labels.asks)))
        offers.append(({k for k, p in seen.offers.items() if p >= 0.5}, set(row.labels.offers)))
    system = _system("together, as in use", chosen, found)
    return system.model_copy(update={"asks": _sets(asks), "offers": _sets(offers)})


def _by_model(chosen: Sequence[Row], model: ChatModel) -> Iterator[System]:
    """One yes/no question an act: its plain answer, and against the answer to an empty message."""
    text = yaml.safe_load((HERE / "questions.yaml").read_text("utf-8"))
    questions = [Question(id=act, text=asked) for act, asked in text["acts"].items()]

    def log_odds(message: str) -> dict[Act, float]:
        prompt = Prompt.of(text["system"], text["message"].format(message=message))
        answers = model.ask(prompt, questions)
        return {Act(answer.question_id): answer.log_odds() for answer in answers}

    lean = log_odds(text["empty_message"])
    odds = [log_odds(" ".join(row.text.replace('"', "'").split())) for row in chosen]
    plain = [{act for act, value in one.items() if value > 0} for one in odds]
    level = [{act for act, v in one.items() if _p(v - lean[act]) > 0.5} for one in odds]
    yield _system("model alone, plain", chosen, plain)
    yield _system("model alone, calibrated", chosen, level)


def _p(log_odds: float) -> float:
    return 1 / (1 + exp(-log_odds))
