"""YAML without surprises: what is read, what is refused, and which line it is said of."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personas.errors import Problem
from personas.files import MAX_BYTES, parse_yaml, read_yaml


def only_problem(text: str) -> Problem:
    problems: list[Problem] = []
    assert parse_yaml(text, "file.yaml", problems) is None
    (problem,) = problems
    return problem


def value(text: str) -> object:
    problems: list[Problem] = []
    document = parse_yaml(text, "file.yaml", problems)
    assert document is not None, problems
    return document.value


def test_plain_values_are_what_they_look_like() -> None:
    text = """
answer: no
day: 2026-11-16
time: 12:30
phone: 0301
number: 42
price: 64.50
flag: true
nothing: null
4471: key
"""
    assert value(text) == {
        "answer": "no",
        "day": "2026-11-16",
        "time": "12:30",
        "phone": "0301",
        "number": 42,
        "price": 64.5,
        "flag": True,
        "nothing": None,
        "4471": "key",
    }


def test_every_field_knows_its_line() -> None:
    text = "a: 1\nb:\n  - x\n  - c: 2\n    d: 3\n"
    document = parse_yaml(text, "file.yaml", [])
    assert document is not None
    assert document.line(("a",)) == 1
    assert document.line(("b", 1, "d")) == 5
    assert document.line(("b", 1, "not_there")) == 4
    assert document.problem(("b", 1, "d"), "is wrong").field == "b[1].d"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "empty"),
        ("a: 1\nb: *a\n", 2, "alias"),
        ("a: 1\nb: !!python/object:os.system x\n", 2, "quotes"),
        ("a: 1\nb: !action x=1\n", 2, "quotes"),
        ("a: 1\nb: 2\na: 3\n", 3, "twice"),
        ("a: 1\nb: x: y\n", 2, "quotes"),
        ("a: 1\n? [b]\n: 2\n", 2, "plain text"),
        ("a: 1\nb: \x00\n", 2, "character"),
        ("a: 1\nb: [1, 2\n", 3, "expected"),
        ("[" * 5_000, 1, "deep"),
        ("a: 1\n---\nb: 2\n", 2, "document"),
    ],
)
def test_what_is_refused_is_said_with_its_line(text: str, line: int, said: str) -> None:
    problem = only_problem(text)
    assert problem.line == line
    assert said in problem.message
    assert problem.file == "file.yaml"


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    rows = ["a0: &a0 [x, x]"] + [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 30)]
    assert "alias" in only_problem("\n".join(rows)).message


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    big, latin = tmp_path / "big.yaml", tmp_path / "latin.yaml"
    big.write_bytes(b"#" * (MAX_BYTES + 1))
    latin.write_bytes(b"a: 1\nb: caf\xe9\n")
    problems: list[Problem] = []
    assert read_yaml(tmp_path / "none.yaml", problems) is None
    assert read_yaml(big, problems) is None
    assert read_yaml(latin, problems) is None
    assert [(Path(p.file).name, p.line) for p in problems] == [
        ("none.yaml", 1),
        ("big.yaml", 1),
        ("latin.yaml", 2),
    ]
    assert ["cannot be read" in problems[0].message, "1 MB" in problems[1].message] == [True, True]
    assert "UTF-8" in problems[2].message


texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(plain)
def test_json_is_read_as_it_is(content: object) -> None:
    text = json.dumps({"content": content}, ensure_ascii=False)
    assert value(text) == {"content": content}


@given(st.text(max_size=200))
def test_any_text_is_parsed_or_explained(text: str) -> None:
    problems: list[Problem] = []
    document = parse_yaml(text, "file.yaml", problems)
    assert (document is None) == bool(problems)
    assert all(1 <= problem.line <= text.count("\n") + 2 for problem in problems)
