"""Packs made of tasks of τ²-bench's form: what they hold, and that they play to an end."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from dialogue.targets import mentions
from dialogue.types import Target
from personas.library import load_personas
from scenarios.commands import Command, is_command, parse_command
from scenarios.importing.canonical import canonical, canonical_arguments, written
from scenarios.importing.cutting import MOST_WORDS, lines, split
from scenarios.importing.person import first_person, sentence
from scenarios.importing.sorting import sort
from scenarios.importing.tau2_pack import Imported, import_tau2
from scenarios.importing.tau2_words import persona_for, words
from scenarios.library import ContentError, Library
from scenarios.types import Brief, Scenario
from simulator.desk import Desk
from simulator.session import Session
from simulator.types import ActionCall, EndReason
from simulator.world import World
from tests.scripted import ScriptedModel
from tests.simulator.making import MemoryJournal
from tests.simulator.test_ideals import plain
from ui.cli.importing import carry_out, imports

SMALL = Path(__file__).parent / "tau2_small"
IDS = [*(f"tau2-retail-{i}" for i in range(4)), "tau2-rail-0", "tau2-rail-1"]


def command(*arguments: object) -> Result:
    return CliRunner().invoke(imports, ["tau2", *(str(each) for each in arguments)])


def imported(name: str) -> Imported:
    return import_tau2(SMALL / name, name, load_personas(), carry_out)


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Both small folders as packs, made by the command."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("packs")
        patch.setenv("SPARDESK_DATA", str(folder.parent / "spardesk-data"))
        command(SMALL / "shop", "--out", folder / "shop")
        command(SMALL / "trains", "--out", folder / "trains")
        yield folder


@pytest.fixture(scope="module")
def library(packs: Path) -> Library:
    return Library.load(packs)


def session_of(library: Library, scenario_id: str) -> Session:
    scenario = library.scenario(scenario_id)
    world = World(library.pack_of(scenario_id), scenario, library.persona(scenario.persona))
    model = ScriptedModel(reply=plain, default=0.5)
    return Session.start(world, model=model, journal=MemoryJournal(), seed=3)


def spoken(brief: Brief) -> list[str]:
    ways = (goal.gives_way.says for goal in brief.goals if goal.gives_way)
    wants = (goal.wants for goal in brief.goals)
    facts = (fact.says for fact in brief.facts)
    return [brief.opening, *facts, *(offer.says for offer in brief.offers), *wants, *ways]


# --- what the pack holds ------------------------------------------------------------------------


def test_all_that_is_of_the_form_is_there(library: Library) -> None:
    assert sorted(scenario.id for scenario in library.scenarios()) == sorted(IDS)


@pytest.mark.parametrize("scenario_id", IDS)
def test_the_good_agent_ends_it_and_leaves_the_right_state(
    library: Library, scenario_id: str
) -> None:
    session = session_of(library, scenario_id)
    for line in session.world.scenario.ideal:
        if session.ended is not None:
            break
        if is_command(line):
            called = parse_command(line)
            assert session.act(ActionCall(name=called.name, arguments=called.arguments)).done
        else:
            list(session.reply(line))
    assert session.ended is EndReason.SOLVED
    for wanted in session.world.scenario.notes.success:
        assert session.desk.tables[wanted.table][wanted.key][wanted.field] == wanted.equals


def holds(scenario: Scenario, desk: Desk) -> bool:
    wanted = scenario.notes.success
    return all(desk.tables[each.table][each.key][each.field] == each.equals for each in wanted)


@pytest.mark.parametrize("scenario_id", ["tau2-retail-0", "tau2-retail-1"])
def test_without_the_expected_changes_the_state_is_wrong(
    library: Library, scenario_id: str
) -> None:
    assert not holds(library.scenario(scenario_id), Desk(library.pack_of(scenario_id)))


def test_where_nothing_is_to_be_changed_any_change_is_wrong(library: Library) -> None:
    scenario, pack = library.scenario("tau2-retail-2"), library.pack_of("tau2-retail-2")
    desk = Desk(pack)
    assert scenario.notes.success and holds(scenario, desk)
    arguments = {"order_id": "W1000004", "item_ids": "6000000011", "payment_method_id": "paypal_2"}
    assert desk.do(ActionCall(name="return_delivered_order_items", arguments=arguments)).done
    assert not holds(scenario, desk)
    assert "return_delivered_order_items" in scenario.notes.forbidden_actions
    assert "transfer_to_human_agents" not in scenario.notes.forbidden_actions


def test_a_change_too_much_is_wrong(library: Library) -> None:
    """Returning as well what was to be exchanged only, in another order of the customer's."""
    scenario = library.scenario("tau2-retail-0")
    desk = Desk(library.pack_of("tau2-retail-0"))
    for line in filter(is_command, scenario.ideal):
        called = parse_command(line)
        desk.do(ActionCall(name=called.name, arguments=called.arguments))
    assert holds(scenario, desk)
    extra = {"order_id": "#W1000002", "reason": "no longer needed"}
    assert desk.do(ActionCall(name="cancel_pending_order", arguments=extra)).done
    assert not holds(scenario, desk)


def test_an_expected_action_that_the_desk_refuses_is_said_and_not_asked_for() -> None:
    made = imported("shop")
    assert len(made.not_carried_out) == 1
    assert "Task '3'" in made.not_carried_out[0] and "is pending" in made.not_carried_out[0]
    kept = made.origin["tasks"]["tau2-retail-3"]["expected_actions"]
    assert [bool(each.get("refused")) for each in kept] == [False, True]
    scenario = next(each for each in made.pack.scenarios if each.id == "tau2-retail-3")
    assert not [line for line in scenario.ideal if line.startswith("!return")]


def test_what_cannot_be_checked_says_so(library: Library) -> None:
    for scenario_id in ("tau2-rail-0", "tau2-rail-1"):
        notes = library.scenario(scenario_id).notes
        assert notes.success == () and notes.traps[0].startswith("Not state-checked")


def test_a_desk_without_data_keeps_a_log(library: Library) -> None:
    desk = Desk(library.pack_of("tau2-rail-0"))
    arguments = {"booking_id": "QX81ZT", "seats": "4 12A", "fee": "0"}
    assert desk.do(ActionCall(name="change_seat", arguments=arguments)).done
    record = desk.tables["log_by_booking_id"]["QX81ZT"]
    assert record["change_seat"] == "seats 4 12A; fee 0" and record["add_bicycle"] == "none"


def test_the_customer_knows_and_does_not_know_what_the_task_says(library: Library) -> None:
    facts = {fact.id: fact for fact in library.scenario("tau2-retail-0").brief.facts}
    assert facts["name"].says == "My name is Ada Ferris."
    assert facts["zip"].says == "My zip code is 85701."
    assert facts["order"].says == "The order number is #W1000001."
    assert (facts["email"].when, facts["email"].says) == (
        "unknown",
        "I do not remember my email address.",
    )
    by_mail = {fact.id: fact for fact in library.scenario("tau2-retail-1").brief.facts}
    assert by_mail["email"].says == "My e-mail address is ada.ferris@example.com."
    assert by_mail["reason"].says == "I ordered it by mistake."
    assert by_mail["order"].when == "unknown"


def test_a_condition_becomes_a_goal_that_gives_way(library: Library) -> None:
    first, then = library.scenario("tau2-retail-0").brief.goals
    assert first.gives_way and first.gives_way.when == "refused"
    assert (first.gives_way.to, first.gives_way.says) == (then.id, "Then I'd go for green.")
    assert first.met_by == then.met_by


def test_what_is_to_be_kept_back_is_spoken_by_nobody(packs: Path, library: Library) -> None:
    kept = json.loads((packs / "shop" / "origin.json").read_text("utf-8"))
    assert "chipped" in str(kept["tasks"]["tau2-retail-1"]["not_spoken"])
    assert "chipped" not in " ".join(spoken(library.scenario("tau2-retail-1").brief))


@pytest.mark.parametrize("scenario_id", IDS)
def test_lines_are_short_and_speak_of_no_agent(library: Library, scenario_id: str) -> None:
    for line in spoken(library.scenario(scenario_id).brief):
        assert len(line.split()) <= MOST_WORDS
        assert "the agent" not in line


def test_two_deeds_of_one_kind_are_told_apart(library: Library) -> None:
    offers = library.scenario("tau2-retail-1").brief.offers
    named = [
        offer.id
        for offer in offers
        if mentions(
            "I have cancelled order #W1000003",
            Target(id=offer.id, about="", phrases=offer.phrases, unless=offer.unless),
        )
    ]
    assert named == ["deed_3"]


def test_origin_keeps_what_no_scenario_has_a_field_for(packs: Path) -> None:
    kept = json.loads((packs / "shop" / "origin.json").read_text("utf-8"))
    assert "Sierra Research" in kept["licence"] and "MIT" in kept["licence"]
    task = kept["tasks"]["tau2-retail-0"]
    assert task["nl_assertions"] == ["The agent names the difference."]
    assert (task["communicate_info"], task["reward_basis"]) == (["2"], ["DB"])
    assert [each["kind"] for each in task["expected_actions"]] == [
        "look_up",
        "look_up",
        "undeclared",
        "write",
    ]


def test_the_same_folder_gives_the_same_files(packs: Path, tmp_path: Path) -> None:
    command(SMALL / "shop", "--out", tmp_path / "shop")
    for path in (path for path in (tmp_path / "shop").rglob("*") if path.is_file()):
        same = packs / "shop" / path.relative_to(tmp_path / "shop")
        assert path.read_bytes() == same.read_bytes()


# --- what is refused ----------------------------------------------------------------------------


def test_a_broken_task_is_skipped_and_the_exit_code_says_so(tmp_path: Path) -> None:
    result = command(SMALL / "trains", "--out", tmp_path / "trains")
    assert result.exit_code == 1
    said = " ".join(result.output.split())
    assert "task '2': user_scenario.instructions.reason_for_call: is missing; add it" in said
    assert len(list((tmp_path / "trains" / "scenarios").iterdir())) == 2


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "shop"
    (out / "scenarios").mkdir(parents=True)
    (out / "scenarios" / "old.yaml").write_text("mine")
    result = command(SMALL / "shop", "--out", out)
    assert isinstance(result.exception, ContentError) and "--force" in str(result.exception)
    assert (out / "scenarios" / "old.yaml").read_text() == "mine"
    assert command(SMALL / "shop", "--out", out, "--force").exit_code == 0
    assert not (out / "scenarios" / "old.yaml").exists()


def broken(folder: Path, name: str, text: str | None) -> Path:
    shutil.copytree(SMALL / "shop", folder / "shop")
    path = folder / "shop" / name
    if text is None:
        path.unlink()
    else:
        path.write_text(text)
    return folder / "shop"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("tasks.json", "{", "is not JSON"),
        ("tasks.json", "{}", "should be a list of tasks"),
        ("tasks.json", "[]", "should be a list of tasks"),
        ("tasks.json", None, "cannot be read"),
        ("policy.md", None, "put the policy"),
        ("db.json", '{"users": {}, "orders": {"x": {}}, "products": {}}', "orders.x.order_id"),
    ],
)
def test_a_folder_of_another_form_is_refused(
    tmp_path: Path, name: str, text: str | None, said: str
) -> None:
    folder = broken(tmp_path, name, text)
    with pytest.raises(ContentError, match=said) as refused:
        import_tau2(folder, "shop", load_personas(), carry_out)
    assert name in str(refused.value)


def test_a_pack_needs_a_name_that_an_id_can_be() -> None:
    with pytest.raises(ContentError, match="name the folder"):
        import_tau2(SMALL / "shop", "My Shop", load_personas(), carry_out)


def change(row: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {**row, **fields}


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda row: change(row, id=None), "id"),
        (lambda row: change(row, id="1"), "another task's too"),
        (lambda row: change(row, evaluation_criteria={"actions": [{"name": "a b"}]}), "actions"),
        (lambda row: change(row, user_scenario={"instructions": "Call."}), "instructions"),
        (lambda _: "a task", "the task"),
    ],
)
def test_each_broken_task_has_its_sentence(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], Any], said: str
) -> None:
    rows = json.loads((SMALL / "shop" / "tasks.json").read_text("utf-8"))
    rows[3] = spoil(rows[3])
    folder = broken(tmp_path, "tasks.json", json.dumps(rows))
    made = import_tau2(folder, "shop", load_personas(), carry_out)
    assert len(made.skipped) == 1 and len(made.pack.scenarios) == 3
    assert "tasks.json: task '" in made.skipped[0] and said in made.skipped[0]


# --- its parts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("description", "speech"),
    [
        ("You want your money back", "I want my money back"),
        ("You've moved and you'd like it sent to you.", "I've moved and I'd like it sent to me."),
        ("what the agent tells you", "what you tell me"),
        ("It costs more than you have paid", "It costs more than I have paid"),
        ("The agent can help you find it", "you can help me find it"),
        ("your card, not the agent's", "my card, not your"),
        ("You were told that it was yours", "I was told that it was mine"),
        ("You think you ordered it but are not sure", "I think I ordered it but am not sure"),
        ("they want you to pay", "they want me to pay"),
        ("the next day (i.e. tomorrow) for you", "the next day (i.e. tomorrow) for me"),
        ("Your youngest is young", "my youngest is young"),
    ],
)
def test_descriptions_become_speech(description: str, speech: str) -> None:
    assert first_person(description) == speech


def test_a_sentence_has_a_capital_and_a_mark() -> None:
    assert sentence("  my name is Ada,") == "My name is Ada."
    assert sentence("Why?") == "Why?"
    assert sentence(" . ") == ""


def test_addresses_and_lists_do_not_end_a_sentence() -> None:
    assert split("Write to a.b@example.com. Then go (i.e. leave).") == [
        "Write to a.b@example.com.",
        "Then go (i.e. leave).",
    ]
    assert split("Lamp {'color': 'red', 'size': 'S'}") == ["Lamp (color red, size S)"]
    assert split("You want it, and if the agent refuses, leave.") == [
        "You want it",
        "if the agent refuses, leave.",
    ]


def test_long_sentences_are_cut_and_lose_no_words() -> None:
    long = " ".join(["word"] * 20) + ", and " + " ".join(["other"] * 20) + " " + "end " * 30
    cut = lines(long)
    assert all(len(line.split()) <= MOST_WORDS for line in cut)
    assert len(" ".join(cut).split()) == len(long.split())


def test_sentences_are_sorted_by_what_they_are_for() -> None:
    told = sort(
        [
            "You want to return the mug. Ask the agent how long it takes. Be polite. "
            "If it is not possible, you'd keep it. If the agent asks for the colour, "
            "say it is red. When the agent asks you to confirm, you change your mind and "
            "return the cup. "
            "If there are several, you prefer the blue one."
        ]
    )
    assert told.said == [
        "I want to return the mug.",
        "I would like to know how long it takes.",
        "If there are several, I prefer the blue one.",
    ]
    assert [(each.says, each.second_thought) for each in told.turnings] == [
        ("Then I'd keep it.", False),
        ("Actually, I want to return the cup.", True),
    ]
    assert [each.says for each in told.answers] == ["It is red."]
    assert told.directions == ["Be polite."]


def test_arguments_have_one_text_for_one_meaning() -> None:
    assert canonical(["b", "a"]) == canonical(("a", "b")) == "a,b"
    assert canonical([{"n": "B", "d": 2}, {"n": "A", "d": 1}]) == "A 1, B 2"
    odd: tuple[Any, ...] = ("", None, [], True, 3)
    assert [canonical(value) for value in odd] == ["none", "none", "none", "true", "3"]
    assert canonical_arguments({"order_id": "#W1"}) == {"order_id": "W1"}


def test_a_command_survives_being_written() -> None:
    asked = Command("act", {"text": 'it\'s "so" #1 = 2', "ids": "1,2"})
    assert parse_command(written(asked)) == asked


def test_manners_choose_the_persona() -> None:
    english = {key for key, persona in load_personas().items() if persona.language == "en"}
    assert {row.persona for row in words().personas} | {words().persona} <= english
    assert persona_for("You are impatient and brief.") == words().personas[0].persona
    assert persona_for("You own a brushed lamp.") == words().persona
