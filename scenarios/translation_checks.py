"""What a type cannot say about the desk's words in a language: that they fit the actions."""

from collections.abc import Iterable, Iterator, Mapping

from personas.errors import suggestion
from personas.files import FieldPath
from scenarios.pack_checks import Finding, Tables, fields_of, placeholder_findings
from scenarios.types import Action, ActionWords, Translation, Values


def translation_findings(
    words: Translation, actions: tuple[Action, ...], tables: Tables
) -> Iterator[Finding]:
    """Words for something the pack does not have, and things without words."""
    known = {action.name: action for action in actions}
    yield from _matched(("actions",), "action", words.actions, known)
    for name in words.actions.keys() & known.keys():
        for rest, said in _action(words.actions[name], known[name], tables):
            yield ("actions", name, *rest), said
    yield from value_findings(words.values, actions, tables)


def value_findings(
    values: Values, actions: tuple[Action, ...], tables: Tables
) -> Iterator[Finding]:
    """Words for fields that no record has, and for codes that no field can hold."""
    fields = {field for table in tables for field in fields_of(tables, table)}
    for field, texts in values.items():
        if field not in fields:
            message = f"there is no field {field!r}; {suggestion(field, fields)}"
            yield ("values", field), message
            continue
        codes = _codes(field, actions, tables)
        for code in texts.keys() - codes:
            message = f"{field!r} is never {code!r}; {suggestion(code, codes)}"
            yield ("values", field, code), message


def _action(words: ActionWords, action: Action, tables: Tables) -> Iterator[Finding]:
    arguments = {argument.name: argument for argument in action.arguments}
    yield from _matched(("arguments",), "argument", words.arguments, arguments)
    choosing = {name: each.choices for name, each in arguments.items() if each.choices}
    yield from _matched(("choices",), "argument with choices", words.choices, choosing)
    for name in words.choices.keys() & choosing.keys():
        yield from _matched(("choices", name), "choice", words.choices[name], choosing[name])
    if len(words.otherwise) != len(action.requires):
        message = f"needs {len(action.requires)} texts, one for each requirement in its order"
        yield ("otherwise",), f"{message}; there are {len(words.otherwise)}"
    if action.table not in tables:  # told where the action is
        return
    names = fields_of(tables, action.table) | arguments.keys()
    for i, text in enumerate(words.otherwise):
        yield from placeholder_findings(("otherwise", i), text, names)
    yield from placeholder_findings(("result",), words.result, names)


def _matched(
    path: FieldPath, kind: str, given: Mapping[str, object], known: Iterable[str]
) -> Iterator[Finding]:
    """Each known name has words, and nothing else has."""
    names = set(known)
    for name in given.keys() - names:
        yield (*path, name), f"there is no {kind} {name!r}; {suggestion(name, names)}"
    for name in names - given.keys():
        yield (*path, name), "is missing; translate it"


def _codes(field: str, actions: tuple[Action, ...], tables: Tables) -> set[str]:
    """The texts that a field holds in some record, or that some action puts there."""
    records = (record for table in tables.values() for record in table.values())
    codes = {value for record in records if isinstance(value := record.get(field), str)}
    for action in actions:
        value = action.sets.get(field)
        if isinstance(value, str):
            choices = {"{" + each.name + "}": each.choices for each in action.arguments}
            codes |= set(choices.get(value, (value,)))
    return codes
