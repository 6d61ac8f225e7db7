"""The customer of a task: what they say, want, take and turn down."""

from collections.abc import Sequence
from dataclasses import dataclass

from scenarios.importing.sorting import Told, Turning, hangs, sort
from scenarios.importing.tau2_deeds import Doing
from scenarios.importing.tau2_desk import Expected
from scenarios.importing.tau2_known import Identity, details, facts, known_besides
from scenarios.importing.tau2_tasks import Task
from scenarios.importing.tau2_words import words
from scenarios.types import Brief, GivesWay, Goal, Limits, Offer

MOST_OPENING = 25
"""Words of the opening, in one or two sentences."""
MOST_TURNINGS = 3
"""Times that one wish gives way."""


@dataclass(frozen=True)
class Customer:
    """A customer's brief, and the instructions that the brief does not speak."""

    brief: Brief
    directions: tuple[str, ...]


def customer(
    task: Task, who: Identity, deeds: Sequence[Doing], expected: Sequence[Expected]
) -> Customer:
    """The customer of a task. `deeds`: the changes that it expects."""
    told = sort((task.told.reason_for_call, task.told.task_instructions or ""))
    opening, rest = _opening(told)
    known = facts(task, who, told, expected)
    spoken = {fact.says for fact in known}
    phrases = [phrase for fact in known for phrase in fact.phrases]
    phrases += [phrase for deed in deeds for phrase in deed.phrases]
    untold = [line for line in (*known_besides(task), *rest) if line not in spoken]
    more = details(untold, phrases)
    handed_over = any(each.kind == "transfer" for each in expected)
    goals = _goals(deeds, opening, told) if deeds else _without_change(opening, told, handed_over)
    brief = Brief(
        called=who.name,
        opening=opening,
        facts=(*known, *more),
        offers=_offers(deeds, handed_over),
        goals=goals,
        puzzled=words().puzzled,
        insists=words().insists,
        satisfied=words().satisfied,
        gives_up=words().gives_up,
        limits=Limits(max_turns=words().max_turns),
    )
    return Customer(brief, tuple(told.directions))


def _opening(told: Told) -> tuple[str, list[str]]:
    """The first sentence or two, and what is left to tell."""
    if not told.said:
        return words().opening, []
    first, *rest = told.said
    if rest and len(f"{first} {rest[0]}".split()) <= MOST_OPENING:
        return f"{first} {rest[0]}", rest[1:]
    return first, rest


# --- offers -------------------------------------------------------------------------------------


def _offers(deeds: Sequence[Doing], handed_over: bool) -> tuple[Offer, ...]:
    wanted = tuple(
        Offer(
            id=each.id,
            about=each.words.about,
            phrases=each.phrases,
            unless=each.unless,
            response="accept",
            says=each.words.accepts,
        )
        for each in deeds
    )
    instead = () if deeds else _answers()
    unwanted = tuple(
        Offer(id=each.id, about=each.about, phrases=each.phrases, response="refuse", says=each.says)
        for each in words().unwanted
    )
    return (*wanted, *instead, _transfer(handed_over), *unwanted)


def _answers() -> tuple[Offer, ...]:
    rows = {"answered": words().answered, "explained": words().explained}
    return tuple(
        Offer(
            id=id_, about=row.about, phrases=row.phrases, response="accept", says=row.accepts
        )
        for id_, row in rows.items()
    )  # fmt: skip


def _transfer(wanted: bool) -> Offer:
    row = words().transfer
    if wanted:
        return Offer(
            id="transfer", about=row.about, phrases=row.phrases, response="accept", says=row.accepts
        )
    return Offer(
        id="transfer", about=row.about, phrases=row.phrases, response="accept_later",
        says=row.refuses, says_later=row.later,
    )  # fmt: skip


# --- goals --------------------------------------------------------------------------------------


def _goals(deeds: Sequence[Doing], opening: str, told: Told) -> tuple[Goal, ...]:
    """A goal for each change. What it may give way to is met by the same change."""
    owners = [(_owner(turning, deeds), turning) for turning in told.turnings]
    found: list[Goal] = []
    for i, each in enumerate(deeds):
        own = [turning for owner, turning in owners if owner == i][:MOST_TURNINGS]
        # A wish that turns is put as the task puts it: the change itself is what it ends in.
        wants = _spoken(each, opening, told) if own else each.wants
        if not own and any(before.alike(each) for before in deeds[:i]):
            wants = words().another
        found += _chain(f"goal_{i + 1}", wants, (each.id,), own)
    return tuple(found)


def _spoken(deed: Doing, opening: str, told: Told) -> str:
    """The task's own sentence for a change: the one that has most of its words."""
    whole = [line for line in told.said if not hangs(line)]
    best = max(whole, key=deed.named_in, default="")
    if not best or not deed.named_in(best):
        return deed.wants
    # What is said twice word for word would be taken for a loop.
    return words().as_said if best in opening else best


def _wish(opening: str, told: Told) -> str:
    """What is wanted where nothing is to be changed: the first sentence behind the opening."""
    whole = (line for line in told.said if not hangs(line) and line not in opening)
    return next(whole, words().as_said)


def _owner(turning: Turning, deeds: Sequence[Doing]) -> int:
    """The change that a turning is about: the one whose words stand in it, else the first."""
    text = f"{turning.says} {turning.of}"
    scores = [each.named_in(text) for each in deeds]
    return scores.index(max(scores))


def _chain(
    id_: str, wants: str, met_by: tuple[str, ...], turnings: Sequence[Turning]
) -> list[Goal]:
    """A goal and what it gives way to, each met by the same offers."""
    if not turnings:
        return [Goal(id=id_, wants=wants, met_by=met_by)]
    first, *rest = turnings
    next_id = f"{id_}_then"
    way = GivesWay(
        when="second_thought" if first.second_thought else "refused", to=next_id, says=first.says
    )
    goal = Goal(id=id_, wants=wants, met_by=met_by, gives_way=way)
    return [goal, *_chain(next_id, first.says, met_by, rest)]


def _without_change(opening: str, told: Told, handed_over: bool) -> tuple[Goal, ...]:
    """Where nothing is to be changed: an answer, a person, or at least the reason why not."""
    met_by = ("answered", "transfer") if handed_over else ("answered",)
    row = words().transfer if handed_over else words().explained
    last = Goal(
        id="goal_last",
        wants=row.wants,
        met_by=("transfer",) if handed_over else ("explained", "answered"),
        gives_way=None
        if handed_over
        else GivesWay(when="second_thought", says=words().explained.lets_go),
    )
    turnings = [each for each in told.turnings if not each.second_thought][:MOST_TURNINGS]
    chain = _chain("goal_1", _wish(opening, told), met_by, turnings)
    end = chain[-1]
    way = GivesWay(when="refused", to=last.id, says=row.gives_way)
    return (*chain[:-1], end.model_copy(update={"gives_way": way}), last)
