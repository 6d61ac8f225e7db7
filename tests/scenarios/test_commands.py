"""Desk actions written as text."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.commands import Command, is_command, parse_command


def test_a_command_has_a_name_and_arguments() -> None:
    line = "!refund_order order_id=4471 reason='arrived = broken'"
    assert is_command(line)
    assert parse_command(line) == Command(
        "refund_order", {"order_id": "4471", "reason": "arrived = broken"}
    )


def test_speech_is_no_command() -> None:
    assert not is_command("Hello! How can I help?")


@pytest.mark.parametrize("line", ["!", "!  ", "!a 'b", "!a b", "!a =b"])
def test_what_cannot_be_read_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"names no action|argument=value"):
        parse_command(line)


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), st.text(max_size=20)))
def test_every_argument_survives_quoting(arguments: dict[str, str]) -> None:
    line = "!act " + " ".join(f"{name}={shlex.quote(value)}" for name, value in arguments.items())
    assert parse_command(line) == Command("act", arguments)
