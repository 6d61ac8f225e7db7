"""The shipped content keeps what the customer's director and the model need of it."""

import re
from collections.abc import Iterator

import pytest

from dialogue.language import HAN
from dialogue.targets import mentions
from dialogue.types import Target
from scenarios.commands import is_command, parse_command
from scenarios.library import Library
from scenarios.types import Action, Fact, Offer, Pack, Scenario
from simulator.desk import Desk
from simulator.types import ActionCall

LIBRARY = Library.load()
SCENARIOS = LIBRARY.scenarios()
each = pytest.mark.parametrize("scenario", SCENARIOS, ids=[s.id for s in SCENARIOS])

EN_WORDS = (3, 20)
ZH_CHARACTERS = (5, 40)
SENTENCE_END = re.compile(r"[.!?。！？]+(?=\s|$|[^\x00-\x7f])")


def spoken(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Every line of the brief that the customer may say, with where it stands."""
    brief = scenario.brief
    yield from (("opening", brief.opening), ("puzzled", brief.puzzled))
    yield from (("insists", brief.insists), ("satisfied", brief.satisfied))
    yield "gives_up", brief.gives_up
    yield from ((f"fact {fact.id}", fact.says) for fact in brief.facts)
    yield from ((f"offer {offer.id}", offer.says) for offer in brief.offers)
    yield from ((f"{o.id} later", o.says_later) for o in brief.offers if o.says_later)
    yield from ((f"goal {goal.id}", goal.wants) for goal in brief.goals)
    ways = ((goal.id, goal.gives_way) for goal in brief.goals)
    yield from ((f"goal {id_} gives way", way.says) for id_, way in ways if way)
    yield from ((f"misbelief {m.id}", m.says) for m in brief.misbeliefs)
    yield from ((f"misbelief {m.id} learns", m.learns) for m in brief.misbeliefs)


def target(thing: Fact | Offer) -> Target:
    return Target(id=thing.id, about=thing.about, phrases=tuple(thing.phrases))


def things(scenario: Scenario) -> list[Target]:
    """Everything that an agent's words are held against."""
    return [*map(target, scenario.brief.facts), *map(target, scenario.brief.offers)]


def said(scenario: Scenario) -> list[str]:
    return [line for line in scenario.ideal if not is_command(line)]


@each
def test_lines_are_short(scenario: Scenario) -> None:
    for where, line in spoken(scenario):
        zh = scenario.language == "zh"
        size = len(line) if zh else len(line.split())
        low, high = ZH_CHARACTERS if zh else EN_WORDS
        assert low <= size <= high, (where, line, size)
        assert len(SENTENCE_END.findall(line)) <= 2, (where, line)


@each
def test_lines_end_and_are_said_once(scenario: Scenario) -> None:
    lines = [line for _, line in spoken(scenario)]
    assert len(set(lines)) == len(lines)
    assert all(line[-1] in ".!?。！？" for line in lines)
    assert not any('"' in line or "\n" in line for line in lines)


@each
def test_lines_are_in_the_scenarios_language(scenario: Scenario) -> None:
    zh = scenario.language == "zh"
    texts = [line for _, line in spoken(scenario)]
    texts += [thing.about for thing in things(scenario)]
    assert [text for text in texts if bool(HAN.search(text)) != zh] == []


@each
def test_what_the_agent_reads_and_says_is_in_the_agents_language(scenario: Scenario) -> None:
    zh = scenario.agent_language == "zh"
    texts = [*said(scenario), scenario.card.reason, *scenario.card.objectives]
    texts += scenario.notes.traps
    assert [text for text in texts if bool(HAN.search(text)) != zh] == []


@each
def test_phrases_are_plain_and_many(scenario: Scenario) -> None:
    for thing in things(scenario):
        assert len(thing.phrases) >= 6, thing.id
        assert len(set(thing.phrases)) == len(thing.phrases), thing.id
        assert all(phrase == phrase.strip().lower() for phrase in thing.phrases), thing.id


@each
def test_facts_are_of_all_kinds(scenario: Scenario) -> None:
    facts = scenario.brief.facts
    assert 5 <= len(facts) <= 9
    assert {fact.when for fact in facts} == {"volunteered", "asked", "unknown", "never"}


@each
def test_the_card_keeps_the_customers_secrets(scenario: Scenario) -> None:
    card = " ".join([scenario.card.contact, scenario.card.reason, *scenario.card.objectives])
    brief = scenario.brief
    for line in (*(f.says for f in brief.facts), *(g.wants for g in brief.goals)):
        assert line not in card
    for fact in brief.facts:
        numbers = set(re.findall(r"\d{4}", fact.says)) if fact.id != "order_number" else set()
        assert not numbers & set(re.findall(r"\d{4}", card)), fact.id


@each
def test_the_good_agent_solves_it_at_the_desk(scenario: Scenario) -> None:
    desk = Desk(LIBRARY.pack_of(scenario.id))
    for line in filter(is_command, scenario.ideal):
        command = parse_command(line)
        assert command.name not in scenario.notes.forbidden_actions
        result = desk.do(ActionCall(name=command.name, arguments=command.arguments))
        assert result.done, result.message
    for wanted in scenario.notes.success:
        assert desk.tables[wanted.table][wanted.key][wanted.field] == wanted.equals


@each
def test_nothing_is_solved_before_anybody_did_anything(scenario: Scenario) -> None:
    tables = LIBRARY.pack_of(scenario.id).tables
    start = [tables[s.table][s.key][s.field] == s.equals for s in scenario.notes.success]
    assert not all(start)


@each
def test_the_good_agent_verifies_before_acting_and_meets_every_goal(scenario: Scenario) -> None:
    brief = scenario.brief
    first_action = next(i for i, line in enumerate(scenario.ideal) if is_command(line))
    facts = {fact.id: fact for fact in brief.facts}
    for name in scenario.notes.verify_before:
        before = scenario.ideal[:first_action]
        assert any(mentions(line, target(facts[name])) for line in before), name
    offers = {offer.id: offer for offer in brief.offers}
    for goal in brief.goals:
        ways = [target(offers[name]) for name in goal.met_by]
        assert any(mentions(line, way) for line in said(scenario) for way in ways), goal.id


@each
def test_the_good_agent_asks_for_no_secret_and_makes_no_wrong_offer(scenario: Scenario) -> None:
    secrets = [target(fact) for fact in scenario.brief.facts if fact.when == "never"]
    wrong = [target(offer) for offer in scenario.brief.offers if offer.response == "refuse"]
    for line in said(scenario):
        assert [t.id for t in (*secrets, *wrong) if mentions(line, t)] == [], line
    assert 6 <= len(said(scenario)) <= 12


@each
def test_a_scenario_comes_back_from_json(scenario: Scenario) -> None:
    assert Scenario.model_validate_json(scenario.model_dump_json()) == scenario


@each
def test_every_kind_of_agent_has_its_right_ending(scenario: Scenario) -> None:
    endings = scenario.notes.endings
    assert set(endings) == {"good", "poor", "rude", "evasive", "attacker"}
    assert endings["good"].reasons == ("solved",)
    assert endings["good"].earliest == scenario.notes.earliest_end
    assert "solved" not in {
        reason for kind in ("rude", "evasive") for reason in endings[kind].reasons
    }
    assert len(scenario.notes.traps) >= 3


packs = pytest.mark.parametrize("pack", LIBRARY.packs.values(), ids=list(LIBRARY.packs))


@packs
def test_a_pack_comes_back_from_json(pack: Pack) -> None:
    assert Pack.model_validate_json(pack.model_dump_json()) == pack


@packs
def test_a_pack_is_a_business_to_work_in(pack: Pack) -> None:
    languages = {scenario.agent_language for scenario in pack.scenarios}
    for language in languages:
        articles = [a for a in pack.articles if a.language == language]
        assert len(articles) >= 4, language
        for article in articles:
            assert bool(HAN.search(article.title + article.text)) == (language == "zh")
            assert len(article.text) > 250, article.id
        assert bool(HAN.search(pack.policy[language])) == (language == "zh")
        assert len(pack.policy[language]) > 700
    for name, table in pack.tables.items():
        assert len(table) >= 8, name


@packs
def test_an_action_leaves_no_braces_in_what_it_says(pack: Pack) -> None:
    for kind in pack.actions:
        for key in pack.tables[kind.table]:
            message = Desk(pack).do(call_of(kind, key)).message
            assert not set("{}") & set(message), message


def call_of(action: Action, key: str) -> ActionCall:
    arguments = {a.name: a.choices[0] if a.choices else "x" for a in action.arguments}
    return ActionCall(
        name=action.name, arguments=arguments | ({action.key: key} if action.key else {})
    )
