"""What counts as solved: the state in which the expected actions leave a desk of our own."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from scenarios.commands import Command
from scenarios.importing.tau2_desk import DeskPlan, Expected, template
from scenarios.importing.tau2_known import Identity
from scenarios.pack_checks import Tables
from scenarios.types import Action, Pack, Success

CHANGED = "changed"
"""The field that every change of a record sets: unset, the record is as it was."""


@dataclass(frozen=True)
class Run:
    """What a desk made of commands: a refusal's words or nothing for each, and its tables."""

    refusals: tuple[str | None, ...]
    tables: Tables


Desk = Callable[[Pack, Sequence[Command]], Run]
"""Carries commands out on a new desk of a pack. Given by the caller: the desk is a room above."""


@dataclass(frozen=True)
class Outcome:
    """How a task's expected actions went at the desk."""

    refusals: tuple[str, ...]
    """For each expected action what the desk said against it; empty: it is carried out."""
    conditions: tuple[Success, ...]
    checked: bool
    """Whether the end state tells that the task is done."""
    said: tuple[str, ...]
    """A sentence for each refusal."""


def success(
    pack: Pack, expected: Sequence[Expected], desk_plan: DeskPlan, who: Identity, desk: Desk
) -> Outcome:
    """Run the expected actions on a new desk; the conditions are what it then holds."""
    declared = [each for each in expected if each.kind != "undeclared"]
    run = desk(pack, [each.command for each in declared])
    refused = {id(each): no or "" for each, no in zip(declared, run.refusals, strict=True)}
    refusals = tuple(refused.get(id(each), "") for each in expected)
    said = tuple(
        template().not_carried_out.format(action=each.command.name, message=no)
        for each, no in zip(expected, refusals, strict=True)
        if no
    )
    writes = [each for each in declared if each.kind == "write" and not refused[id(each)]]
    known = who.user is not None and bool(desk_plan.checked)
    if not known or any(each.command.name not in desk_plan.checked for each in writes):
        return Outcome(refusals, (), False, said)
    touched = list(_touched(pack, run.tables, writes))
    return Outcome(refusals, (*touched, *_untouched(pack, who, touched)), True, said)


def _touched(pack: Pack, after: Tables, writes: Iterable[Expected]) -> Iterable[Success]:
    """Of every changed record all that a change could have set, as it is at the end."""
    actions = {action.name: action for action in pack.actions}
    called = [(actions[each.command.name], each.command.arguments) for each in writes]
    records = ((action.table, _key(action, given, after)) for action, given in called)
    for table, key in dict.fromkeys(records):
        could = (field for each in pack.actions if each.table == table for field in each.sets)
        for field in dict.fromkeys(could):
            if field != CHANGED:
                value = after[table][key][field]
                yield Success(table=table, key=key, field=field, equals=value)


def _key(action: Action, arguments: dict[str, str], tables: Tables) -> str:
    wanted = arguments[action.key].lstrip("#").casefold()
    return next(key for key in tables[action.table] if key.casefold() == wanted)


def _untouched(pack: Pack, who: Identity, touched: Sequence[Success]) -> Iterable[Success]:
    """That nothing else of the customer's was changed."""
    assert who.user is not None
    id_ = who.user.user_id
    orders = (key for key, row in pack.tables["orders"].items() if row["user_id"] == id_)
    changed = {(each.table, each.key) for each in touched}
    for table, key in (("users", id_), *(("orders", key) for key in orders)):
        if (table, key) not in changed:
            yield Success(table=table, key=key, field=CHANGED, equals=False)
