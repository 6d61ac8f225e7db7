"""What a type cannot say about a scenario: that the names in it name something."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from personas.errors import suggestion
from personas.files import FieldPath
from personas.types import Persona
from scenarios.commands import Command, is_command, parse_command
from scenarios.types import Action, Brief, Goal, Notes, Pack, Scenario

Finding = tuple[FieldPath, str]
"""Where and what: made a `Problem` by the document it was found in."""


class Named(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str:
        """Its id."""
        ...


def scenario_findings(
    scenario: Scenario, pack: Pack, personas: Mapping[str, Persona]
) -> Iterator[Finding]:
    """Everything in a scenario that does not fit its pack, its persona or itself."""
    yield from _place(scenario, pack, personas)
    yield from _brief(scenario.brief)
    yield from _notes(scenario, pack)
    yield from _ideal(scenario.ideal, pack)


def _place(scenario: Scenario, pack: Pack, personas: Mapping[str, Persona]) -> Iterator[Finding]:
    persona = personas.get(scenario.persona)
    if persona is None:
        yield _unknown(("persona",), "persona", scenario.persona, personas)
    elif persona.language != scenario.language:
        message = f"{persona.id!r} speaks {persona.language!r}, the scenario {scenario.language!r}"
        yield ("persona",), f"{message}; choose another persona"
    if scenario.topic not in pack.topics:
        yield _unknown(("topic",), "topic", scenario.topic, pack.topics)
    spoken = scenario.agent_language
    if spoken not in pack.policy:
        message = f"the pack has no policy in {spoken!r}; add"
        yield ("language",), f"{message} policy.{spoken}.md"
    if pack.actions and spoken not in (pack.language, *pack.translations):
        message = f"the pack's desk does not speak {spoken!r}; add"
        yield ("language",), f"{message} pack.{spoken}.yaml"


# --- the customer's view ------------------------------------------------------------------------


def _brief(brief: Brief) -> Iterator[Finding]:
    yield from _twice(("brief", "facts"), brief.facts)
    yield from _twice(("brief", "offers"), brief.offers)
    yield from _twice(("brief", "goals"), brief.goals)
    for i, fact in enumerate(brief.facts):
        yield from _blank(("brief", "facts", i, "phrases"), fact.phrases)
    for i, offer in enumerate(brief.offers):
        path: FieldPath = ("brief", "offers", i)
        yield from _blank((*path, "phrases"), offer.phrases)
        late = offer.response in ("accept_later", "bargain")
        if late and offer.says_later is None:
            yield (*path, "says_later"), "is missing; say how the customer accepts after all"
        if not late and offer.says_later is not None:
            message = "is never said; use it with response accept_later or bargain only"
            yield (*path, "says_later"), message
    for i, misbelief in enumerate(brief.misbeliefs):
        yield from _blank(("brief", "misbeliefs", i, "phrases"), misbelief.phrases)
    yield from _goals(brief)
    yield from _giving_way(brief)


def _blank(path: FieldPath, phrases: Sequence[str]) -> Iterator[Finding]:
    for i, phrase in enumerate(phrases):
        if not phrase.strip():
            yield (*path, i), "is blank and would match everything; remove it"


def _goals(brief: Brief) -> Iterator[Finding]:
    offers = {offer.id: offer for offer in brief.offers}
    goals = {goal.id: goal for goal in brief.goals}
    for i, goal in enumerate(brief.goals):
        path: FieldPath = ("brief", "goals", i)
        for j, name in enumerate(goal.met_by):
            if name not in offers:
                yield _unknown((*path, "met_by", j), "offer", name, offers)
            elif offers[name].response == "refuse":
                yield (*path, "met_by", j), f"the customer refuses {name!r}; it can meet no goal"
        for j, name in enumerate(goal.after):
            if name not in goals:
                yield _unknown((*path, "after", j), "goal", name, goals)
        circle = _circle(goal, goals)
        if circle:
            yield (*path, "after"), f"goes round in a circle: {' → '.join(circle)}; break it"


def _giving_way(brief: Brief) -> Iterator[Finding]:
    goals = {goal.id: goal for goal in brief.goals}
    second_best = {goal.gives_way.to for goal in brief.goals if goal.gives_way}
    for i, goal in enumerate(brief.goals):
        to = goal.gives_way.to if goal.gives_way else None
        path: FieldPath = ("brief", "goals", i, "gives_way", "to")
        if to is not None and to not in goals:
            yield _unknown(path, "goal", to, goals)
        elif to is not None and _leads_back(goal, goals):
            yield path, f"gives way to {to!r}, which leads back to {goal.id!r}; break the circle"
    if not any(goal.from_level == 1 and goal.id not in second_best for goal in brief.goals):
        yield ("brief", "goals"), "hold none that is wanted at level 1; give one from_level 1"


def _leads_back(start: Goal, goals: Mapping[str, Goal]) -> bool:
    """Whether a goal's replacements come round to itself."""
    seen: set[str] = set()
    at = start
    while at.id not in seen and at.gives_way and at.gives_way.to:
        seen.add(at.id)
        at = goals.get(at.gives_way.to, at)
    return len(seen) > 1 and at.id in seen


def _circle(start: Goal, goals: Mapping[str, Goal]) -> list[str]:
    """The way from a goal back to itself along `after`; empty when there is none."""
    ways = [[start.id, name] for name in start.after]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        if way[-1] == start.id:
            return way
        if way[-1] in goals and way[-1] not in seen:
            seen.add(way[-1])
            ways.extend([*way, name] for name in goals[way[-1]].after)
    return []


# --- the grader's view --------------------------------------------------------------------------


def _notes(scenario: Scenario, pack: Pack) -> Iterator[Finding]:
    notes = scenario.notes
    yield from _success(notes, pack)
    for i, name in enumerate(notes.forbidden_actions):
        if name not in {action.name for action in pack.actions}:
            names = [action.name for action in pack.actions]
            yield _unknown(("notes", "forbidden_actions", i), "action", name, names)
    facts = [fact.id for fact in scenario.brief.facts]
    for i, name in enumerate(notes.verify_before):
        if name not in facts:
            yield _unknown(("notes", "verify_before", i), "fact", name, facts)
    last = scenario.brief.limits.max_turns
    for kind, ending in notes.endings.items():
        path: FieldPath = ("notes", "endings", kind)
        if not ending.reasons:
            yield (*path, "reasons"), "is empty; name the right reasons"
        if not ending.earliest <= ending.latest <= last:
            message = f"should be earliest ≤ latest ≤ limits.max_turns ({last})"
            yield (*path, "latest"), message
    if notes.earliest_end > last:
        message = f"comes after the last turn that limits.max_turns allows ({last})"
        yield ("notes", "earliest_end"), message


def _success(notes: Notes, pack: Pack) -> Iterator[Finding]:
    for i, condition in enumerate(notes.success):
        path: FieldPath = ("notes", "success", i)
        table = pack.tables.get(condition.table)
        if table is None:
            yield _unknown((*path, "table"), "table", condition.table, pack.tables)
        elif condition.key not in table:
            yield _unknown((*path, "key"), f"record in {condition.table!r}", condition.key, table)
        elif condition.field not in table[condition.key]:
            record = table[condition.key]
            yield _unknown((*path, "field"), f"field of {condition.key!r}", condition.field, record)


# --- the good agent -----------------------------------------------------------------------------


def _ideal(lines: Sequence[str], pack: Pack) -> Iterator[Finding]:
    if is_command(lines[-1]):
        yield ("ideal", len(lines) - 1), "is an action; end with something the agent says"
    actions = {action.name: action for action in pack.actions}
    for i, line in enumerate(lines):
        if not line.strip():
            yield ("ideal", i), "is empty; write what the agent says"
        if is_command(line):
            yield from ((("ideal", i), message) for message in _command(line, actions, pack))


def _command(line: str, actions: Mapping[str, Action], pack: Pack) -> Iterator[str]:
    try:
        command = parse_command(line)
    except ValueError as error:
        yield f"{line!r} {error}"
        return
    action = actions.get(command.name)
    if action is None:
        yield _unknown((), "action", command.name, actions)[1]
    else:
        yield from _arguments(command, action, pack)


def _arguments(command: Command, action: Action, pack: Pack) -> Iterator[str]:
    wanted = {argument.name: argument for argument in action.arguments}
    for name, value in command.arguments.items():
        if name not in wanted:
            yield _unknown((), f"argument of {action.name!r}", name, wanted)[1]
        elif wanted[name].choices and value not in wanted[name].choices:
            yield _unknown((), f"choice of {name!r}", value, wanted[name].choices)[1]
    for name in wanted:
        if name not in command.arguments:
            yield f"{action.name!r} needs {name!r}; add {name}=…"
    key = command.arguments.get(action.key)
    table = pack.tables.get(action.table, {})
    if key is not None and key not in table:
        yield _unknown((), f"record in {action.table!r}", key, table)[1]


# --- shared -------------------------------------------------------------------------------------


def _twice(path: FieldPath, things: Sequence[Named]) -> Iterator[Finding]:
    counts = Counter(thing.id for thing in things)
    for i, thing in enumerate(things):
        if counts[thing.id] > 1:
            yield (*path, i, "id"), f"{thing.id!r} is there {counts[thing.id]} times; rename it"


def _unknown(
    path: FieldPath, kind: str, name: str, known: Mapping[str, object] | Sequence[str]
) -> Finding:
    return path, f"there is no {kind} {name!r}; {suggestion(name, known)}"
