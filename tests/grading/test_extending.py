"""Rubrics that build on another: what changes, what stays, and where a mistake is named."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from grading.rubric import core_rubric, load_rubric
from personas.errors import ContentError
from scenarios.library import SHIPPED_PACKS, Library

HEAD = 'id: shop\nversion: "2"\nextends: house.yaml\n'

HOUSE = """\
id: house
version: "1"
conditions:
  customer_upset: {words: [upset], mood_below: -0.15}
criteria:
  - id: politeness
    label: {en: Politeness, zh: 礼貌}
    rules:
      - {id: greets, rule: has_words, words: [greeting], label: {en: Greets, zh: 问候}}
    questions:
      - {id: polite, ask: "Is the agent polite?", yes_is: good, label: {en: Polite, zh: 礼貌}}
      - {id: curt, ask: "Is the agent curt?", yes_is: bad, label: {en: Not curt, zh: 不生硬}}
  - id: resolution
    label: {en: Resolution, zh: 解决问题}
    questions:
      - {id: solved, ask: "Is it solved?", yes_is: good, label: {en: Solved, zh: 已解决}}
      - {id: accepted, ask: "Is it accepted?", yes_is: good, label: {en: Accepted, zh: 已接受}}
outcome:
  solved: [solved, accepted]
  satisfaction: [solved, polite]
topics: [delivery]
"""

Write = Callable[..., Path]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The rubric that those of these tests build on."""
    path = tmp_path / "house.yaml"
    path.write_text(HOUSE, "utf-8")
    return path


@pytest.fixture
def write(tmp_path: Path, house: Path) -> Write:
    def written(text: str, name: str = "shop.yaml", head: str = HEAD) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(head + text, "utf-8")
        return path

    return written


def test_core_unchanged_is_core_under_another_name(write: Write) -> None:
    rubric, core = load_rubric(write("", head=HEAD.replace("house.yaml", "core"))), core_rubric()
    assert (rubric.id, rubric.version) == ("shop", "2")
    assert rubric.model_copy(update={"id": core.id, "version": core.version}) == core


def test_weights_and_coverage_change_and_the_rest_stays(write: Write, house: Path) -> None:
    rubric = load_rubric(write("criteria: [{id: resolution, weight: 2.5, min_coverage: 0.4}]\n"))
    politeness, resolution = load_rubric(house).criteria
    changed = resolution.model_copy(update={"weight": 2.5, "min_coverage": 0.4})
    assert rubric.criteria == (politeness, changed)


def test_any_field_of_a_check_changes(write: Write, house: Path) -> None:
    text = """\
criteria:
  - id: politeness
    rules: [{id: greets, weight: 3, words: [greeting, polite]}]
    questions: [{id: polite, ask: "Is a polite word said?", label: {en: Polite words}}]
"""
    checks = {check.id: check for check in load_rubric(write(text)).checks()}
    old = {check.id: check for check in load_rubric(house).checks()}
    greets = old["greets"].model_copy(update={"weight": 3, "words": ("greeting", "polite")})
    assert checks["greets"] == greets
    assert checks["polite"].label.en == "Polite words"
    assert checks["polite"].label.zh == "礼貌"
    assert list(checks) == list(old)


def test_checks_are_removed_and_added_and_criteria_added(write: Write) -> None:
    text = """\
criteria:
  - id: politeness
    remove: [greets, curt]
    questions:
      - {id: names, ask: "Is the name used?", yes_is: good, label: {en: Uses it, zh: 称呼}}
    states:
      - {id: kept, state: promises_kept, label: {en: Keeps promises, zh: 守信}}
  - id: selling
    label: {en: Selling, zh: 销售}
    rules:
      - {id: sells, rule: has_words, words: [concrete], label: {en: Sells, zh: 推销}}
"""
    rubric = load_rubric(write(text))
    ids = {
        criterion.id: [check.id for check in criterion.checks()] for criterion in rubric.criteria
    }
    assert ids["politeness"] == ["kept", "polite", "names"]
    assert ids["resolution"] == ["solved", "accepted"]
    assert ids["selling"] == ["sells"]


def test_a_removed_check_can_come_back_as_another_one(write: Write) -> None:
    text = """\
criteria:
  - id: politeness
    remove: [greets]
    questions:
      - {id: greets, ask: "Is a greeting said?", yes_is: good, label: {en: Greets, zh: 问候}}
"""
    checks = {check.id: check for check in load_rubric(write(text)).questions()}
    assert checks["greets"].ask == "Is a greeting said?"


def test_conditions_and_outcome_change_field_by_field(write: Write) -> None:
    text = """\
conditions:
  customer_upset: {mood_below: -0.5}
  customer_pleased: {words: [pleased]}
outcome: {solved: [solved]}
topics: [tea]
"""
    rubric = load_rubric(write(text))
    assert rubric.conditions["customer_upset"].mood_below == -0.5
    assert rubric.conditions["customer_upset"].words == ("upset",)
    assert rubric.conditions["customer_pleased"].words == ("pleased",)
    assert rubric.outcome.solved == ("solved",)
    assert rubric.outcome.satisfaction == ("solved", "polite")
    assert rubric.topics == ("tea",)


def test_one_builds_on_another_and_paths_start_at_the_file(write: Write) -> None:
    head = HEAD.replace("house.yaml", "../house.yaml")
    write("criteria: [{id: resolution, weight: 3}]\n", "house/base.yaml", head)
    head = 'id: team\nversion: "1"\nextends: ../house/base.yaml\n'
    team = write("criteria: [{id: politeness, weight: 2}]\n", "team/team.yaml", head)
    assert [criterion.weight for criterion in load_rubric(team).criteria] == [2, 3]


MISTAKES = {
    "unknown base": ('id: a\nversion: "1"\nextends: cores\n', r":3: extends: .*mean 'core'"),
    "base that is no text": (
        'id: a\nversion: "1"\nextends: [core]\n',
        r":3: extends: .*one rubric",
    ),
    "missing file": ('id: a\nversion: "1"\nextends: no.yaml\n', r":3: extends: .*no\.yaml; paths"),
    "no id": ('version: "1"\nextends: core\n', "id: is missing; a rubric that extends"),
    "no version": ("id: a\nextends: core\n", "version: is missing; a rubric that extends"),
    "the base's id": (
        'id: house\nversion: "9"\nextends: house.yaml\n',
        ":1: id: 'house' is the rubric",
    ),
    "unknown criterion": (
        HEAD + "criteria: [{id: politness, weight: 2}]\n",
        r":4: criteria\[0\]\.id: .*'politness' to change; did you mean 'politeness'",
    ),
    "unknown check": (
        HEAD + "criteria:\n  - id: politeness\n    questions:\n      - {id: polit, weight: 2}\n",
        r":7: criteria\[0\]\.questions\[0\]\.id: .*'polit' to change; did you mean 'polite'",
    ),
    "unknown check to remove": (
        HEAD + "criteria:\n  - id: resolution\n    remove: [solved, polite]\n",
        r":6: criteria\[0\]\.remove\[1\]: there is no check 'polite' to remove",
    ),
    "a removal that is no list": (
        HEAD + "criteria: [{id: resolution, remove: solved}]\n",
        r"criteria\[0\]\.remove: should be a list",
    ),
    "check of another criterion": (
        HEAD + "criteria: [{id: resolution, questions: [{id: curt, weight: 2}]}]\n",
        "'curt' is in questions of 'politeness'; change it there",
    ),
    "check of another kind": (
        HEAD + "criteria: [{id: politeness, questions: [{id: greets, weight: 2}]}]\n",
        "'greets' is in rules of 'politeness'; change it there",
    ),
    "entry without an id": (HEAD + "criteria: [{weight: 2}]\n", r"criteria\[0\]: has no id"),
    "entry that is there twice": (
        HEAD + "criteria: [{id: resolution}, {id: resolution}]\n",
        r"criteria\[1\]\.id: 'resolution' is there twice",
    ),
    "wrong value": (
        HEAD + "criteria: [{id: resolution, weight: -1}]\n",
        r"shop\.yaml:4: criteria\[1\]\.weight: .*-1",
    ),
    "unknown field": (
        HEAD + "criteria: [{id: resolution, wieght: 1}]\n",
        r"shop\.yaml:4: .*wieght.*did you mean 'weight'",
    ),
    "outcome of a removed check": (
        HEAD + "criteria: [{id: resolution, remove: [accepted]}]\n",
        "outcome names 'accepted'",
    ),
}


@pytest.mark.parametrize(("text", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_named_with_their_place(write: Write, text: str, said: str) -> None:
    with pytest.raises(ContentError, match=said):
        load_rubric(write(text, head=""))


@pytest.mark.parametrize(
    "text",
    [
        "criteria: 5\n",
        "criteria: [5]\n",
        "criteria: [{id: [a]}]\n",
        "criteria: [{id: resolution, remove: [{a: b}]}]\n",
        "criteria: [{id: resolution, questions: {a: b}}]\n",
        "criteria: [{id: resolution, questions: [5]}]\n",
        "criteria: [{id: resolution, label: 5}]\n",
        "conditions: [5]\n",
    ],
)
def test_whatever_a_file_holds_is_named_and_no_crash(write: Write, text: str) -> None:
    with pytest.raises(ContentError, match=r"shop\.yaml:4: c"):
        load_rubric(write(text))


def test_a_circle_is_refused_with_the_files_that_make_it(write: Write) -> None:
    for name, base in (("a", "b"), ("b", "c"), ("c", "a")):
        path = write(f'id: {name}\nversion: "1"\nextends: {base}.yaml\n', f"{name}.yaml", "")
    with pytest.raises(ContentError, match=r"c\.yaml → .*a\.yaml → .*b\.yaml → .*c\.yaml; break"):
        load_rubric(path)


def test_a_mistake_in_the_base_is_named_in_the_base(write: Write) -> None:
    write("criteria: [{id: resolution, weight: heavy}]\n", "base.yaml")
    head = 'id: team\nversion: "1"\nextends: base.yaml\n'
    with pytest.raises(ContentError, match=r"base\.yaml:4: criteria\[1\]\.weight"):
        load_rubric(write("criteria: [{id: politeness, weight: 2}]\n", "team.yaml", head))


def test_a_base_without_fields_is_named(write: Write) -> None:
    write("- a\n- b\n", "base.yaml", "")
    with pytest.raises(ContentError, match=r"base\.yaml:1: should hold the fields of a rubric"):
        load_rubric(write("", "a.yaml", 'id: a\nversion: "1"\nextends: base.yaml\n'))


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A pack whose `pack.yaml` names a rubric of its own."""
    folder = tmp_path / "packs" / "online-shop"
    shutil.copytree(SHIPPED_PACKS / "online-shop", folder)
    text = (folder / "pack.yaml").read_text("utf-8")
    (folder / "pack.yaml").write_text(text.replace("rubric: core", "rubric: shop.yaml"), "utf-8")
    return folder


def test_a_pack_names_a_rubric_of_its_own(
    pack: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = HEAD.replace("house.yaml", "core")
    write("criteria: [{id: logic, weight: 3}]\n", "packs/online-shop/shop.yaml", head)
    monkeypatch.chdir(pack.parent)
    library = Library.load(pack.parent)
    rubric = load_rubric(library.packs["online-shop"].rubric)
    weights = {criterion.id: criterion.weight for criterion in rubric.criteria}
    assert (rubric.id, weights["logic"]) == ("shop", 3)


def test_a_pack_says_that_its_rubric_is_not_there(pack: Path) -> None:
    with pytest.raises(ContentError, match=r"pack\.yaml:6: rubric: there is no file .*shop\.yaml"):
        Library.load(pack.parent)
