"""Linting one question at a time: is it clear, neutral, and to be answered from a transcript?

What is found is a matter of words: it can be wrong, and says little where it is not sure.
"""

import re
from collections.abc import Iterator

from grading.lint_lists import lists, quoted
from grading.lint_reading import Part, Spot, checks, conditions
from personas.files import Document

_ENDS = ("?", "？")


def question_spots(document: Document) -> Iterator[Spot]:
    """What is wrong with the questions of checks and conditions."""
    for check in checks(document):
        if check.ask:
            yield from _asked(check)
            yield from _answered(check)
    for condition in conditions(document).values():
        if condition.ask:
            yield from _asked(condition)


def _asked(part: Part) -> Iterator[Spot]:
    """What is wrong with a question by itself."""
    found = dict(lists().shown_by_words(part.ask))
    if _reads_policy(part):
        found.pop("needs_policy", None)
    found |= _form(part.ask)
    for check, words in found.items():
        yield Spot(part.at("ask"), check, part.name, words)


def _form(text: str) -> dict[str, str]:
    """The findings that no single expression shows, with what shows each."""
    length = len(text.split())
    found = {
        "two_questions": _two_ideas(text),
        "no_antecedent": _unnamed(text),
        "too_long": str(length) if length > lists().limits.words else "",
        "no_question_mark": "" if text.endswith(_ENDS) else text,
    }
    return {check: words for check, words in (found | _negated(text)).items() if words}


def _reads_policy(part: Part) -> bool:
    """Whether a field of the check, other than its texts, names the policy."""
    texts = ("ask", "id", "label", "problem", "reason")
    return any("policy" in str(v) for k, v in part.fields.items() if k not in texts)


# --- ambiguous ----------------------------------------------------------------------------------


def _two_ideas(text: str) -> str:
    """Two adjectives joined that say different things: "polite and helpful"."""
    ideas = {word: i for i, words in enumerate(lists().ideas) for word in words}
    for match in re.finditer(r"(\w+),? (?:and|or) (?:\w+ly )?(\w+)", text.lower()):
        one, other = (ideas.get(word) for word in match.groups())
        if one is not None and other is not None and one != other:
            return match.group()
    return ""


def _negated(text: str) -> dict[str, str]:
    negation = lists().negation
    words = _denials(text)
    turned = [*words, *(match.group() for match in negation.reversals.matches(text))]
    inside = [match.group() for match in negation.inside.matches(text)]
    if turned and len(turned) + len(inside) > 1:
        return {"double_negative": quoted([*turned, *inside])}
    clause = negation.clauses.search(text, 1)
    asked = _denials(text[: clause.start()] if clause else text)
    return {"negated_question": quoted(asked)} if asked else {}


def _denials(text: str) -> list[str]:
    """Negations; one that begins the question leads ("Isn't it …") and denies nothing."""
    return [match.group() for match in lists().negation.words.matches(text) if match.start()]


def _unnamed(text: str) -> str:
    """The first pronoun that nothing before it explains; empty when there is none."""
    pronouns = lists().pronouns
    pointing = re.match(pronouns.pointing, text, re.IGNORECASE)
    if pointing:
        return repr(pointing.group().split()[-1])
    empty = [match.span() for match in pronouns.empty.matches(text)]
    for match in re.finditer(r"[a-z]+", text.lower()):
        if any(begin <= match.start() < end for begin, end in empty):
            continue
        if not _named(match.group(), text[: match.start()].lower()):
            return repr(match.group())
    return ""


def _named(word: str, before: str) -> bool:
    """Whether a word is no pronoun, or stands for something named before it."""
    pronouns = lists().pronouns
    if word in pronouns.persons:
        return _people(before)
    if word in pronouns.either:
        return _people(before) or _things(before)
    return word not in pronouns.things or _things(before)


def _people(text: str) -> bool:
    return any(word in lists().pronouns.people for word in re.findall(r"[a-z]+", text))


def _things(text: str) -> bool:
    """Whether a noun was named that is no person: any word after an article will do."""
    pronouns = lists().pronouns
    articles = "|".join(re.escape(article) for article in pronouns.articles)
    nouns = re.findall(rf"(?<![a-z])(?:{articles})\s+([a-z]+)", text.replace("'s", " 's"))
    return any(noun not in pronouns.people for noun in nouns)


# --- what the answer means ----------------------------------------------------------------------


def _answered(check: Part) -> Iterator[Spot]:
    """What is wrong with how the answer is taken."""
    meant = _yes_means(check.ask)
    yes_is = check.fields.get("yes_is")
    if meant and yes_is in ("good", "bad") and yes_is != meant:
        yield Spot(check.at("yes_is"), "contradicts_polarity", check.name, yes_is)
    situation = lists().situations.search(check.ask)
    if situation and not _conditional(check):
        yield Spot(check.at("ask"), "no_condition", check.name, repr(situation.group()))


def _conditional(check: Part) -> bool:
    needs = check.fields.get("needs")
    return bool(check.fields.get("applies_when")) or not (
        needs is None or needs in lists().whose_turns
    )


def _yes_means(text: str) -> str:
    """What yes says of the agent, `good` or `bad`; empty when the words do not make it sure."""
    polarity = lists().polarity
    fault, merit = polarity.faults.search(text), polarity.merits.search(text)
    match = fault or merit
    if match is None or (fault and merit) or polarity.excuses.search(text):
        return ""
    turned = len(_denials(text[: match.start()])) + _directly_before(text[: match.start()])
    return "bad" if bool(fault) != bool(turned % 2) else "good"


def _directly_before(text: str) -> bool:
    """Whether the text ends in a reversal ("avoid", "without"), at most one word behind it."""
    last = lists().negation.reversals.matches(text)
    return bool(last) and re.fullmatch(r"\s*(\w+\s+)?", text[last[-1].end() :]) is not None
