"""The changes that a task expects, and by which words an agent's message names each of them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scenarios.commands import Command
from scenarios.importing.tau2_desk import Expected
from scenarios.importing.tau2_shop import Shop
from scenarios.importing.tau2_tasks import Task
from scenarios.importing.tau2_words import Deed, deed, filled, words

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
MOST_NAMES = 3
"""Items that are named; of more, two are and the rest is counted."""


@dataclass(frozen=True)
class Doing:
    """One change, with its commands: more than one where no words tell them apart."""

    id: str
    name: str
    """The tool's name."""
    commands: tuple[Command, ...]
    marks: tuple[str, ...]
    """Words that belong to it: order number, items' names, people."""
    values: Mapping[str, str]
    phrases: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    @property
    def words(self) -> Deed:
        """How a tool of this name is spoken of."""
        return deed(self.name)

    @property
    def wants(self) -> str:
        """The wish, in the first person."""
        return filled(self.words.wants, self.values)

    @property
    def propose(self) -> str:
        """How the good agent proposes it."""
        return self._named(self.words.propose)

    @property
    def done(self) -> str:
        """How the good agent says that it is done."""
        return self._named(self.words.done)

    def named_in(self, text: str) -> int:
        """How many of the words that belong to it stand in a text."""
        plain = text.lower()
        ends = {mark.split()[-1] for mark in self.marks}
        return sum(word in plain for word in {*self.words.verbs, *self.marks, *ends})

    def alike(self, other: "Doing") -> bool:
        """Whether two are the same change to different records."""
        records = ("order_id", "reservation_id")
        return self.name == other.name and any(
            key in self.values and self.values[key] != other.values.get(key) for key in records
        )

    def _named(self, text: str) -> str:
        """A line that one of the phrases stands in."""
        plain = filled(text, {**self.values, "mark": ""})
        if any(phrase in plain.lower() for phrase in self.phrases):
            return plain
        return filled(text, {**self.values, "mark": f" ({self.phrases[0]})"})


def doings(task: Task, expected: Sequence[Expected], shop: Shop | None) -> list[Doing]:
    """The task's changes in their order; those that no words tell apart are one."""
    raw = [each.arguments for each in task.actions]
    found = [
        _doing(f"deed_{i}", each.command, arguments, shop)
        for i, (each, arguments) in enumerate(zip(expected, raw, strict=True), start=1)
        if each.kind == "write"
    ]
    return [_worded(one, _merged(found)) for one in _merged(found)]


def _doing(id_: str, command: Command, raw: Mapping[str, Any], shop: Shop | None) -> Doing:
    names = _items(raw, shop)
    things = _listed(names)
    order = command.arguments.get("order_id")
    ids = {"order_id": f"#{order}"} if order else {}
    values = {**command.arguments, **ids, "things": things}
    marks = [*_leaves({k: v for k, v in raw.items() if k not in words().no_marks}), *names]
    plain = dict.fromkeys(mark.lstrip("#").lower() for mark in marks)
    return Doing(id_, command.name, (command,), tuple(plain), values)


def _items(raw: Mapping[str, Any], shop: Shop | None) -> list[str]:
    """The names of the items that a call is about."""
    order = shop.order(str(raw.get("order_id", ""))) if shop else None
    ids = raw.get("item_ids", ())
    if order is None or not isinstance(ids, list):
        return []
    found = {item.item_id: item.name.lower() for item in order.items}
    return list(dict.fromkeys(found[str(each)] for each in ids if str(each) in found))


def _listed(names: Sequence[str]) -> str:
    if not names:
        return "the items"
    named = [f"the {name}" for name in names]
    if len(named) > MOST_NAMES:
        named = [*named[:2], f"{len(named) - 2} other items"]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"


def _leaves(value: Any) -> Iterable[str]:
    """The texts in a call's arguments that could name it: no dates, no short codes."""
    if isinstance(value, Mapping):
        people = [str(value[key]) for key in ("first_name", "last_name") if key in value]
        if people:
            yield " ".join(people)
        rest = {key: each for key, each in value.items() if not key.endswith("_name")}
        for each in rest.values():
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    elif isinstance(value, str) and len(value) >= 4 and not _DATE.search(value):
        yield value


def _alike(one: Doing, all_: Sequence[Doing]) -> list[Doing]:
    return [other for other in all_ if other is not one and other.name == one.name]


def _own_marks(one: Doing, others: Iterable[Doing]) -> tuple[str, ...]:
    taken = {mark for other in others for mark in other.marks}
    own = (m for m in one.marks if not any(m in mark or mark in m for mark in taken))
    return tuple(own)[: words().most_marks]


def _merged(found: Sequence[Doing]) -> list[Doing]:
    """Deeds of one kind that share all their words, made one."""
    kept: list[Doing] = []
    for one in found:
        alike = [other for other in kept if other.name == one.name]
        twin = next((other for other in alike if not _own_marks(one, [other])), None)
        if twin is None:
            kept.append(one)
        else:
            both = replace(twin, commands=(*twin.commands, *one.commands))
            kept[kept.index(twin)] = both
    return kept


def _worded(one: Doing, all_: Sequence[Doing]) -> Doing:
    """A deed with the phrases that name it, and those beside which they name another."""
    alike = _alike(one, all_)
    others = [other for other in all_ if other.name != one.name]
    own = _own_marks(one, alike or others)
    phrases = own if alike else (*one.words.verbs, *own)
    said = filled(one.words.propose + one.words.done, one.values).lower()
    unless = dict.fromkeys(one.words.unless)
    for other in others:
        strange = (*other.words.verbs, *(mark for mark in other.marks if mark not in one.marks))
        unless |= {word: None for word in strange if word not in said and word not in phrases}
    return replace(one, phrases=phrases, unless=tuple(unless))
