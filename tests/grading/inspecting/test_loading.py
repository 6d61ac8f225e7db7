"""Rules files: the shipped ones are sound, and mistakes in one's own are named with their place."""

from pathlib import Path

import pytest

from grading.inspecting.loading import inspectors, load_rules, shipped
from grading.rubric import core_rubric
from personas.errors import ContentError
from tests.grading.inspecting.making import own, written
from tests.grading.making import case_of

SMALL = """\
language: en
version: "7"
groups:
  thanks: {any: [thanks, thank you]}
conditions:
  thanked: {words: ["@thanks"], speaker: customer}
matters:
  - id: wants_money
    label: Wants money
    intent: refund
    when: {words: [money]}
criteria:
  politeness:
    start: 50
    rules:
      - id: thanks
        label: Thanks
        points: 20
        when: {words: ["@thanks"], speaker: agent}
findings:
  - id: thanked
    label: Was thanked
    when: {holds: thanked}
sentiment:
  lexicon:
    - {valence: 0.5, words: [nice]}
entities:
  - {kind: order_number, regex: '\\d{5}'}
"""

EXTENDING = """\
language: en
version: "house 3"
extends: shipped
groups:
  courtesy: {any: [prithee]}
conditions:
  greets_by_name: {words: [brightleaf], speaker: agent}
findings:
  - id: house_greeting
    label: Names the house
    when: {holds: greets_by_name}
  - id: swears
    label: Swears mildly
    when: {words: [heck]}
criteria:
  politeness:
    rules:
      - id: greets
        label: Greets as the house does
        points: 30
        when: {words: [ahoy], speaker: agent, turns: first}
sentiment:
  lexicon:
    - {valence: -0.9, words: [lovely]}
logic:
  repeated: 0.99
"""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_shipped_rules_name_the_core_rubrics_values(language: str) -> None:
    book, rubric = shipped(language).book, core_rubric()
    intents = {rule.intent for rule in book.matters if rule.intent}
    topics = {rule.topic for rule in book.matters if rule.topic}
    assert intents == set(rubric.intents)
    assert topics == set(rubric.topics)
    assert list(book.criteria) == [criterion.id for criterion in rubric.criteria][:4]
    assert len(book.matters) >= 24
    assert book.language == language


def test_both_languages_look_for_the_same_things() -> None:
    english, chinese = shipped("en").book, shipped("zh").book
    assert [rule.id for rule in english.findings] == [rule.id for rule in chinese.findings]
    assert [rule.id for rule in english.matters] == [rule.id for rule in chinese.matters]
    kinds = {rule.kind for rule in english.entities}
    assert kinds == {rule.kind for rule in chinese.entities}


def test_a_file_of_ones_own_is_used_for_its_language(tmp_path: Path) -> None:
    made = inspectors(core_rubric(), written(tmp_path, SMALL))
    assert made["zh"] is shipped("zh")
    found = made["en"].inspect(case_of("C: my money, thanks", "A: Thank you."), core_rubric())
    assert (found.rules, found.intent, found.topic) == ("en 7", "refund", None)
    assert found.criteria["politeness"].score == 70
    assert [hit.id for hit in found.findings] == ["thanked"]


def test_a_file_can_build_on_the_shipped_rules(tmp_path: Path) -> None:
    inspector = own(tmp_path, EXTENDING)
    found = inspector.inspect(case_of("C: Heck.", "A: Ahoy from Brightleaf!"), core_rubric())
    assert {"house_greeting", "swears"} <= {hit.id for hit in found.findings}
    points = {hit.id: hit.points for hit in found.criteria["politeness"].hits}
    assert points["greets"] == 30
    assert set(found.criteria) == set(shipped("en").book.criteria)
    assert inspector.emotion(case_of("C: How lovely."))[0].valence < 0
    assert inspector.book.logic.repeated == 0.99
    assert inspector.book.logic.values == shipped("en").book.logic.values
    ids = [rule.id for rule in inspector.book.findings]
    assert len(ids) == len(set(ids)) == len(shipped("en").book.findings) + 1


@pytest.mark.parametrize(
    ("before", "after", "line", "field", "message"),
    [
        ("points: 20", "ponits: 20", 18, "rules[0].ponits", "did you mean 'points'?"),
        ("points: 20", "points: many", 18, "rules[0].points", "not 'many'"),
        ("points: 20", "points: 200", 18, "rules[0].points", "less than or equal to 100"),
        ("{any: [thanks, thank you]}", "{any: []}", 4, "groups.thanks.any", "at least 1 item"),
        ("thank you]", "'ta*nks']", 4, "groups.thanks.any[1]", "'*' stands only before or behind"),
        ("thank you]", "'谢*']", 4, "groups.thanks.any[1]", "'*' stands only before or behind"),
        ("thank you]", "' ']", 4, "groups.thanks.any[1]", "a keyword is empty"),
        ("[money]", '["@mony"]', 11, "when.words[0]", "there is no group 'mony'"),
        ("intent: refund", "intent: refnd", 10, "matters[0].intent", "did you mean 'refund'?"),
        ("    intent: refund\n", "", 8, "matters[0]", "name an 'intent', a 'topic' or both"),
        ("holds: thanked", "holds: thank", 23, "findings[0].when.holds", "did you mean 'thanked'?"),
        ("holds: thanked", "holds: thanked, words: [a]", 23, "when", "this has words and holds"),
        ("holds: thanked", "speaker: agent", 23, "when", "exactly one of"),
        ("holds: thanked", "holds: thanked, turns: last", 23, "when", "'turns' belongs to the"),
        ("speaker: agent", "speaker: bot", 19, "speaker", "'bot' is not one of"),
        ("'\\d{5}'", "'(\\d'", 28, "entities[0].regex", "is not a regular expression"),
        ("order_number", "ordernumber", 28, "entities[0].kind", "did you mean 'order_number'?"),
        ("words: [nice]", "words: [nice, NICE]", 26, "words[1]", "already has the valence 0.5"),
        ("valence: 0.5", "valence: 5", 26, "valence", "less than or equal to 1"),
        ("- id: thanks", "- id: Thanks", 16, "rules[0].id", "match pattern"),
        ('{words: ["@thanks"], speaker: customer}', "{holds: thanked}", 6, "holds", "stand above"),
        ("{words: [money]}", "{near: {first: [a]}}", 11, "near.second", "is missing"),
        ("{words: [money]}", "{near: {frist: [a]}}", 11, "near.frist", "did you mean 'first'?"),
        ("{words: [money]}", "{wait: {}}", 11, "when.wait", "say 'over' or 'under'"),
        ("{words: [money]}", "{sentiment: {}}", 11, "when.sentiment", "say 'below' or 'above'"),
        ("language: en", "language: fr", 1, "language", "'fr' is not one of en, zh"),
    ],
)
def test_mistakes_are_named_with_file_line_and_field(
    tmp_path: Path, before: str, after: str, line: int, field: str, message: str
) -> None:
    changed = SMALL.replace(before, after)
    assert changed != SMALL
    with pytest.raises(ContentError) as caught:
        load_rules(written(tmp_path, changed), core_rubric())
    problems = caught.value.problems
    assert any(
        problem.file.endswith("own.yaml")
        and problem.line == line
        and problem.field.endswith(field)
        and message in problem.message
        for problem in problems
    ), str(caught.value)


def test_ids_are_unique(tmp_path: Path) -> None:
    again = "findings:\n  - id: thanked\n    label: Once\n    when: {words: [a]}\n"
    with pytest.raises(ContentError, match=r"findings\[1\]\.id: 'thanked' is used above"):
        load_rules(written(tmp_path, SMALL.replace("findings:\n", again)), core_rubric())


def test_broken_yaml_and_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"own\.yaml:2: "):
        load_rules(written(tmp_path, "language: en\n  version: [\n"), core_rubric())
    with pytest.raises(ContentError, match=r"gone\.yaml.*cannot be read"):
        load_rules(tmp_path / "gone.yaml", core_rubric())
