"""The scripted good agent of an imported task: its lines and what it does at the desk."""

import re
from collections.abc import Sequence

from scenarios.commands import Command
from scenarios.importing.canonical import written
from scenarios.importing.tau2_deeds import Doing
from scenarios.importing.tau2_desk import Expected
from scenarios.importing.tau2_known import Identity
from scenarios.importing.tau2_words import filled, words
from scenarios.types import Brief


def ideal(
    who: Identity, deeds: Sequence[Doing], expected: Sequence[Expected], brief: Brief
) -> tuple[str, ...]:
    """Lines from greeting to goodbye, with the expected actions in their order."""
    row = words()
    name = {"name": who.first_name}
    lines = [row.greeting, row.ask[who.asked_by()]]
    first, later = _look_ups(expected)
    lines += [*_found(who, expected), *first, filled(row.wish, name)]
    lines += _changes(deeds, later) if deeds else _no_change(expected, later, brief)
    return (*lines, filled(row.goodbye, name))


def _found(who: Identity, expected: Sequence[Expected]) -> list[str]:
    """Finding the customer first, where the task takes it for granted."""
    if who.user is None or any(each.command.name.startswith("find_") for each in expected):
        return []
    if who.user.email in who.email:
        return [written(Command("find_user_id_by_email", {"email": who.user.email}))]
    if who.zip != who.user.address.zip:
        return []
    person = {**who.user.name.model_dump(), "zip": who.zip}
    return [written(Command("find_user_id_by_name_zip", person))]


def _look_ups(expected: Sequence[Expected]) -> tuple[list[str], dict[int, list[str]]]:
    """Look-ups before the first change, and those before each change by its place."""
    before: list[list[str]] = [[]]
    for each in expected:
        if each.kind == "look_up":
            before[-1].append(written(each.command))
        elif each.kind == "write":
            before.append([])
    return before[0], dict(enumerate(before[1:]))


def _changes(deeds: Sequence[Doing], later: dict[int, list[str]]) -> list[str]:
    """Each change: proposed, done, confirmed; the next one is proposed with the confirmation."""
    lines = [deeds[0].propose]
    place = 0
    for one, following in zip(deeds, (*deeds[1:], None), strict=True):
        for command in one.commands:
            lines += [written(command), *later.get(place, [])]
            place += 1
        lines.append(f"{one.done} {following.propose if following else words().more}")
    return lines


def _no_change(
    expected: Sequence[Expected], later: dict[int, list[str]], brief: Brief
) -> list[str]:
    """Hand over where the task does; answer a question; else refuse and give the reason."""
    row = words()
    rest = [line for lines in later.values() for line in lines]
    handed = [written(each.command) for each in expected if each.kind == "transfer"]
    if handed:
        return [*rest, row.refuse, *handed, row.transfer_line, row.more]
    if re.search(row.informing, brief.opening, re.IGNORECASE):
        return [*rest, row.answer, row.more]
    refusals = [row.refuse] * _denials(brief)
    return [*rest, *refusals, row.explain, row.more]


def _denials(brief: Brief) -> int:
    """How often the customer has to be refused until only the reason is wanted."""
    return sum(1 for goal in brief.goals if goal.gives_way and goal.gives_way.when == "refused")
