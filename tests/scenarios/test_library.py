"""Loading packs: what is found, and that every mistake is told with file, line and field."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from scenarios.library import SHIPPED_PACKS, ContentError, Library, Problem

Edit = Callable[[Any], None]
SCENARIO = "online-shop/scenarios/broken-coffee-machine.yaml"
PACK = "online-shop/pack.yaml"
DATA = "online-shop/data.yaml"
CHINESE = "online-shop/pack.zh.yaml"


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """One of the shipped packs, to be broken."""
    shutil.copytree(SHIPPED_PACKS / "online-shop", tmp_path / "packs" / "online-shop")
    return tmp_path / "packs"


def edit(file: Path, change: Edit) -> None:
    content = yaml.safe_load(file.read_text("utf-8"))
    change(content)
    file.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")


def problems_of(packs: Path) -> tuple[Problem, ...]:
    with pytest.raises(ContentError) as caught:
        Library.load(packs)
    assert str(caught.value).splitlines() == [str(problem) for problem in caught.value.problems]
    return caught.value.problems


def put(*path: str | int, value: object) -> Edit:
    """An edit that sets one field; `...` removes it."""

    def change(content: Any) -> None:
        for part in path[:-1]:
            content = content[part]
        if value is ...:
            del content[path[-1]]
        else:
            content[path[-1]] = value

    return change


SCENARIO_MISTAKES = [
    (put("notes", "endings", "good", "latest", value=40), "notes.endings.good.latest", "(14)"),
    (put("notes", "endings", "good", "reasons", value=[]), "notes.endings.good.reasons", "empty"),
    (put("brief", "goals", 0, "from_level", value=3), "brief.goals", "level 1"),
    (
        put(
            "brief",
            "goals",
            0,
            "gives_way",
            value={"when": "refused", "to": "rid_of", "says": "Then not."},
        ),
        "brief.goals[0].gives_way.to",
        "rid_of_it",
    ),
    (
        put("brief", "offers", 2, "response", value="bargain"),
        "brief.offers[2].says_later",
        "missing",
    ),
    (put("colour", value="red"), "colour", "unknown field"),
    (put("brief", "openning", value="x"), "brief.openning", "did you mean 'opening'?"),
    (put("brief", "goals", 0, "wnts", value="x"), "brief.goals[0].wnts", "did you mean 'wants'?"),
    (put("title", value=...), "title", "is missing"),
    (put("level", value="hard"), "level", "integer"),
    (put("level", value=9), "level", "4"),
    (put("brief", "facts", value="none"), "brief.facts", "tuple"),
    (
        put("brief", "offers", 0, "response", value="acept"),
        "brief.offers[0].response",
        "did you mean 'accept'?",
    ),
    (put("brief", "facts", 0, "says", value=4471), "brief.facts[0].says", "quotes"),
    (put("persona", value="margret-doyle"), "persona", "did you mean 'margaret-doyle'?"),
    (put("persona", value="zhou-min"), "persona", "speaks 'zh'"),
    (put("topic", value="returns"), "topic", "no topic 'returns'"),
    (put("id", value="another"), "id", "same name"),
    (
        put("brief", "goals", 0, "after", value=["rid_of_it"]),
        "brief.goals[0].after",
        "money_back → rid_of_it → money_back",
    ),
    (put("brief", "goals", 1, "after", 0, value="x"), "brief.goals[1].after[0]", "no goal 'x'"),
    (
        put("brief", "goals", 0, "met_by", value=["refnd"]),
        "brief.goals[0].met_by[0]",
        "did you mean 'refund'?",
    ),
    (
        put("brief", "goals", 0, "met_by", value=["voucher"]),
        "brief.goals[0].met_by[0]",
        "refuses 'voucher'",
    ),
    (put("brief", "facts", 2, "phrases", 1, value=" "), "brief.facts[2].phrases[1]", "blank"),
    (put("brief", "offers", 2, "phrases", 1, value=""), "brief.offers[2].phrases[1]", "blank"),
    (
        put("brief", "offers", 2, "response", value="accept_later"),
        "brief.offers[2].says_later",
        "is missing",
    ),
    (
        put("brief", "offers", 0, "says_later", value="Yes."),
        "brief.offers[0].says_later",
        "never said",
    ),
    (put("notes", "success", 0, "table", value="order"), "notes.success[0].table", "'orders'"),
    (put("notes", "success", 0, "key", value="4472"), "notes.success[0].key", "'4471'"),
    (put("notes", "success", 0, "field", value="refnd"), "notes.success[0].field", "'refund'"),
    (
        put("notes", "forbidden_actions", 0, value="book_repairs"),
        "notes.forbidden_actions[0]",
        "'book_repair'",
    ),
    (put("notes", "verify_before", 0, value="number"), "notes.verify_before[0]", "no fact"),
    (put("notes", "earliest_end", value=15), "notes.earliest_end", "14"),
    (put("ideal", 3, value="!lookup_order order_id=4471"), "ideal[3]", "'look_up_order'"),
    (put("ideal", 3, value="!look_up_order order=4471"), "ideal[3]", "'order_id'"),
    (put("ideal", 3, value="!look_up_order order_id=4479"), "ideal[3]", "'4471'"),
    (put("ideal", 3, value="!look_up_order 4471"), "ideal[3]", "argument=value"),
    (put("ideal", 3, value="!"), "ideal[3]", "names no action"),
    (put("ideal", 3, value="!look_up_order order_id='4471"), "ideal[3]", "open quote"),
    (put("ideal", 6, value="!refund_order order_id=4471"), "ideal[6]", "needs 'reason'"),
    (
        put("ideal", 6, value="!refund_order order_id=4471 reason=damage"),
        "ideal[6]",
        "'damaged'",
    ),
    (put("ideal", 10, value="!look_up_order order_id=4471"), "ideal[10]", "end with something"),
    (put("ideal", 2, value="  "), "ideal[2]", "is empty"),
]

PACK_MISTAKES = [
    (put("topics", value=...), "topics", "is missing"),
    (put("actions", 1, "table", value="order"), "actions[1].table", "'orders'"),
    (put("actions", 1, "key", value="order"), "actions[1].key", "'order_id'"),
    (put("actions", 1, "name", value="look_up_order"), "actions[1].name", "2 times"),
    (put("actions", 1, "tabel", value="orders"), "actions[1].tabel", "did you mean 'table'?"),
    (
        put("actions", 1, "requires", 0, "field", value="refnd"),
        "actions[1].requires[0].field",
        "'refund'",
    ),
    (
        put("actions", 1, "requires", 0, "one_of", value=[]),
        "actions[1].requires[0]",
        "requires nothing",
    ),
    (
        put("actions", 1, "requires", 3, "field", value="status"),
        "actions[1].requires[3].at_most",
        "not a number",
    ),
    (
        put("actions", 1, "requires", 0, "otherwise", value="It is {refnd}."),
        "actions[1].requires[0].otherwise",
        "'refund'",
    ),
    (put("actions", 1, "sets", value={"refnd": "x"}), "actions[1].sets.refnd", "'refund'"),
    (
        put("actions", 1, "sets", "refund_reason", value="{raeson}"),
        "actions[1].sets.refund_reason",
        "'reason'",
    ),
    (put("actions", 1, "result", value="Done {totl}"), "actions[1].result", "'total'"),
    (
        put("actions", 1, "arguments", 1, "labels", value={"damagd": "Broken"}),
        "actions[1].arguments[1].labels.damagd",
        "did you mean 'damaged'?",
    ),
    (put("values", value={"status": {"gone": "Away"}}), "values.status.gone", "never 'gone'"),
    (put("actions", 1, "result", value="Done {total"), "actions[1].result", "brace"),
    (
        put("actions", 1, "arguments", 1, "name", value="order_id"),
        "actions[1].arguments",
        "twice",
    ),
]

TRANSLATION_MISTAKES = [
    (put("colour", value="red"), "colour", "unknown field"),
    (put("actions", "book_repair", value=...), "actions.book_repair", "translate it"),
    (put("actions", "refund_ordr", value={"title": "退"}), "actions.refund_ordr.result", "missing"),
    (
        put("actions", "burn", value={"title": "烧", "arguments": {}, "result": "好"}),
        "actions.burn",
        "no action 'burn'",
    ),
    (put("actions", "refund_order", "titel", value="x"), "actions.refund_order.titel", "'title'"),
    (put("actions", "refund_order", "title", value=...), "actions.refund_order.title", "missing"),
    (
        put("actions", "refund_order", "arguments", "reson", value="x"),
        "actions.refund_order.arguments.reson",
        "did you mean 'reason'?",
    ),
    (
        put("actions", "refund_order", "arguments", "reason", value=...),
        "actions.refund_order.arguments.reason",
        "translate it",
    ),
    (
        put("actions", "refund_order", "choices", "order_id", value={"x": "y"}),
        "actions.refund_order.choices.order_id",
        "no argument with choices 'order_id'",
    ),
    (
        put("actions", "refund_order", "choices", "reason", "lots", value="x"),
        "actions.refund_order.choices.reason.lots",
        "did you mean 'lost'?",
    ),
    (
        put("actions", "refund_order", "choices", "reason", "lost", value=...),
        "actions.refund_order.choices.reason.lost",
        "translate it",
    ),
    (
        put("actions", "refund_order", "otherwise", 4, value=...),
        "actions.refund_order.otherwise",
        "needs 5 texts",
    ),
    (
        put("actions", "refund_order", "otherwise", 2, value="订单{statsu}。"),
        "actions.refund_order.otherwise[2]",
        "did you mean 'status'?",
    ),
    (
        put("actions", "refund_order", "result", value="退款 {totl}"),
        "actions.refund_order.result",
        "did you mean 'total'?",
    ),
    (put("values", "statsu", value={"lost": "丢"}), "values.statsu", "did you mean 'status'?"),
    (
        put("values", "status", "shiped", value="x"),
        "values.status.shiped",
        "did you mean 'shipped'?",
    ),
]

DATA_MISTAKES = [
    (put("orders", "4502", "in_stock", value=...), "orders.4502", "has no 'in_stock'"),
    (put("orders", "4502", "note", value=["a"]), "orders.4502.note", "not a list"),
    (put("orders", "4502", value="none"), "orders.4502", "dictionary"),
]


@pytest.mark.parametrize(
    ("file", "change", "field", "said"),
    [(SCENARIO, *rest) for rest in SCENARIO_MISTAKES]
    + [(PACK, *rest) for rest in PACK_MISTAKES]
    + [(CHINESE, *rest) for rest in TRANSLATION_MISTAKES]
    + [(DATA, *rest) for rest in DATA_MISTAKES],
)
def test_a_mistake_is_told_with_file_line_and_field(
    packs: Path, file: str, change: Edit, field: str, said: str
) -> None:
    edit(packs / file, change)
    found = [p for p in problems_of(packs) if p.field == field and said in p.message]
    assert found, problems_of(packs)
    assert found[0].file == str(packs / file)
    assert found[0].line == line_of(packs / file, field)


def line_of(file: Path, field: str) -> int:
    """The line of a field, or of what is around it, found without the code under test."""
    node = yaml.compose(file.read_text("utf-8"))
    line = 1
    for part in field.replace("[", ".").replace("]", "").split("."):
        if isinstance(node, yaml.SequenceNode):
            node = node.value[int(part)]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            row = next((row for row in node.value if row[0].value == part), None)
            if row is None:
                return line
            node, line = row[1], row[0].start_mark.line + 1
    return line


def test_all_mistakes_of_all_files_are_told_together(packs: Path) -> None:
    edit(packs / SCENARIO, put("topic", value="returns"))
    edit(packs / SCENARIO, put("persona", value="nobody"))
    edit(packs / "online-shop/scenarios/late-parcel.yaml", put("colour", value="red"))
    edit(packs / PACK, put("actions", 1, "key", value="order"))
    assert {problem.field for problem in problems_of(packs)} >= {
        "topic",
        "persona",
        "colour",
        "actions[1].key",
    }


@pytest.mark.parametrize(
    ("name", "text", "line", "said"),
    [
        ("a.en.md", "No head.\n", 1, "has no head"),
        ("a.en.md", "---\ntitle: T\n", 1, "has no head"),
        ("a.en.md", "---\ntitle: T\nauthor: me\n---\nText\n", 3, "unknown field"),
        ("a.en.md", "---\ntags: [t]\n---\nText\n", 2, "is missing"),
        ("a.en.md", "---\ntitle: T\n b: : c\n---\nText\n", 3, "quotes"),
        ("a.md", "---\ntitle: T\n---\nText\n", 1, "should be named"),
        ("a.fr.md", "---\ntitle: T\n---\nText\n", 1, "should be named"),
    ],
)
def test_a_broken_article_is_told(packs: Path, name: str, text: str, line: int, said: str) -> None:
    file = packs / "online-shop" / "articles" / name
    file.write_text(text, "utf-8")
    (problem,) = problems_of(packs)
    assert (problem.file, problem.line) == (str(file), line)
    assert said in problem.message


def test_a_missing_policy_is_told_where_it_is_needed(packs: Path) -> None:
    (packs / "online-shop" / "policy.zh.md").unlink()
    problems = problems_of(packs)
    assert {problem.field for problem in problems} == {"language"}
    assert all("policy.zh.md" in problem.message for problem in problems)


def test_a_desk_that_does_not_speak_the_scenarios_language_is_told(packs: Path) -> None:
    (packs / CHINESE).unlink()
    problems = problems_of(packs)
    assert ("language", "rice-cooker-not-shipped") in {
        (problem.field, Path(problem.file).stem) for problem in problems
    }
    assert all("pack.zh.yaml" in problem.message for problem in problems)


@pytest.mark.parametrize("name", ["pack.fr.yaml", "pack.en.yaml"])
def test_a_translation_into_no_other_language_is_told(packs: Path, name: str) -> None:
    shutil.copy(packs / CHINESE, packs / "online-shop" / name)
    (problem,) = problems_of(packs)
    assert problem.file.endswith(name)
    assert "'pack.zh.yaml'" in problem.message


def test_two_packs_cannot_share_a_scenario_id(packs: Path) -> None:
    shutil.copytree(packs / "online-shop", packs / "second-shop")
    edit(packs / "second-shop" / "pack.yaml", put("id", value="second-shop"))
    problems = problems_of(packs)
    assert {problem.field for problem in problems} == {"id"}
    assert len(problems) == 5
    assert all("'online-shop' too" in problem.message for problem in problems)


def test_a_pack_is_named_like_its_folder(packs: Path) -> None:
    edit(packs / PACK, put("id", value="shop"))
    (problem,) = problems_of(packs)
    assert problem.field == "id"


def test_a_pack_without_data_has_no_tables(packs: Path) -> None:
    (packs / DATA).unlink()
    assert any("no table 'orders'" in problem.message for problem in problems_of(packs))


def test_a_folder_without_packs_is_told(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path)
    assert "no pack" in problem.message


def test_lookups_find_or_say_what_is_close() -> None:
    library = Library.load()
    assert library.scenario("late-parcel").id == "late-parcel"
    assert library.pack_of("late-parcel").id == "online-shop"
    assert library.persona("zhou-min").name == "周敏"
    shop = library.packs["online-shop"].scenarios
    ordered = [s.level for s in library.scenarios() if s in shop]
    assert ordered == sorted(ordered)
    with pytest.raises(ContentError, match="'late-parcl'; did you mean 'late-parcel'"):
        library.scenario("late-parcl")
    with pytest.raises(ContentError, match="'late-parcl'; did you mean 'late-parcel'"):
        library.pack_of("late-parcl")
    with pytest.raises(ContentError, match="persona 'xyz'; there is alasdair-munro"):
        library.persona("xyz")


def test_the_version_is_the_content(packs: Path) -> None:
    def version() -> str:
        return Library.load(packs).packs["online-shop"].version

    before = version()
    assert len(before) == 12
    assert before == version() == Library.load().packs["online-shop"].version
    article = packs / "online-shop" / "articles" / "verifying-a-customer.en.md"
    article.write_text(article.read_text("utf-8") + "\nOne more line.\n", "utf-8")
    assert version() != before
