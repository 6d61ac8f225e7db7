"""Tables of turns: what separates, what is quoted, what is broken, and whose it is."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from dialogue.formats.columns import Columns
from dialogue.formats.speakers import Speakers
from dialogue.formats.table import TSV_SEPARATORS, read_table
from dialogue.formats.types import FormatError, Row, Unreadable
from dialogue.types import Transcript

HEADER = "id,speaker,text,at\n"
WHOLE = "b,customer,Fine,\nb,agent,Good,\n"


def rows(text: str | bytes, **options: Any) -> list[Row]:
    raw = text.encode() if isinstance(text, str) else text
    return list(read_table(io.BytesIO(raw), **options))


def shown(found: Iterable[Row]) -> list[Any]:
    """Ids with speakers' initials and texts, or with the kind of error."""
    return [
        (row.id, row.kind)
        if isinstance(row, Unreadable)
        else (row.id, [f"{turn.speaker[0]}:{turn.text}" for turn in row.turns])
        for row in found
    ]


def test_rows_that_follow_each_other_make_a_conversation() -> None:
    found = rows(HEADER + "a,customer,Hi,2026-11-02T09:14:03Z\na,agent,Hello,\n" + WHOLE)
    assert shown(found) == [("a", ["c:Hi", "a:Hello"]), ("b", ["c:Fine", "a:Good"])]
    assert isinstance(found[0], Transcript)
    assert found[0].turns[0].at and found[0].turns[0].at.minute == 14
    assert found[0].turns[1].at is None


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffid,speaker,text\r\na,agent,Hi\r\n",
        "id;speaker;text\na;agent;Hi\n",
        "id\tspeaker\ttext\na\tagent\tHi\n",
        "id|speaker|text\na|agent|Hi\n",
        "sep=;\r\nid;speaker;text\r\na;agent;Hi\r\n",
        "id,speaker,text\ra,agent,Hi\r",
        "\n\nid,speaker,text\n\na,agent,Hi\n,,\n",
        " ID , Speaker, TEXT \na, AGENT, Hi\n",
        '"id","speaker","text"\n"a","agent","Hi"',
        "text,what,speaker,id\nHi,,agent,a,,\n",
        "id;speaker;text;a,b,c,d,e\na;agent;Hi;\n",
    ],
)
def test_what_programs_write_is_read(text: str) -> None:
    assert shown(rows(text)) == [("a", ["a:Hi"])]


def test_quoted_cells_hold_separators_quotes_and_line_breaks() -> None:
    out = io.StringIO()
    said = 'He said "no", then\nleft; really.\tYes'
    csv.writer(out).writerows([["id", "speaker", "text"], ["a", "agent", said]])
    assert shown(rows(out.getvalue())) == [("a", [f"a:{said}"])]
    assert shown(rows('id,speaker,text\r\na,agent,"one\r\ntwo"\r\n')) == [("a", ["a:one\ntwo"])]


def test_a_tsv_is_separated_by_tabs_whatever_its_header_says() -> None:
    found = rows("id\tspeaker\ttext\na\tagent\tHi, you\n", separators=TSV_SEPARATORS)
    assert shown(found) == [("a", ["a:Hi, you"])]
    with pytest.raises(FormatError, match="no column 'id'"):
        rows("id,speaker,text\na,agent,Hi\n", separators=TSV_SEPARATORS)


def test_columns_are_mapped_by_name() -> None:
    columns = Columns.of("id=ticket,speaker=who, text = Message body ,at=time")
    found = rows("time,Who,ticket,message  body\n2026-11-02 09:14,customer,7,Hi\n", columns=columns)
    assert shown(found) == [("7", ["c:Hi"])]
    assert isinstance(found[0], Transcript)
    assert found[0].turns[0].at is not None


@pytest.mark.parametrize(
    ("option", "header", "named"),
    [
        ("", "id,who,text", ["'speaker'", "'id', 'who', 'text'", "--columns"]),
        ("id=ticket", "id,speaker,text", ["'ticket'", "'id', 'speaker', 'text'"]),
        ("at=time", "id,speaker,text,at", ["'time'"]),
        ("", "id,speaker,text,text", ["2 columns 'text'"]),
        ("", "", ["empty"]),
    ],
)
def test_a_column_that_is_not_there_is_named_before_anything_is_read(
    option: str, header: str, named: list[str]
) -> None:
    with pytest.raises(FormatError) as error:
        read_table(io.BytesIO(header.encode()), Columns.of(option))
    assert [part for part in named if part not in str(error.value)] == []


@pytest.mark.parametrize("option", ["id", "id=", "=x", "who=x", "id=a,id=b"])
def test_mappings_that_make_no_sense_are_refused(option: str) -> None:
    with pytest.raises(FormatError, match="--columns"):
        Columns.of(option)


def test_a_table_in_another_encoding_is_refused_or_its_row_is_named() -> None:
    with pytest.raises(FormatError, match="UTF-8"):
        rows("id,speaker,text\n".encode("utf-16"))
    raw = b"id,speaker,text\na,agent,\xc4\xe3\xba\xc3\nb,agent,Hi\n\xc4,agent,Hi\n"
    found = rows(raw)
    assert shown(found)[:2] == [("a", "bad_encoding"), ("b", ["a:Hi"])]
    assert shown(found)[2] == ("\ufffd", "bad_encoding")


@pytest.mark.parametrize(
    ("broken", "kind", "message"),
    [
        ('a,agent,"Hi" there,\n', "bad_row", "line 3: its quotes"),
        ('a,agent,"Hi there,\n', "bad_row", "line 3: its quotes"),
        ('a,agent,"Hi,\n,"x,y",\n', "bad_row", "line 3: its quotes"),
        (f"a,agent,{'x' * 200_000},\n", "too_long", "longer than 131,072 characters"),
        (f'a,agent,"Hi\n{"x" * 80_000}\n{"x" * 80_000}\n', "too_long", "line 3: a cell is longer"),
        ("a,agent,Hi, how are you?, tell me\n", "bad_row", "line 3 has 5 cells, not 4"),
        ("a,agent\n", "bad_row", "line 3 has 2 cell(s), not 4"),
        ("a,agent,Hi,\nhow are you?\n", "bad_row", "line 4 has 1 cell(s)"),
        (",agent,Hi,\n", "empty_id", "line 3: the id is empty"),
        ("a,agent,Hi,soon\n", "bad_field", "turn 1: 'at'"),
        ("a,Bot,Hi,\n", "unknown_speaker", "turn 1: speaker 'Bot'"),
        ("a,,Hi,\n", "unknown_speaker", "turn 1: speaker ''"),
    ],
)
def test_a_broken_row_costs_its_own_conversation_only(broken: str, kind: str, message: str) -> None:
    quoted = WHOLE.replace("Fine", '"Fine, yes"')
    found = rows(HEADER + "a,customer,Hello,\n" + broken + quoted)
    assert shown(found) == [("a", kind), ("b", ["c:Fine, yes", "a:Good"])]
    assert isinstance(found[0], Unreadable)
    assert message in found[0].message


def test_a_broken_row_with_an_id_of_its_own_leaves_the_one_before_alone() -> None:
    found = rows(HEADER + 'b,agent,Hi,\na,agent,"Hi" there,\na,customer,Yes,\nc,agent,Hi,\n')
    assert shown(found) == [("b", ["a:Hi"]), ("a", "bad_row"), ("c", ["a:Hi"])]


def test_a_short_row_may_belong_to_either_side_so_neither_is_graded_without_it() -> None:
    found = rows(HEADER + "a,agent,Hi,\nb,agent\n" + WHOLE + "c,agent,Hi,\n")
    assert shown(found) == [("a", "bad_row"), ("b", "bad_row"), ("c", ["a:Hi"])]


def test_a_quote_that_is_never_closed_at_the_end_costs_one_row() -> None:
    found = rows(HEADER + 'a,agent,"Hi,\n' + WHOLE)
    assert shown(found) == [("a", "bad_row"), ("b", ["c:Fine", "a:Good"])]


def test_an_id_that_comes_again_is_a_duplicate_even_after_an_error() -> None:
    found = rows(HEADER + "a,Bot,Hi,\n" + WHOLE + "a,agent,Hi,\nb,agent,Hi,\n")
    assert shown(found) == [
        ("a", "unknown_speaker"),
        ("b", ["c:Fine", "a:Good"]),
        ("a", "duplicate_id"),
        ("b", "duplicate_id"),
    ]


def test_speakers_are_mapped() -> None:
    speakers = Speakers.of(["agent=Anna, 客服", "customer=Visitor"])
    found = rows(HEADER + "a,VISITOR,Hi,\na,客服,你好,\na,Agent,Hi,\n", speakers=speakers)
    assert shown(found) == [("a", ["c:Hi", "a:你好", "a:Hi"])]


def test_times_that_run_backwards_are_left_as_they_are() -> None:
    (row,) = rows(HEADER + "a,customer,1,2026-11-02T10:00\na,agent,2,2026-11-02T09:00\n")
    assert shown([row]) == [("a", ["c:1", "a:2"])]


def test_a_conversation_is_given_out_before_the_next_is_read() -> None:
    def lines() -> Iterator[str]:
        yield from (HEADER, "a,agent,Hi,\n", "b,agent,Hi,\n")
        pytest.fail("more was read than was asked for")

    assert next(read_table(lines())).id == "a"
