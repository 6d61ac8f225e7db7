"""The agent's desk: the pack's data and what may be done to it. What the agent did is a fact."""

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from difflib import get_close_matches

from scenarios.types import Action, Cell, Pack, Requirement
from simulator.desk_words import desk_words
from simulator.types import ActionCall, ActionResult

Row = dict[str, Cell]

PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Desk:
    """A session's own copy of the pack's tables. Actions are declarative; a pack holds no code.

    It speaks the pack's language; records, arguments and results keep their codes.
    """

    def __init__(self, pack: Pack, done: Iterable[ActionResult] = ()) -> None:
        self._actions = {action.name: action for action in pack.actions}
        self._values = pack.values
        self._words = desk_words(pack.language)
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
            key = _meant(action, self.tables[action.table], result.arguments)
            if key is not None:
                self.tables[action.table][key].update(result.after)

    def _attempt(self, call: ActionCall) -> ActionResult:
        action = self._actions.get(call.name)
        if action is None:
            titles = {name: each.title for name, each in self._actions.items()}
            known = self._words.listed(titles)
            return _refused(call, self._words.say("no_action", name=call.name, known=known))
        problem = self._argument_problem(action, call.arguments)
        if problem:
            return _refused(call, problem)
        key = _meant(action, self.tables[action.table], call.arguments)
        if key is None:
            asked = [call.arguments[name] for name in (action.key, *action.match.values()) if name]
            return _refused(call, self._no_record(action, " ".join(asked)))
        return self._carry_out(action, call, self.tables[action.table][key])

    def _carry_out(self, action: Action, call: ActionCall, row: Row) -> ActionResult:
        given = _given(action, call)
        read = {**self._read(row), **_labels(action, given)}
        for requirement in action.requires:
            if not _holds(requirement, row):
                return _refused(call, _fill(requirement.otherwise, read))
        # Codes go into the record, words into the message.
        codes = {**{name: _text(value) for name, value in row.items()}, **given}
        after = {field: _value(value, codes) for field, value in action.sets.items()}
        return ActionResult(
            name=call.name,
            arguments=call.arguments,
            done=True,
            message=_fill(action.result, {**read, **self._read(after)}),
            before={field: row.get(field) for field in after},
            after=after,
        )

    def _read(self, row: Row) -> dict[str, str]:
        """A record's fields as people read them."""
        texts = {field: _text(value, self._words.say("empty")) for field, value in row.items()}
        return {field: self._values.get(field, {}).get(text, text) for field, text in texts.items()}

    def _argument_problem(self, action: Action, given: dict[str, str]) -> str | None:
        labels = {argument.name: argument.label for argument in action.arguments}
        whose = {"action": action.name, "title": action.title}
        for name in given:
            if name not in labels:
                known = self._words.listed(labels)
                return self._words.say("no_argument", **whose, name=name, known=known)
        for argument in action.arguments:
            value = given.get(argument.name, "").strip()
            label = argument.label
            if not value:
                return self._words.say("needs", **whose, name=argument.name, label=label)
            if argument.choices and value not in argument.choices:
                choices = {each: argument.labels.get(each, each) for each in argument.choices}
                known = self._words.listed(choices)
                return self._words.say("not_one_of", label=label, given=value, known=known)
        return None

    def _no_record(self, action: Action, key: str) -> str:
        near = get_close_matches(key, self.tables[action.table], n=1)
        if near:
            return self._words.say("no_record_but", key=key, table=action.table, near=near[0])
        return self._words.say("no_record", key=key, table=action.table)


def _given(action: Action, call: ActionCall) -> dict[str, str]:
    """The arguments as the record keeps them; several values in one order, whatever was typed."""
    many = {argument.name for argument in action.arguments if argument.many}
    return {
        name: ",".join(sorted(part.strip() for part in re.split("[,，]", value) if part.strip()))
        if name in many
        else value.strip()
        for name, value in call.arguments.items()
    }


def _refused(call: ActionCall, message: str) -> ActionResult:
    return ActionResult(name=call.name, arguments=call.arguments, done=False, message=message)


def _meant(action: Action, table: dict[str, Row], given: Mapping[str, str]) -> str | None:
    """The record an action is about: by its id, or by the fields that must hold the arguments."""
    if action.key:
        return _found(table, given[action.key])
    wanted = {field: given[name].strip().casefold() for field, name in action.match.items()}
    for known, row in table.items():
        if all(_text(row.get(field)).casefold() == value for field, value in wanted.items()):
            return known
    return None


def _found(table: dict[str, Row], key: str) -> str | None:
    """The record id that was meant: spaces, case and a leading # do not matter."""
    wanted = key.strip().lstrip("#").casefold()
    return next((known for known in table if known.casefold() == wanted), None)


def _holds(requirement: Requirement, row: Row) -> bool:
    value = row.get(requirement.field)
    if requirement.one_of and value not in requirement.one_of:
        return False
    if requirement.at_most is None:
        return True
    return isinstance(value, int | float) and value <= requirement.at_most


def _labels(action: Action, given: dict[str, str]) -> dict[str, str]:
    """The arguments as people read them."""
    labels = {argument.name: argument.labels for argument in action.arguments}
    return {name: labels[name].get(value, value) for name, value in given.items()}


def _text(value: Cell, empty: str = "—") -> str:
    return empty if value is None else str(value)


def _fill(text: str, words: Mapping[str, str]) -> str:
    """`{field}` replaced by its value; anything else in braces stays as it is."""
    return PLACEHOLDER.sub(lambda found: words.get(found[1], found[0]), text)


def _value(value: Cell, words: Mapping[str, str]) -> Cell:
    return _fill(value, words) if isinstance(value, str) else value
