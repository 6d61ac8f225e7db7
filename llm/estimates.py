"""How long a text is in tokens when no server counts it."""

import math

WIDE_FROM = 0x10000
"""From this code point on (emoji, rare characters) one character can be three tokens or more."""


def most_tokens(text: str) -> int:
    """An upper estimate of the tokens in `text`, for deciding whether a prompt fits.

    Byte-pair tokenizers make about 4 English letters one token but split numbers into digits
    and rare characters into bytes; hence a third of a token for a letter or a space, one for a
    digit or a sign, one and a half for a Chinese character, three for an emoji.
    """
    return math.ceil(sum(_most(character) for character in text)) + 1


def _most(character: str) -> float:
    if ord(character) >= WIDE_FROM:
        return 3.0
    if not character.isascii():
        return 1.5
    return 1 / 3 if character.isalpha() or character == " " else 1.0


def least_tokens(text: str) -> int:
    """A number of tokens that `text` certainly has: no common tokenizer joins two words."""
    return len(text.split())
