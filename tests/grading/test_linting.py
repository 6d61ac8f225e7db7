"""Linting: every kind of finding with a rubric that has it and one that does not."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from grading.lint_lists import lists
from grading.linting import Finding, lint
from grading.rubric import SHIPPED, load_rubric
from personas.errors import ContentError

Edit = Callable[[dict[str, Any]], None]


def label(text: str) -> dict[str, str]:
    return {"en": text, "zh": f"{text}（中文）"}


def question(id_: str, ask: str, yes_is: str = "good", **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "ask": ask,
        "yes_is": yes_is,
        "show_words": ["polite"],
        "label": label(id_),
        "problem": label(f"Not {id_}"),
        **more,
    }


SOUND: dict[str, Any] = {
    "id": "sound",
    "version": "1",
    "criteria": [
        {
            "id": "politeness",
            "label": label("Politeness"),
            "questions": [
                question("names", "Does the agent use the customer's name?"),
                question("asks", "Does the agent ask for the order number?"),
            ],
            "rules": [
                {
                    "id": "greets",
                    "rule": "has_words",
                    "words": ["greeting"],
                    "label": label("Greets"),
                    "problem": label("No greeting"),
                }
            ],
        }
    ],
    "outcome": {"solved": ["names"], "satisfaction": ["names"]},
}
"""Nothing is wrong with it."""


@pytest.fixture
def linted(tmp_path: Path) -> Callable[..., tuple[Finding, ...]]:
    """The findings in the sound rubric after edits."""

    def run(*edits: Edit) -> tuple[Finding, ...]:
        rubric = copy.deepcopy(SOUND)
        for edit in edits:
            edit(rubric)
        path = tmp_path / "rubric.yaml"
        path.write_text(yaml.safe_dump(rubric, allow_unicode=True, sort_keys=False), "utf-8")
        return lint(path)

    return run


Linted = Callable[..., tuple[Finding, ...]]


def kinds(findings: tuple[Finding, ...]) -> set[str]:
    return {finding.check for finding in findings}


def first(**fields: Any) -> Edit:
    """Changes fields of the first question; `...` removes one."""
    return lambda rubric: put(rubric["criteria"][0]["questions"][0], fields)


def rule(**fields: Any) -> Edit:
    return lambda rubric: put(rubric["criteria"][0]["rules"][0], fields)


def criterion(**fields: Any) -> Edit:
    return lambda rubric: put(rubric["criteria"][0], fields)


def top(**fields: Any) -> Edit:
    return lambda rubric: put(rubric, fields)


def put(target: dict[str, Any], fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        if value is ...:
            del target[name]
        else:
            target[name] = value


def add(kind: str, *checks: dict[str, Any]) -> Edit:
    """More checks for the only criterion."""
    return lambda rubric: rubric["criteria"][0].setdefault(kind, []).extend(checks)


def several(*edits: Edit) -> Edit:
    def run(rubric: dict[str, Any]) -> None:
        for edit in edits:
            edit(rubric)

    return run


def test_nothing_is_found_in_a_sound_rubric(linted: Linted) -> None:
    assert linted() == ()


QUESTIONS = [
    ("vague_word", "Is the reply appropriate?", "Is the reply in the customer's language?"),
    ("vague_word", "Does the agent act professionally?", "Does the agent sign with a name?"),
    ("vague_word", "Is the answer a good one?", "Does the agent say good morning?"),
    ("vague_word", "Does the agent explain the steps well?", "Does the agent name a step as well?"),
    (
        "two_questions",
        "Does the agent greet the customer and thank them for waiting?",
        "Does the agent name the date and the place?",
    ),
    (
        "two_questions",
        "Is the agent polite and helpful?",
        "Is the agent warm and caring?",
    ),
    (
        "two_questions",
        "Did the agent check the order and did the customer get a date?",
        "Did the agent check the order and the date?",
    ),
    (
        "two_questions",
        "Does the agent say what happens next and why?",
        "Does the agent say what happens next?",
    ),
    (
        "two_questions",
        "Does the agent list the steps or offer a call?",
        "Does the agent name an answer or offer?",
    ),
    (
        "double_negative",
        "Does the agent never leave a question unanswered?",
        "Does the agent leave a question unanswered?",
    ),
    (
        "double_negative",
        "Does the agent not avoid the question?",
        "Does the agent avoid the question?",
    ),
    (
        "negated_question",
        "Does the agent not use the customer's name?",
        "Does the agent say that the order is not there?",
    ),
    (
        "negated_question",
        "Does the agent fail to give a date?",
        "Does the agent give a date?",
    ),
    ("no_question_mark", "The agent gives a date.", "Does the agent give a date?"),
    ("no_question_mark", "客服是否称呼客户。", "客服是否称呼客户？"),
    (
        "too_long",
        f"Does the agent name {'one more step ' * 8}of the list?",
        "Does the agent name a step of the list?",
    ),
    ("no_antecedent", "Is it in plain words?", "Is the reply in plain words?"),
    ("no_antecedent", "Does he use a name?", "Does the agent use a name?"),
    (
        "no_antecedent",
        "Does the agent repeat it?",
        "Does the agent hear the question and its reason?",
    ),
    ("no_antecedent", "Was that right?", "Was that what the customer had asked for?"),
    ("no_antecedent", "Do they greet?", "Does the agent make it clear what they need?"),
    (
        "not_yes_or_no",
        "What does the agent promise?",
        "Does the agent say what happens?",
    ),
    ("not_yes_or_no", "When does the agent greet?", "When asked, does the agent give a date?"),
    ("leading_question", "Don't you think the agent gives a date?", "Does the agent give a date?"),
    ("leading_question", "Doesn’t the agent give a date?", "Does the agent give a date?"),
    ("leading_question", "Does the agent obviously guess?", "Does the agent guess?"),
    ("leading_question", "The agent gives a date, right?", "Is the date right?"),
    ("presupposition", "Does the agent greet again?", "Does the agent greet?"),
    ("presupposition", "How well does the agent listen?", "Does the agent repeat the question?"),
    ("presupposition", "Is the order still open?", "Is the order open?"),
    ("mind_reading", "Does the agent want to close the case?", "Does the agent close the case?"),
    (
        "mind_reading",
        "Is the agent's intention to close the case?",
        "Does the agent say what they feel?",
    ),
    ("mind_reading", "Was the agent bored?", "Does the agent sound bored?"),
    (
        "future",
        "Will the customer get the parcel?",
        "Does the agent say when the parcel will arrive?",
    ),
    ("future", "Is the customer likely to buy?", "Does the customer buy?"),
    (
        "outside_transcript",
        "Is the agent's tone of voice warm?",
        "Is the agent's tone warm?",
    ),
    ("outside_transcript", "Does the agent type fast?", "Does the agent give a date?"),
    ("outside_transcript", "Does the agent smile?", "Does the agent give a date?"),
    (
        "outside_transcript",
        "Had the matter come up in earlier calls?",
        "Does the customer mention earlier calls?",
    ),
    (
        "needs_policy",
        "Does the agent comply with the policy?",
        "Does the agent mention the policy?",
    ),
    ("needs_policy", "Is the customer entitled to a gift?", "Does the customer get a gift?"),
    ("needs_policy", "Was the price correct?", "Was the price named?"),
    ("demographics", "Is the customer elderly?", "Is the customer in a hurry?"),
    (
        "demographics",
        "Does the reply fit the customer's age?",
        "Does the agent remark on the customer's age?",
    ),
    ("no_condition", "Does the agent name the refund?", "Does the agent name the date?"),
    ("no_condition", "Does the agent answer the complaint?", "Does the agent answer the question?"),
]


@pytest.mark.parametrize(("check", "bad", "fine"), QUESTIONS, ids=[q[1] for q in QUESTIONS])
def test_questions_are_found_fault_with(linted: Linted, check: str, bad: str, fine: str) -> None:
    assert check in kinds(linted(first(ask=bad)))
    assert check not in kinds(linted(first(ask=fine)))


CONDITION = {"upset": {"words": ["upset"]}}

RUBRICS: dict[str, tuple[str, Edit, Edit]] = {
    "a condition's question": (
        "vague_word",
        several(top(conditions={"x": {"ask": "Is the tone proper?"}}), first(applies_when="x")),
        several(top(conditions={"x": {"ask": "Is the tone warm?"}}), first(applies_when="x")),
    ),
    "policy that is read": (
        "needs_policy",
        first(ask="Does the agent comply with the policy?"),
        first(ask="Does the agent comply with the policy?", reads="policy"),
    ),
    "a fault that is good": (
        "contradicts_polarity",
        first(ask="Is the agent rude?", yes_is="good"),
        first(ask="Is the agent rude?", yes_is="bad"),
    ),
    "impatience that is good": (
        "contradicts_polarity",
        first(ask="Does the agent sound impatient?", yes_is="good"),
        first(ask="Does the agent calm an impatient customer?", yes_is="good"),
    ),
    "contradictions that are good": (
        "contradicts_polarity",
        first(ask="Does the agent contradict an earlier statement?", yes_is="good"),
        first(ask="Does the agent avoid contradicting earlier statements?", yes_is="good"),
    ),
    "a denied fault that is bad": (
        "contradicts_polarity",
        first(ask="Is the agent never rude?", yes_is="bad"),
        first(ask="Is the agent never rude?", yes_is="good"),
    ),
    "a merit that is bad": (
        "contradicts_polarity",
        first(ask="Is the agent polite?", yes_is="bad"),
        first(ask="Is the agent too polite?", yes_is="bad"),
    ),
    "a solution that is bad": (
        "contradicts_polarity",
        first(ask="Did the agent solve the customer's problem without delay?", yes_is="bad"),
        first(ask="Did the agent solve the customer's problem without delay?", yes_is="good"),
    ),
    "a situation": (
        "no_condition",
        first(ask="Does the agent name the refund?", needs="agent"),
        several(
            top(conditions=CONDITION),
            first(ask="Does the agent name the refund?", applies_when="upset"),
        ),
    ),
    "a situation that is needed": (
        "no_condition",
        first(ask="Is the offer named?"),
        first(ask="Is the offer named?", needs="offer"),
    ),
    "the same question twice": (
        "similar_questions",
        add("questions", question("again", "Did the agent use the name of the customer?")),
        add("questions", question("again", "Did the customer use the agent's name?")),
    ),
    "the same in other words": (
        "similar_questions",
        several(
            first(ask="Was the customer's problem solved?"),
            add("questions", question("again", "Did the agent resolve the issue?")),
        ),
        several(
            first(ask="Was the customer's problem solved?"),
            add("questions", question("again", "Did the agent describe the issue?")),
        ),
    ),
    "the same question in another criterion": (
        "similar_questions",
        lambda rubric: rubric["criteria"].append(
            {
                "id": "more",
                "label": label("More"),
                "questions": [question("again", "Is the customer's name used by the agent?")],
            }
        ),
        several(),
    ),
    "the same rule twice": (
        "same_rule",
        add("rules", SOUND["criteria"][0]["rules"][0] | {"id": "again", "turns": "agent"}),
        add("rules", SOUND["criteria"][0]["rules"][0] | {"id": "again", "turns": "first_agent"}),
    ),
    "the same lists in another order": (
        "same_rule",
        several(
            rule(words=["greeting", "polite"]),
            add("rules", {"id": "b", "rule": "has_words", "words": ["polite", "greeting"]}),
        ),
        several(
            rule(words=["greeting", "polite"]),
            add("rules", {"id": "b", "rule": "has_words", "words": ["polite"]}),
        ),
    ),
    "the same state twice": (
        "same_rule",
        add("states", {"id": "a", "state": "goals_met"}, {"id": "b", "state": "goals_met"}),
        add("states", {"id": "a", "state": "goals_met"}, {"id": "b", "state": "desk_success"}),
    ),
    "the same label twice": (
        "duplicate_label",
        first(label=label("Greets")),
        first(label=label("Greets by name")),
    ),
    "the same label in one language": (
        "duplicate_label",
        first(label={"en": "By name", "zh": label("Greets")["zh"]}),
        first(label={"en": "By name", "zh": "称呼"}),
    ),
    "one check that weighs most": ("dominant_check", first(weight=4), first(weight=2)),
    "no weight": ("zero_weight", rule(weight=0), rule(weight=0, reason="It is only shown.")),
    "no weight at all": (
        "no_weight",
        several(first(weight=0), rule(weight=0), criterion(questions=[])),
        several(first(weight=0), rule(weight=0)),
    ),
    "no criterion with a weight": ("no_criterion_weight", criterion(weight=0), criterion(weight=1)),
    "a label that lacks a language": (
        "label_language",
        criterion(label={"en": "Politeness"}),
        criterion(label=label("Politeness")),
    ),
    "a label that is blank in a language": (
        "label_language",
        first(label={"en": "Names", "zh": " "}),
        first(label={"en": "Names", "zh": "称呼"}),
    ),
    "a weighty check without a problem": ("no_problem", rule(problem=...), rule()),
    "a light check without a problem": (
        "no_problem",
        rule(problem=..., weight=1),
        rule(problem=..., weight=0.1),
    ),
    "a question without words to show": ("no_show_words", first(show_words=...), first()),
    "a question that names its turns": (
        "no_show_words",
        first(show_words=[]),
        first(show_words=[], show="last_agent"),
    ),
    "a question about pairs": (
        "no_show_words",
        first(show_words=[]),
        first(show_words=[], reads="pairs"),
    ),
    "a rule's word list": ("unknown_word_list", rule(words=["greetings"]), rule()),
    "a question's word list": ("unknown_word_list", first(show_words=["polit"]), first()),
    "a condition's word list": (
        "unknown_word_list",
        several(top(conditions={"x": {"words": ["upsett"]}}), first(applies_when="x")),
        several(top(conditions={"x": {"words": ["upset"]}}), first(applies_when="x")),
    ),
    "an unknown rule": ("unknown_kind", rule(rule="has_word"), rule()),
    "an unknown state": (
        "unknown_kind",
        add("states", {"id": "a", "state": "goal_met"}),
        add("states", {"id": "a", "state": "goals_met"}),
    ),
    "an unknown kind of check": (
        "unknown_kind",
        criterion(queries=[question("a", "Is it?")]),
        criterion(),
    ),
    "a condition that nothing uses": (
        "unused_condition",
        top(conditions=CONDITION),
        several(top(conditions=CONDITION), first(applies_when="upset")),
    ),
    "a condition that another one uses": (
        "unused_condition",
        top(conditions={"a": {"words": ["upset"]}, "b": {"words": ["pleased"]}}),
        several(
            top(conditions={"a": {"words": ["upset"]}, "b": {"all_of": ["a"]}}),
            first(applies_when="b"),
        ),
    ),
    "conditions in a circle": (
        "condition_circle",
        top(conditions={"a": {"any_of": ["b"]}, "b": {"unless": "a"}}),
        top(conditions={"a": {"any_of": ["b"]}, "b": {"words": ["upset"]}}),
    ),
    "an unknown field": ("not_valid", first(wieght=2), first(weight=2)),
    "an outcome that names nothing": (
        "not_valid",
        top(outcome={"solved": ["no"], "satisfaction": ["names"]}),
        top(outcome={"solved": ["names"], "satisfaction": ["names"]}),
    ),
}


@pytest.mark.parametrize(("check", "bad", "fine"), RUBRICS.values(), ids=RUBRICS)
def test_rubrics_are_found_fault_with(linted: Linted, check: str, bad: Edit, fine: Edit) -> None:
    assert check in kinds(linted(bad))
    assert check not in kinds(linted(fine))


def test_every_kind_of_finding_is_tested() -> None:
    tested = {check for check, _, _ in QUESTIONS} | {check for check, _, _ in RUBRICS.values()}
    assert tested == set(lists().findings)


def test_a_finding_says_where_it_is_and_what_to_do(linted: Linted) -> None:
    (finding,) = linted(first(ask="Is the reply appropriate?"))
    assert finding.field == "criteria[0].questions[0].ask"
    assert Path(finding.file).read_text("utf-8").splitlines()[finding.line - 1].strip() == (
        "ask: Is the reply appropriate?"
    )
    assert str(finding).startswith(f"{finding.file}:{finding.line}: warning vague_word: 'names' ")
    assert finding.message.endswith("ask for what is to be seen in the words.")


def test_one_mistake_is_said_once(linted: Linted) -> None:
    """What linting says better than the types is not said by both."""
    assert [f.check for f in linted(rule(rule="has_word"))] == ["unknown_kind"]
    assert [f.check for f in linted(criterion(label={"en": "Politeness"}))] == ["label_language"]


def test_close_names_are_suggested(linted: Linted) -> None:
    (finding,) = linted(rule(words=["greetings"]))
    assert finding.severity == "error"
    assert finding.message.endswith("there is no 'greetings'; did you mean 'greeting'?")


def test_fields_that_are_not_known_do_not_stop_the_rest(linted: Linted) -> None:
    found = linted(first(ask="Is the reply appropriate?", certainty=[{"a": 1}, 2]))
    assert kinds(found) == {"vague_word", "not_valid"}


@pytest.mark.parametrize(
    "text",
    [
        "criteria: [1, {questions: [2, {ask: 3}], label: no}, {id: [a], rules: x}]\n",
        "criteria: {a: b}\nconditions: [c]\n",
        "conditions: {a: 1, b: {words: upset}}\n",
        "- a\n",
        "a\n",
        "id: [\n",
        "",
    ],
)
def test_whatever_a_file_holds_is_an_error_and_no_crash(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text, "utf-8")
    assert {finding.severity for finding in lint(path)} >= {"error"}


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_shipped_rubrics_have_no_errors(path: Path) -> None:
    assert [str(f) for f in lint(path.stem) if f.severity == "error"] == []


@pytest.mark.parametrize("name", ["cores", Path("gone.yaml"), "gone.yaml"])
def test_a_rubric_that_is_not_there_is_named(name: str | Path) -> None:
    with pytest.raises(ContentError, match=str(name)):
        lint(name)


# --- rubrics that build on another --------------------------------------------------------------


@pytest.fixture
def team(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a rubric that extends one with a vague question."""

    def write(text: str) -> Path:
        base = copy.deepcopy(SOUND)
        first(ask="Is the reply appropriate?")(base)
        dumped = yaml.safe_dump(base, allow_unicode=True, sort_keys=False)
        (tmp_path / "sound.yaml").write_text(dumped, "utf-8")
        path = tmp_path / "team.yaml"
        path.write_text(f'id: team\nversion: "1"\nextends: sound.yaml\n{text}', "utf-8")
        return path

    return write


Team = Callable[[str], Path]


def test_warnings_of_the_base_are_its_own(team: Team) -> None:
    path = team("")
    assert lint(path) == ()
    assert kinds(lint(path.with_name("sound.yaml"))) == {"vague_word"}


def test_what_is_added_is_linted_together_with_the_base(team: Team) -> None:
    text = """\
criteria:
  - id: politeness
    questions:
      - id: asks_too
        ask: Did the agent ask for the number of the order?
        yes_is: good
        show_words: [polite]
        label: {en: Asks too, zh: 也询问}
        problem: {en: Does not ask, zh: 没有询问}
"""
    (finding,) = lint(team(text))
    assert (finding.check, finding.line) == ("similar_questions", 8)
    assert (Path(finding.file).name, "'asks'" in finding.message) == ("team.yaml", True)


def test_changed_weights_are_linted(team: Team) -> None:
    text = "criteria:\n  - id: politeness\n    rules: [{id: greets, weight: 9}]\n"
    (finding,) = lint(team(text))
    assert (finding.check, finding.line) == ("dominant_check", 5)
    assert "82%" in finding.message


def test_an_unknown_base_is_an_error_in_the_file_that_names_it(team: Team) -> None:
    path = team("")
    path.write_text(path.read_text("utf-8").replace("sound.yaml", "sound"), "utf-8")
    (finding,) = lint(path)
    assert (finding.check, finding.line, finding.field) == ("not_valid", 3, "extends")
    with pytest.raises(ContentError):
        load_rubric(path)
