"""The desk of a pack made of τ²-bench's tasks: its actions, its tables, and what tasks expect."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import yaml

from personas.types import Strict
from scenarios.commands import Command
from scenarios.importing.canonical import NONE, canonical_arguments
from scenarios.importing.tau2_shop import Shop, shop_tables
from scenarios.importing.tau2_tasks import Task
from scenarios.pack_checks import Tables
from scenarios.types import Action, Argument, Cell

Kind = Literal["look_up", "write", "transfer", "undeclared"]


class Template(Strict):
    """`tau2_desk.yaml`."""

    transfer: Action
    transfer_record: dict[str, dict[str, Cell]]
    undeclared: tuple[str, ...]
    look_ups: tuple[str, ...]
    log_table: str
    nothing: str
    result: str
    look_up_result: str
    not_checked: str
    not_carried_out: str


class RetailTemplate(Strict):
    """`tau2_retail.yaml`."""

    topics: tuple[str, ...]
    actions: tuple[Action, ...]


@lru_cache(maxsize=1)
def template() -> Template:
    """What every desk has."""
    return Template.model_validate(_shipped("tau2_desk.yaml"))


@lru_cache(maxsize=1)
def retail() -> RetailTemplate:
    """The retail shop's desk."""
    return RetailTemplate.model_validate(_shipped("tau2_retail.yaml"))


def _shipped(name: str) -> object:
    loaded: object = yaml.safe_load(
        files("scenarios").joinpath(f"importing/{name}").read_text("utf-8")
    )
    return loaded


@dataclass(frozen=True)
class Expected:
    """An action that a task expects, as this desk takes it."""

    kind: Kind
    command: Command


@dataclass(frozen=True)
class DeskPlan:
    """What a pack's desk can do and what lies on it."""

    actions: tuple[Action, ...]
    tables: Tables
    checked: frozenset[str]
    """Actions whose effect is a record's own fields, so that the end state tells."""

    def expected(self, task: Task) -> list[Expected]:
        """A task's expected actions, in order."""
        return [self._expected(each.name, each.arguments) for each in task.actions]

    def _expected(self, name: str, arguments: dict[str, object]) -> Expected:
        texts = canonical_arguments(arguments)
        action = next((each for each in self.actions if each.name == name), None)
        if action is None:
            return Expected("undeclared", Command(name, texts))
        if name == template().transfer.name:
            return Expected("transfer", Command(name, {"to": "human_agents", **texts}))
        given = {each.name: texts.get(each.name, NONE) for each in action.arguments}
        return Expected("look_up" if looks_up(name) else "write", Command(name, given))

    def writes(self) -> tuple[str, ...]:
        """The actions that change something."""
        kept = (each.name for each in self.actions if not looks_up(each.name))
        return tuple(name for name in kept if name != template().transfer.name)


def looks_up(name: str) -> bool:
    """Whether a tool only looks something up."""
    return name.startswith(template().look_ups)


def plan(tasks: Sequence[Task], shop: Shop | None) -> DeskPlan:
    """The desk for these tasks: over the shop's tables, and log tables for everything else."""
    items = {text for task in tasks for text in _item_ids(task)}
    tables = shop_tables(shop, items) if shop else {}
    known = tuple(a for a in retail().actions if tables.get(a.table)) if shop else ()
    tables["handovers"] = template().transfer_record
    skip = {*template().undeclared, template().transfer.name, *(each.name for each in known)}
    logged = _logged(tasks, skip)
    for action, keys in logged:
        _add_log(tables, action, keys)
    actions = (*known, *(action for action, _ in logged), template().transfer)
    return DeskPlan(actions, _filled(tables), frozenset(each.name for each in known))


def _item_ids(task: Task) -> Iterable[str]:
    for action in task.actions:
        for name in ("item_id", "item_ids", "new_item_ids"):
            value = action.arguments.get(name, ())
            yield from (value,) if isinstance(value, str) else (str(each) for each in value)


def _logged(tasks: Sequence[Task], skip: set[str]) -> list[tuple[Action, list[str]]]:
    """An action over a log table for every other tool, and the ids it is used with."""
    calls: dict[str, list[dict[str, str]]] = {}
    for task in tasks:
        for each in task.actions:
            if each.name not in skip and each.arguments:
                calls.setdefault(each.name, []).append(canonical_arguments(each.arguments))
    return [_log_action(name, given) for name, given in sorted(calls.items())]


def _log_action(name: str, calls: list[dict[str, str]]) -> tuple[Action, list[str]]:
    names = tuple(dict.fromkeys(each for call in calls for each in call))
    always = [each for each in names if all(each in call for call in calls)] or [names[0]]
    key = next((each for each in always if each.endswith("_id")), always[0])
    title = name.replace("_", " ").capitalize()
    kept = "; ".join(f"{each} {{{each}}}" for each in names if each != key) or "done"
    look_up = looks_up(name)
    action = Action(
        name=name,
        title=title,
        table=template().log_table.format(key=key),
        key=key,
        arguments=tuple(
            Argument(name=each, label=each.replace("_", " ").capitalize()) for each in names
        ),
        sets={} if look_up else {name: kept},
        result=template().look_up_result if look_up else template().result.format(title=title),
    )
    return action, sorted({call.get(key, NONE) for call in calls})


def _add_log(tables: Tables, action: Action, keys: list[str]) -> None:
    table = tables.setdefault(action.table, {})
    for key in keys:
        table.setdefault(key, {action.key: key})
    for record in table.values():
        record.update({field: template().nothing for field in action.sets})


def _filled(tables: Tables) -> Tables:
    """The tables with the same fields in all records of each."""
    for table in tables.values():
        fields = dict.fromkeys(field for record in table.values() for field in record)
        for record in table.values():
            for field in fields:
                record.setdefault(field, template().nothing)
    return tables
