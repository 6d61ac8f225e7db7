"""Folders of text files: who says a line, and what only looks as if somebody said it."""

from pathlib import Path
from typing import Any

import pytest

from dialogue.formats.speakers import Speakers
from dialogue.formats.texts import labels, read_text, read_texts, text_files
from dialogue.formats.types import FormatError, Unreadable
from dialogue.types import Transcript


def said(text: str, *options: str) -> Any:
    row = read_text("a", text, Speakers.of(options))
    if isinstance(row, Unreadable):
        return row.kind
    return [f"{turn.speaker[0]}:{turn.text}" for turn in row.turns]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Agent: Hi\nCustomer: Hello\n", ["a:Hi", "c:Hello"]),
        ("agent:  Hi \r\nCUSTOMER : Hello", ["a:Hi", "c:Hello"]),
        ("Agent: Hi\nthere\n\nyou\n\nCustomer:\nHello", ["a:Hi\nthere\n\nyou", "c:Hello"]),
        ("\n\nAgent：你好\nCustomer：好", ["a:你好", "c:好"]),
        ("Customer: My parcel\nOrder number: 4471\n", ["c:My parcel\nOrder number: 4471"]),
        ("Agent: Do\nStep 2: wait\n", ["a:Do\nStep 2: wait"]),
        ("Agent: See\nhttps://a.org/a\n10:30 is", ["a:See\nhttps://a.org/a\n10:30 is"]),
        ("Agent: See\nShe told me to do this: wait", ["a:See\nShe told me to do this: wait"]),
        ("Agent: 好\n麻烦您提供以下信息：单号", ["a:好\n麻烦您提供以下信息：单号"]),
        ("Agent: She wrote\n  Bob: hello\n", ["a:She wrote\n  Bob: hello"]),
        ("Customer: 寄到\n收货地址：人民路1号", ["c:寄到\n收货地址：人民路1号"]),
        ("Agent:\nCustomer: Hello?", ["a:", "c:Hello?"]),
        ("", "no_turns"),
        ("  \n", "no_turns"),
        ("Hello\nAgent: Hi", "unknown_speaker"),
        ("Agent: Hi\nBot: Hello", "unknown_speaker"),
        ("Agent: Hi\nAgent 2: Hello", "unknown_speaker"),
        ("Agent: Hi\n机器人：你好", "unknown_speaker"),
    ],
)  # fmt: skip
def test_lines_become_turns(text: str, expected: Any) -> None:
    assert said(text) == expected


def test_mapped_names_are_speakers_even_if_they_look_like_labels() -> None:
    text = "Anna Smith: Hi\n客服：你好\nNote: Hello\nMr. J. Doe: Yes"
    options = ["agent=Anna smith,客服", "customer=note, Mr. J. Doe"]
    assert said(text, *options) == ["a:Hi", "a:你好", "c:Hello", "c:Yes"]


def test_an_unknown_speaker_is_named_with_turn_and_remedy() -> None:
    row = read_text("a", "Agent: Hi\nMargaret: Hello", Speakers())
    assert isinstance(row, Unreadable)
    assert row.message.startswith("turn 1: speaker 'Margaret' is neither 'agent' nor 'customer'")
    assert '--speakers "agent=Margaret"' in row.message
    assert "Margaret" not in row.discreet


@pytest.mark.parametrize("option", ["agent", "agent=", "boss=Ann", "=Ann", "customer=Agent", ""])
def test_mappings_that_make_no_sense_are_refused(option: str) -> None:
    with pytest.raises(FormatError, match="--speakers"):
        Speakers.of([option])


def test_a_name_belongs_to_one_side() -> None:
    with pytest.raises(FormatError, match="'ann' to the agent and to the customer"):
        Speakers.of(["agent=Ann,Bob", "customer=ANN"])


def test_a_folder_is_read_by_name_and_a_bad_file_leaves_the_others(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"\xef\xbb\xbfAgent: Hi")
    (tmp_path / "a.TXT").write_text("Agent: Hi")
    (tmp_path / "c.txt").write_bytes(b"Agent: \xc4\xe3")
    (tmp_path / "d.txt").mkdir()
    (tmp_path / "b.TXT").write_text("Agent: Hi")
    (tmp_path / "notes.md").write_text("Agent: Hi")
    rows = list(read_texts(text_files(tmp_path)))
    assert [(row.id, row.kind if isinstance(row, Unreadable) else "") for row in rows] == [
        ("a", ""),
        ("b", ""),
        ("b", "duplicate_id"),
        ("c", "bad_encoding"),
        ("d", "unreadable_file"),
    ]
    assert isinstance(rows[1], Transcript)


def test_a_folder_without_texts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"holds no \.txt file"):
        text_files(tmp_path)


def test_the_shipped_labels_are_in_the_form_they_are_compared_in() -> None:
    assert {label for label in labels().no_names if label != label.casefold().strip()} == set()
