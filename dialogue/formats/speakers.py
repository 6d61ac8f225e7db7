"""Who is who: the names that stand in a file, and the side each of them speaks for."""

import re
from collections.abc import Iterable, Mapping
from typing import Self, get_args

from dialogue.formats.types import FormatError, Unreadable
from dialogue.types import Speaker

_SIDES: tuple[Speaker, ...] = get_args(Speaker)
_BETWEEN = re.compile(r"[,，]")


class Speakers:
    """The side of each name, whatever its case. `agent` and `customer` are always known."""

    def __init__(self, names: Mapping[str, Speaker] | None = None) -> None:
        given = {_plain(name): side for name, side in (names or {}).items()}
        self._sides: dict[str, Speaker] = {side: side for side in _SIDES} | given

    @classmethod
    def of(cls, options: Iterable[str]) -> Self:
        """From texts such as `agent=Agent,Support,客服`. Raises `FormatError` for any other."""
        names: dict[str, Speaker] = {side: side for side in _SIDES}
        for option in options:
            side = _side(option)
            for name in filter(None, map(_plain, _BETWEEN.split(option.partition("=")[2]))):
                if names.setdefault(name, side) != side:
                    raise FormatError(
                        f"--speakers gives {name!r} to the {names[name]} and to the {side}; "
                        "give it to one of them."
                    )
        return cls(names)

    def side(self, name: object) -> Speaker | None:
        """The side of a name; `None` for a name that nobody mapped."""
        return self._sides.get(_plain(name)) if isinstance(name, str) else None


def unknown_speaker(id_: str, turn: int, name: object, *, help_: bool = True) -> Unreadable:
    """The row that a name without a side makes unreadable; `help_` says how to map the name."""
    quoted = f"speaker {name!r} is neither 'agent' nor 'customer'"
    unquoted = "the speaker is neither 'agent' nor 'customer'"
    mapping = (
        f'; say whose side it is with --speakers "agent={name}" or --speakers "customer={name}"'
        if help_
        else ""
    )
    return Unreadable(
        id_,
        "unknown_speaker",
        f"turn {turn}: {quoted}{mapping}",
        discreet=f"turn {turn}: {unquoted}; say whose side the name is with --speakers",
    )


def _side(option: str) -> Speaker:
    given, equals, names = option.partition("=")
    side: Speaker | None = next((each for each in _SIDES if each == _plain(given)), None)
    if side is None or not equals or not _plain(names.replace(",", "")):
        raise FormatError(
            f"--speakers {option!r} is not understood; write a side and its names, such as "
            '--speakers "agent=Support,Anna".'
        )
    return side


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
