"""Text files: one conversation each, `Speaker: text` on a line, the file's name as the id.

A line without a speaker continues the turn. So does one that only looks as if it had one ("Order
number: 4471", `dialogue/formats/texts.yaml`), and every line that is indented. Any other unknown
name is an error: taken for a part of the turn, a third speaker's words would be graded as the
agent's.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from dialogue.formats.records import whole
from dialogue.formats.speakers import Speakers, unknown_speaker
from dialogue.formats.types import FormatError, Row, Unreadable, as_transcript, without_repeats
from dialogue.language import HAN

# A Latin colon has a blank behind it: 10:30 and https://… name no speaker.
_SAYS = re.compile(r"(?P<name>[^\W\d_][^:：]*?)\s*(?:：|:(?=\s|$))[ \t]*(?P<text>.*)")
_ENDS_SENTENCE = re.compile(r"[!?,;。！？，；]")


class Labels(BaseModel):
    """`dialogue/formats/texts.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    longest_name: int
    longest_chinese_name: int
    most_words: int
    no_names: frozenset[str]


@lru_cache(maxsize=1)
def labels() -> Labels:
    """The shipped list."""
    text = files("dialogue.formats").joinpath("texts.yaml").read_text("utf-8")
    return Labels.model_validate(yaml.safe_load(text))


def text_files(path: Path) -> list[Path]:
    """The `.txt` files of a folder by name, or the one file. Raises `FormatError`, `OSError`."""
    if not path.is_dir():
        return [path]
    found = sorted(each for each in path.iterdir() if each.suffix.lower() == ".txt")
    if not found:
        raise FormatError(
            f"The folder {str(path)!r} holds no .txt file; name a folder with one file a "
            "conversation, or a .jsonl, .csv or .tsv file."
        )
    return found


def read_texts(paths: Iterable[Path], speakers: Speakers | None = None) -> Iterator[Row]:
    """The conversations of text files, one after the other."""
    known = speakers or Speakers()
    return without_repeats(((_row(path, known), path.name) for path in paths), broken_too=True)


def read_text(id_: str, text: str, speakers: Speakers) -> Row:
    """One conversation."""
    turns: list[tuple[str, list[str]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        says = _SAYS.fullmatch(line)
        if says and _is_speaker(says["name"], speakers):
            turns.append((says["name"], [says["text"]]))
        elif turns:
            turns[-1][1].append(line)
        elif line.strip():
            message = f"line {number}: nobody is named who says it; begin with 'Agent: ' or such"
            return Unreadable(id_, "unknown_speaker", message)
    return _transcript(id_, turns, speakers)


def _transcript(id_: str, turns: list[tuple[str, list[str]]], speakers: Speakers) -> Row:
    if not turns:
        return Unreadable(id_, "no_turns", "the file is empty")
    found = []
    for index, (name, lines) in enumerate(turns):
        side = speakers.side(name)
        if side is None:
            return unknown_speaker(id_, index, name)
        found.append({"speaker": side, "text": "\n".join(lines).strip()})
    return as_transcript({"id": id_, "turns": found})


def _is_speaker(name: str, speakers: Speakers) -> bool:
    if speakers.side(name):
        return True
    plain = " ".join(name.split()).casefold()
    label = re.sub(r"[\s#]*\d+$", "", plain)  # "Step 2" is a label where "step" is one.
    chinese = bool(HAN.search(plain))
    return (
        len(plain) <= (labels().longest_chinese_name if chinese else labels().longest_name)
        and len(plain.split()) <= labels().most_words
        and plain not in labels().no_names
        and label not in labels().no_names
        and not _ENDS_SENTENCE.search(plain)
    )


def _row(path: Path, speakers: Speakers) -> Row:
    id_ = whole(path.stem)
    try:
        return read_text(id_, path.read_bytes().decode("utf-8-sig"), speakers)
    except UnicodeDecodeError:
        message = f"{path.name} is not UTF-8; save the file as UTF-8"
        return Unreadable(id_, "bad_encoding", message)
    except OSError as error:
        message = f"{path.name} cannot be read: {error.strerror}"
        return Unreadable(id_, "unreadable_file", message)
