"""State checks: facts of a practice session, read from the agenda and the desk."""

from collections.abc import Callable

from dialogue.types import Act
from grading.case import Case, Deed
from grading.judging import shown
from grading.rubric import StateCheck
from grading.rules import Finding
from grading.types import Evidence
from scenarios.types import Pack, Success
from simulator.desk import Desk

CONFIRMED = 0.6
"""Probability from which the agent counts as having said that something is done."""

NO_SCENARIO = Finding(None, reason="This conversation has no scenario.")


def look_up(case: Case, check: StateCheck) -> Finding:
    """What the session's facts say to a check."""
    if case.scenario is None:
        return NO_SCENARIO
    return _STATES[check.state](case)


def goals_share(case: Case) -> float | None:
    """Share of the scenario's goals that were met, 0–1; `None` without a session."""
    if case.scenario is None or not case.states:
        return None
    goals = {goal.id for goal in case.scenario.brief.goals}
    met = set(case.end_state.get("goals_met", ())) & goals
    return len(met) / len(goals)


def desk_holds(case: Case) -> bool | None:
    """Whether every success condition holds at the desk; `None` when there is none."""
    if case.scenario is None or case.pack is None or not case.scenario.notes.success:
        return None
    return all(_holds(case, case.pack, wanted) for wanted in case.scenario.notes.success)


def changes(case: Case) -> list[Deed]:
    """Deeds that were done and changed something; looking something up is none."""
    return [deed for deed in case.deeds if deed.result.done and deed.result.after]


def _goals_met(case: Case) -> Finding:
    share = goals_share(case)
    if share is None:
        return Finding(None, reason="The session has no customer turn.")
    return Finding(share, _last(case))


def _desk_success(case: Case) -> Finding:
    holds = desk_holds(case)
    if holds is None:
        return Finding(None, reason="The scenario asks for nothing to be done at the desk.")
    return Finding(1.0 if holds else 0.0, _at(case, changes(case)[-1:]))


def _verified_first(case: Case) -> Finding:
    needed = set(case.scenario.notes.verify_before) if case.scenario else set()
    acted = changes(case)
    if not needed:
        return Finding(None, reason="The scenario asks for no verification.")
    if not acted:
        return Finding(None, reason="The agent changed nothing at the desk.")
    before = case.state_before(acted[0].turn)
    known = {*before.get("asked", ()), *before.get("told", ())}
    missing = sorted(needed - known)
    reason = f"Not asked for before acting: {', '.join(missing)}." if missing else ""
    return Finding(0.0 if missing else 1.0, _at(case, acted[:1]), reason)


def _nothing_forbidden(case: Case) -> Finding:
    forbidden = set(case.scenario.notes.forbidden_actions) if case.scenario else set()
    if not forbidden:
        return Finding(None, reason="The scenario forbids no action.")
    done = [deed for deed in case.deeds if deed.result.done and deed.result.name in forbidden]
    reason = f"Done although policy forbids it: {done[0].result.name}." if done else ""
    return Finding(0.0 if done else 1.0, _at(case, done), reason)


def _promises_kept(case: Case) -> Finding:
    """What the agent said was done has been done at the desk."""
    if case.pack is None or not any(action.sets for action in case.pack.actions):
        return Finding(None, reason="There is nothing to do at this desk.")
    claims = [
        turn
        for turn, seen in case.perceptions.items()
        if turn not in case.voided and seen.shows(Act.CONFIRMS_DONE, CONFIRMED)
    ]
    if not claims:
        return Finding(None, reason="The agent said of nothing that it was done.")
    kept = bool(desk_holds(case)) or any(deed.turn <= max(claims) for deed in changes(case))
    reason = "" if kept else "Said to be done, but nothing was done at the desk."
    return Finding(1.0 if kept else 0.0, (shown(case, max(claims)),), reason)


def _holds(case: Case, pack: Pack, wanted: Success) -> bool:
    """Whether a condition holds on the desk's data as the agent left it."""
    desk = Desk(pack, [deed.result for deed in case.deeds])
    record = desk.tables.get(wanted.table, {}).get(wanted.key, {})
    return wanted.field in record and record[wanted.field] == wanted.equals


def _last(case: Case) -> tuple[Evidence, ...]:
    spoken = case.spoken("customer")
    return (shown(case, spoken[-1]),) if spoken else ()


def _at(case: Case, deeds: list[Deed]) -> tuple[Evidence, ...]:
    return tuple(shown(case, deed.turn) for deed in deeds if deed.turn < len(case.turns))


_STATES: dict[str, Callable[[Case], Finding]] = {
    "goals_met": _goals_met,
    "desk_success": _desk_success,
    "verified_first": _verified_first,
    "nothing_forbidden": _nothing_forbidden,
    "promises_kept": _promises_kept,
}
