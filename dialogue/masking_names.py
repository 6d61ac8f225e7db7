"""Names, where somebody is introduced: "my name is …", 我叫…. Nowhere else is a name looked for."""

import re
from collections.abc import Iterator
from functools import lru_cache

from dialogue.masking_settings import Introduction, masking_settings

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"(?:[^\W\d_{_HAN}]|(?<=\w)['’-](?=\w))+\.?")
_GAP = re.compile(r"[ \u00a0]{1,2}(?=\w)")
_SIGN = re.compile(f"[{_HAN}]")
_SIGNS = re.compile(f"[{_HAN}]+")
_FOREIGN = re.compile(f"[{_HAN}]{{1,6}}(?:[·•][{_HAN}]{{1,8}})+")
_MARK = re.compile(r"\Z|[^\w]")

Span = tuple[int, int]


def introduced(text: str) -> Iterator[Span]:
    """Where the names stand, from begin to end; spans may overlap."""
    for introduction, before, after in _english():
        for found in before.finditer(text):
            end = name_end(text, found.end(), introduction)
            if end > found.end() and (after is None or after.match(text, end)):
                yield found.end(), end
    for regex in _chinese():
        for found in regex.finditer(text):
            yield found.end(), _chinese_end(text, found.end())
    for regex in _surnames():
        for found in regex.finditer(text):
            yield found.end(), _surname_end(text, found.end())


def name_end(text: str, begin: int, introduction: Introduction) -> int:
    """Where a name that begins there ends; `begin` where there is none."""
    if _SIGN.match(text, begin):
        return _chinese_end(text, begin)
    names, words = masking_settings().english, _words(text, begin)
    small = bool(words) and not words[0][0][0].isupper()
    # Written small, a name ends where nobody can tell, unless something marks the end.
    most = names.most_small_words if small and not introduction.after else names.most_words
    if small and introduction.capital:
        return begin
    end, count = begin, 0
    for n, word in enumerate(words):
        if _is_inside(words, n, small):
            continue
        if count == most or _plain(word) in names.no_names or (word[0][0].islower() and not small):
            break
        end, count = word.end() - word[0].endswith("."), count + 1
    return end


def _is_inside(words: list[re.Match[str]], n: int, small: bool) -> bool:
    """Whether a small word stands inside a name: the "van der" before "Berg"."""
    names = masking_settings().english
    after = next((word for word in words[n:] if _plain(word) not in names.inside), None)
    if _plain(words[n]) not in names.inside or after is None:
        return False
    return after[0][0].isupper() or (small and _plain(after) not in names.no_names)


def _plain(word: re.Match[str]) -> str:
    return word[0].casefold().rstrip(".").replace("’", "'")


def _words(text: str, begin: int) -> list[re.Match[str]]:
    """The words from there on that only blanks part; more than a name has are not needed."""
    found: list[re.Match[str]] = []
    while len(found) < 10 and (word := _WORD.match(text, begin)):
        found.append(word)
        gap = _GAP.match(text, word.end())
        if not gap or (word[0].endswith(".") and len(word[0]) > 4):  # "Anna. …": the sentence ends
            break
        begin = gap.end()
    return found


def _chinese_end(text: str, begin: int) -> int:
    """Where a Chinese name ends: it is told from what follows by surnames and common words."""
    foreign = _FOREIGN.match(text, begin)
    if foreign:
        return foreign.end()
    names = masking_settings().chinese
    signs = _SIGNS.match(text, begin)
    if not signs:
        return _latin_end(text, begin)
    run = signs[0]
    if run[0] in names.no_begin or run.startswith(names.no_names):
        return begin
    surname = 2 if run.startswith(names.double_surnames) else int(run[0] in names.surnames)
    if not surname:
        alone = len(run) <= names.most_signs and _MARK.match(text, begin + len(run))
        return begin + len(run) if alone else begin
    given = run[surname : surname + 2]
    return begin + surname + (1 if given[1:] in names.after else len(given))


def _latin_end(text: str, begin: int) -> int:
    """我叫Anna: as in English."""
    return name_end(text, begin, Introduction(before="")) if _WORD.match(text, begin) else begin


def _surname_end(text: str, begin: int) -> int:
    names = masking_settings().chinese
    if text.startswith(names.double_surnames, begin):
        return begin + 2
    sign = _SIGN.match(text, begin)
    return begin + (sign is not None and sign[0] not in names.no_surnames)


@lru_cache(maxsize=1)
def _english() -> tuple[tuple[Introduction, re.Pattern[str], re.Pattern[str] | None], ...]:
    return tuple(
        (
            each,
            re.compile(each.before, re.IGNORECASE),
            re.compile(each.after, re.IGNORECASE) if each.after else None,
        )
        for each in masking_settings().english.introductions
    )


@lru_cache(maxsize=1)
def _chinese() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(regex) for regex in masking_settings().chinese.introductions)


@lru_cache(maxsize=1)
def _surnames() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(regex) for regex in masking_settings().chinese.surname_introductions)
