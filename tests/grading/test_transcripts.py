"""The reader of finished conversations: a broken row is named, the others are graded."""

import json
from typing import Any

import pytest

from dialogue.types import Transcript
from grading.case import Case
from grading.rubric import core_rubric
from grading.transcripts import as_line, grade_file, read_rows
from grading.types import RowError, Scorecard

TURNS = [{"speaker": "customer", "text": "Hi"}, {"speaker": "agent", "text": "Hello!"}]


def line(**fields: Any) -> str:
    return json.dumps({"id": "a", "turns": TURNS, **fields}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("row", "kind", "message"),
    [
        ("{", "bad_json", "line 1 is not JSON"),
        ("[1]", "bad_json", "not a JSON object"),
        ("[" * 100_000, "bad_json", "not JSON"),
        (b"\xff\xfe{", "bad_encoding", "not UTF-8"),
        (line(id=""), "empty_id", "'id' is empty"),
        (line(id=7), "bad_field", "'id' should be a text"),
        ('{"turns": []}', "bad_field", "'id'"),
        (line(turns=[]), "no_turns", "'turns' is empty"),
        (line(turns="x"), "bad_field", "'turns' should be a list"),
        (line(turns=["x"]), "bad_field", "turn 0"),
        (line(turns=[*TURNS, {"speaker": "agent"}]), "bad_field", "turn 2: 'text'"),
        (line(turns=[{"speaker": "agent", "text": 5}]), "bad_field", "turn 0: 'text'"),
        (line(turns=[{**TURNS[0], "at": "soon"}]), "bad_field", "turn 0: 'at'"),
        (line(language=3), "bad_field", "'language'"),
    ],
)
def test_broken_rows_are_named(row: str | bytes, kind: str, message: str) -> None:
    (error,) = read_rows([row])
    assert isinstance(error, RowError)
    assert error.error.kind == kind
    assert message in error.error.message


def test_unknown_speaker_reads_as_the_interface_says() -> None:
    row = line(id="c-18", turns=[*TURNS, *TURNS, {"speaker": "bot", "text": "x"}])
    (error,) = read_rows([row])
    assert json.loads(as_line(error)) == {  # type: ignore[arg-type]
        "id": "c-18",
        "error": {
            "kind": "unknown_speaker",
            "message": "turn 4: speaker 'bot' is neither 'agent' nor 'customer'",
        },
    }


def test_second_use_of_an_id_is_an_error() -> None:
    first, second = read_rows([line(), line()])
    assert isinstance(first, Transcript)
    assert isinstance(second, RowError)
    assert second.error.kind == "duplicate_id"


def test_blank_lines_and_a_byte_order_mark_are_fine() -> None:
    rows = list(read_rows(["\ufeff" + line(), "\n", "  \n", line(id="b").encode()]))
    assert [row.id for row in rows] == ["a", "b"]


def test_unknown_fields_are_ignored_and_half_characters_replaced() -> None:
    (row,) = read_rows(['{"id": "a", "x": 1, "turns": [{"speaker": "agent", "text": "a\\ud800"}]}'])
    assert isinstance(row, Transcript)
    assert row.turns[0].text == "a\ufffd"


def test_rows_are_read_one_at_a_time() -> None:
    def lines() -> Any:
        yield line()
        pytest.fail("the second row was read before it was asked for")

    assert next(grade_file(lines(), core_rubric(), None)).id == "a"


def test_one_broken_row_leaves_the_others_graded() -> None:
    results = list(grade_file([line(), "{", line(id="b")], core_rubric(), None))
    assert [type(result) for result in results] == [Scorecard, RowError, Scorecard]
    assert all("\n" not in as_line(result) for result in results)


def test_a_row_the_grader_fails_on_is_an_error_of_its_own() -> None:
    def broken(transcript: Transcript) -> Case:
        raise RuntimeError("no such pack")

    (error,) = grade_file([line()], core_rubric(), None, case_of=broken)
    assert isinstance(error, RowError)
    assert (error.id, error.error.kind) == ("a", "grading_failed")
    assert "no such pack" in error.error.message
