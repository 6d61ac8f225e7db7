"""What a type cannot say about a pack: that its actions fit its tables."""

from collections import Counter
from collections.abc import Iterator
from string import Formatter

from personas.errors import suggestion
from personas.files import FieldPath
from scenarios.types import Action, Cell, Requirement

Tables = dict[str, dict[str, dict[str, Cell]]]
Finding = tuple[FieldPath, str]


def table_findings(tables: Tables) -> Iterator[Finding]:
    """Records that do not have the fields of the others in their table."""
    for name, table in tables.items():
        usual = fields_of(tables, name)
        for key, record in table.items():
            for field in usual - record.keys():
                yield (name, key), f"has no {field!r} as the table's other records; add it or null"


def action_findings(actions: tuple[Action, ...], tables: Tables) -> Iterator[Finding]:
    """Everything in the actions that names no table, field or argument."""
    counts = Counter(action.name for action in actions)
    for i, action in enumerate(actions):
        path: FieldPath = ("actions", i)
        if counts[action.name] > 1:
            yield (*path, "name"), f"{action.name!r} is there {counts[action.name]} times; rename"
        if action.table not in tables:
            message = f"there is no table {action.table!r}; {suggestion(action.table, tables)}"
            yield (*path, "table"), message
        else:
            yield from (((*path, *rest), said) for rest, said in _action(action, tables))


def _action(action: Action, tables: Tables) -> Iterator[Finding]:
    fields = fields_of(tables, action.table)
    arguments = {argument.name for argument in action.arguments}
    if len(arguments) < len(action.arguments):
        yield ("arguments",), "hold a name twice; rename one"
    if bool(action.key) == bool(action.match):
        yield ("key",), "should be there or match, one of the two"
    if action.key and action.key not in arguments:
        yield ("key",), f"there is no argument {action.key!r}; {suggestion(action.key, arguments)}"
    for field, name in action.match.items():
        if field not in fields:
            yield ("match", field), f"there is no field {field!r}; {suggestion(field, fields)}"
        if name not in arguments:
            yield ("match", field), f"there is no argument {name!r}; {suggestion(name, arguments)}"
    for i, argument in enumerate(action.arguments):
        for choice in argument.labels.keys() - set(argument.choices):
            message = f"there is no choice {choice!r}; {suggestion(choice, argument.choices)}"
            yield ("arguments", i, "labels", choice), message
    for i, requirement in enumerate(action.requires):
        for rest, said in _requirement(requirement, action, tables):
            yield ("requires", i, *rest), said
    for name, value in action.sets.items():
        if name not in fields:
            yield ("sets", name), f"there is no field {name!r}; {suggestion(name, fields)}"
        if isinstance(value, str):
            yield from placeholder_findings(("sets", name), value, arguments)
    yield from placeholder_findings(("result",), action.result, fields | arguments)


def _requirement(requirement: Requirement, action: Action, tables: Tables) -> Iterator[Finding]:
    fields = fields_of(tables, action.table)
    name = requirement.field
    if name not in fields:
        yield ("field",), f"there is no field {name!r}; {suggestion(name, fields)}"
    elif requirement.at_most is not None and not _is_number(name, tables[action.table]):
        yield ("at_most",), f"{name!r} is not a number in every record; use one_of"
    if not requirement.one_of and requirement.at_most is None:
        yield (), "requires nothing; give one_of or at_most"
    known = fields | {argument.name for argument in action.arguments}
    yield from placeholder_findings(("otherwise",), requirement.otherwise, known)


def placeholder_findings(path: FieldPath, text: str, known: set[str]) -> Iterator[Finding]:
    """Braces in a text that hold no known name."""
    try:
        names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError:
        yield path, "has a brace without its partner; write {field}"
        return
    for name in names:
        if name not in known:
            yield path, f"there is no field or argument {name!r}; {suggestion(name, known)}"


def fields_of(tables: Tables, table: str) -> set[str]:
    """The fields of a table's records; none when there is no such table."""
    return {field for record in tables.get(table, {}).values() for field in record}


def _is_number(field: str, table: dict[str, dict[str, Cell]]) -> bool:
    values = [record.get(field) for record in table.values()]
    return all(isinstance(value, int | float) for value in values)
