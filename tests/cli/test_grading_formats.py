"""`spardesk grade` on tables, folders and standard input, by rules alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Outcome

Run = Callable[..., Outcome]

TABLE = "ticket;who;message\nt-1;Visitor;Hello?\nt-1;Support;Good morning.\nt-2;Bot;Hi\n"
MAPPED = (
    "--columns",
    "id=ticket,speaker=who,text=message",
    "--speakers",
    "agent=Support,客服",
    "--speakers",
    "customer=visitor",
)


@pytest.fixture
def graded(spardesk: Run, tmp_path: Path) -> Callable[..., Outcome]:
    """Grades a file of a name with a text by rules."""

    def run(name: str, text: str, *options: str) -> Outcome:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return spardesk("grade", path, "--inspector", "rules", *options)

    return run


def test_a_table_is_known_by_its_ending_and_mapped(graded: Callable[..., Outcome]) -> None:
    outcome = graded("export.csv", TABLE, *MAPPED)
    card, error = outcome.lines
    assert card["id"] == "t-1"
    assert card["criteria"]["politeness"]
    assert error["id"] == "t-2"
    assert error["error"]["kind"] == "unknown_speaker"
    assert "turn 0: speaker 'Bot'" in error["error"]["message"]
    assert "--speakers" in error["error"]["message"]
    assert outcome.code == 1


def test_a_table_of_another_name_is_read_when_its_format_is_given(
    graded: Callable[..., Outcome], spardesk: Run
) -> None:
    assert graded("export.dat", TABLE, "--format", "csv", *MAPPED).lines[0]["id"] == "t-1"
    read = spardesk("grade", "-", "--inspector", "rules", "--format", "csv", *MAPPED, stdin=TABLE)
    assert read.lines[0]["id"] == "t-1"
    tabs = TABLE.replace(";", "\t")
    assert graded("export.tsv", tabs, *MAPPED).lines[0]["id"] == "t-1"


def test_a_folder_of_texts_is_graded_with_the_names_of_its_files(
    graded: Callable[..., Outcome], spardesk: Run, tmp_path: Path
) -> None:
    graded("chats/c-2.txt", "Customer: Hi\nAgent: Good morning.")
    one = graded("chats/c-1.txt", "Customer: Hi\nAgent: Good morning.")
    both = spardesk("grade", tmp_path / "chats", "--inspector", "rules")
    assert [card["id"] for card in one.lines] == ["c-1"]
    assert [card["id"] for card in both.lines] == ["c-1", "c-2"]
    assert "2/2 c-2: graded" in both.err


def test_json_lines_take_mapped_speakers_too(graded: Callable[..., Outcome]) -> None:
    row = '{"id": "a", "turns": [{"speaker": "Support", "text": "Hello."}]}\n'
    assert graded("in.jsonl", row, "--speakers", "agent=support").code == 0


@pytest.mark.parametrize(
    ("name", "options", "named"),
    [
        ("export.csv", [], "no column 'id'; there is 'ticket', 'who', 'message'"),
        ("export.csv", ["--columns", "id"], "--columns 'id'"),
        ("export.csv", ["--speakers", "Support"], "--speakers 'Support'"),
        ("export.csv", ["--format", "xml"], "xml"),
        ("export.jsonl", ["--columns", "id=ticket"], "--columns is for tables"),
        ("empty", ["--format", "text"], "holds no .txt file"),
        ("nothing.csv", [], "cannot be read"),
        ("nothing", ["--format", "text"], "cannot be read"),
        ("-", ["--format", "text"], "standard input"),
    ],
)
def test_what_cannot_be_read_as_asked_is_wrong_usage(
    spardesk: Run, tmp_path: Path, name: str, options: list[str], named: str
) -> None:
    (tmp_path / "empty").mkdir()
    for each in ("export.csv", "export.jsonl"):
        (tmp_path / each).write_text(TABLE, encoding="utf-8")
    file: Any = name if name == "-" else tmp_path / name
    outcome = spardesk("grade", file, "--inspector", "rules", *options)
    assert (outcome.code, outcome.out) == (2, "")
    assert named in outcome.err
    assert "Traceback" not in outcome.err


def test_masked_conversations_are_graded_and_written_without_what_reaches_a_person(
    graded: Callable[..., Outcome],
) -> None:
    private = ["anna@example.com", "Margaret", "7700 900123", "4111 1111", "Doyle"]
    said = "My name is Margaret Doyle, anna@example.com, +44 7700 900123, 4111 1111 1111 1111."
    table = f'id,speaker,text\na,agent,"Damn it! {said}"\nb,Margaret,Hi\n'
    outcome = graded("in.csv", table, "--mask")
    assert [part for part in private if part in outcome.out + outcome.err] == []
    assert "My name is [name], [email], [phone], [card]." in outcome.out
    card, error = outcome.lines
    assert card["criteria"]["politeness"]
    assert error["error"]["message"].startswith("turn 0: the speaker is neither")
    assert "Margaret" in graded("in.csv", table).out
