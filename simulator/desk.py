"""The agent's desk: the pack's data and what may be done to it. What the agent did is a fact."""

from collections.abc import Iterable
from copy import deepcopy
from difflib import get_close_matches
from typing import Any

from scenarios.types import Action, Cell, Pack, Requirement
from simulator.types import ActionCall, ActionResult

Row = dict[str, Cell]


class Desk:
    """A session's own copy of the pack's tables. Actions are declarative; a pack holds no code."""

    def __init__(self, pack: Pack, done: Iterable[ActionResult] = ()) -> None:
        self._actions = {action.name: action for action in pack.actions}
        self.tables: dict[str, dict[str, Row]] = deepcopy(pack.tables)
        self.results: list[ActionResult] = []
        for result in done:
            self._remember(result)

    def do(self, call: ActionCall) -> ActionResult:
        """Do an action, or say why it cannot be done. Never raises for what an agent typed."""
        result = self._attempt(call)
        self._remember(result)
        return result

    def _remember(self, result: ActionResult) -> None:
        self.results.append(result)
        if result.done and result.after:
            action = self._actions[result.name]
            key = _found(self.tables[action.table], result.arguments[action.key])
            if key is not None:
                self.tables[action.table][key].update(result.after)

    def _attempt(self, call: ActionCall) -> ActionResult:
        action = self._actions.get(call.name)
        if action is None:
            known = ", ".join(self._actions) or "none"
            return _refused(call, f"There is no action {call.name!r} at this desk; there is: {known}.")
        problem = _argument_problem(action, call.arguments)
        if problem:
            return _refused(call, problem)
        table = self.tables[action.table]
        key = _found(table, call.arguments[action.key])
        if key is None:
            return _refused(call, _no_record(action, call.arguments[action.key], table))
        row = table[key]
        words = {**row, **call.arguments}
        for requirement in action.requires:
            if not _holds(requirement, row):
                return _refused(call, _fill(requirement.otherwise, words))
        after = {field: _value(value, words) for field, value in action.sets.items()}
        return ActionResult(
            name=call.name,
            arguments=call.arguments,
            done=True,
            message=_fill(action.result, {**words, **after}),
            before={field: row.get(field) for field in after},
            after=after,
        )


def _refused(call: ActionCall, message: str) -> ActionResult:
    return ActionResult(name=call.name, arguments=call.arguments, done=False, message=message)


def _argument_problem(action: Action, given: dict[str, str]) -> str | None:
    names = [argument.name for argument in action.arguments]
    for name in given:
        if name not in names:
            return f"{action.name!r} takes no {name!r}; it takes: {', '.join(names)}."
    for argument in action.arguments:
        value = given.get(argument.name, "").strip()
        if not value:
            return f"{action.name!r} needs {argument.name!r} ({argument.label})."
        if argument.choices and value not in argument.choices:
            return f"{argument.label}: {value!r} is not one of {', '.join(argument.choices)}."
    return None


def _found(table: dict[str, Row], key: str) -> str | None:
    """The record id that was meant: spaces, case and a leading # do not matter."""
    wanted = key.strip().lstrip("#").casefold()
    return next((known for known in table if known.casefold() == wanted), None)


def _no_record(action: Action, key: str, table: dict[str, Row]) -> str:
    near = get_close_matches(key, table, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else " Check the number with the customer."
    return f"There is no record {key!r} in {action.table!r}.{hint}"


def _holds(requirement: Requirement, row: Row) -> bool:
    value = row.get(requirement.field)
    if requirement.one_of and value not in requirement.one_of:
        return False
    if requirement.at_most is None:
        return True
    return isinstance(value, int | float) and value <= requirement.at_most


def _fill(text: str, words: dict[str, Any]) -> str:
    """`{field}` replaced by its value; anything else in braces stays as it is."""
    for name, value in words.items():
        text = text.replace("{" + name + "}", "—" if value is None else str(value))
    return text


def _value(value: Cell, words: dict[str, Any]) -> Cell:
    return _fill(value, words) if isinstance(value, str) else value
