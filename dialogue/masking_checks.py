"""Whether something that looks like a card, an account, an identity or a telephone is one.

Each check takes what a pattern found and says how many of its characters belong to it; 0: it is
something else.
"""

import re
from collections.abc import Callable
from datetime import date

from dialogue.masking_settings import masking_settings

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""Of the 17 digits before the checksum (GB 11643-1999)."""

_CHECK_SIGNS = "10X98765432"
"""By the weighted sum modulo 11."""


def card(found: str) -> int:
    """13 to 19 digits with the checksum of ISO/IEC 7812 (Luhn)."""
    digits = [int(sign) for sign in found if sign.isdecimal()]
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return 0
    doubled = [digit * 2 if n % 2 else digit for n, digit in enumerate(reversed(digits))]
    return len(found) if sum(n // 10 + n % 10 for n in doubled) % 10 == 0 else 0


def iban(found: str) -> int:
    """As long as its country's are, with the remainder of ISO 13616; what follows is cut off."""
    length = masking_settings().iban_lengths.get(found[:2].upper(), 0)
    places = [n for n, sign in enumerate(found) if sign.isalnum()]
    if not length or len(places) < length:
        return 0
    end = places[length - 1] + 1
    plain = "".join(sign for sign in found[:end] if sign.isalnum())
    # Whatever the case, [A-Z] also finds the long s and the Kelvin sign.
    if found[end : end + 1].isalnum() or not plain.isascii():
        return 0
    number = "".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])
    return end if int(number) % 97 == 1 else 0


def chinese_id(found: str) -> int:
    """18 signs with a date of birth and the checksum of GB 11643."""
    plain = "".join(sign for sign in found if sign.isalnum()).upper()
    try:
        date(int(plain[6:10]), int(plain[10:12]), int(plain[12:14]))
    except ValueError:
        return 0
    total = sum(int(sign) * weight for sign, weight in zip(plain[:17], _WEIGHTS, strict=True))
    return len(found) if plain[17:] == _CHECK_SIGNS[total % 11] else 0


def phone(found: str) -> int:
    """The longest part from its beginning, up to the end of a group, that is short enough."""
    fewest, most = masking_settings().phone_digits
    for end in reversed([match.end() for match in re.finditer(r"\d+", found)]):
        if fewest <= sum(sign.isdecimal() for sign in found[:end]) <= most:
            closed = found[end : end + 1] in (")", "）") and "(" in found[:end]
            return end + closed
    return 0


CHECKS: dict[str, Callable[[str], int]] = {
    "card": card,
    "iban": iban,
    "chinese_id": chinese_id,
    "phone": phone,
}
"""By the name that `dialogue/masking.yaml` uses."""
