"""A pack made of τ²-bench's tasks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from personas.errors import ContentError, Problem
from personas.files import dotted
from personas.types import Persona
from scenarios.importing.person import rules
from scenarios.importing.sorting import sorting
from scenarios.importing.tau2_customer import customer
from scenarios.importing.tau2_deeds import doings
from scenarios.importing.tau2_desk import DeskPlan, Expected, plan, retail, template
from scenarios.importing.tau2_ideal import ideal
from scenarios.importing.tau2_known import Identity, identity
from scenarios.importing.tau2_shop import Shop, read_shop
from scenarios.importing.tau2_success import Desk, Outcome, success
from scenarios.importing.tau2_tasks import Task, read_json, read_tasks
from scenarios.importing.tau2_words import persona_for, words
from scenarios.scenario_checks import scenario_findings
from scenarios.types import Brief, Card, Notes, Pack, Scenario


@dataclass
class Imported:
    """The pack, what no pack has a field for, and what did not come along."""

    pack: Pack
    origin: dict[str, Any]
    """What becomes `origin.json`."""
    skipped: list[str] = field(default_factory=list)
    """A sentence for each task that is not in the pack."""
    not_carried_out: list[str] = field(default_factory=list)
    """A sentence for each expected action that the desk refuses."""


def import_tau2(
    folder: Path, pack_id: str, personas: Mapping[str, Persona], desk: Desk
) -> Imported:
    """The pack of a folder of τ²-bench's form.

    Raises `ContentError` when the folder's files cannot be used at all; a task that cannot is
    skipped with a sentence.
    """
    # Read ahead: a slip in the shipped words must not be blamed on a task.
    for shipped in (template, retail, words, sorting, rules):
        shipped()
    file = folder / "tasks.json"
    skipped: list[str] = []
    tasks = read_tasks(file, skipped)
    shop = _shop(folder / "db.json", tasks)
    pack, desk_plan = _pack(folder, pack_id, tasks, shop)
    made = Imported(pack, _origin(folder), skipped)
    scenarios = []
    for task in tasks:
        scenario, wrong = _tried(task, desk_plan, shop, made, desk, personas)
        if wrong:
            skipped.append(f"{file}: task {task.id!r}: {wrong}")
        elif scenario:
            scenarios.append(scenario)
    made.pack = pack.model_copy(update={"scenarios": tuple(scenarios)})
    kept = {scenario.id for scenario in scenarios}
    made.origin["tasks"] = {k: v for k, v in made.origin["tasks"].items() if k in kept}
    return made


def _tried(
    task: Task,
    desk_plan: DeskPlan,
    shop: Shop | None,
    made: Imported,
    desk: Desk,
    personas: Mapping[str, Persona],
) -> tuple[Scenario | None, str]:
    """A task's scenario, or the field that is wrong with it and what to do."""
    try:
        scenario = _scenario(task, desk_plan, shop, made, desk)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return None, f"{dotted(first['loc'])}: {first['msg'].lower()}; correct the task"
    found = next(iter(scenario_findings(scenario, made.pack, personas)), None)
    return scenario, f"{dotted(found[0])}: {found[1]}" if found else ""


def _shop(path: Path, tasks: Sequence[Task]) -> Shop | None:
    """The database, cut down to the tasks' customers; `None` when there is none of that form."""
    if not path.exists():
        return None
    shop = read_shop(read_json(path), str(path))
    if shop is None:
        return None
    bare = plan(tasks, shop)
    who = [identity(task, bare.expected(task), shop).user for task in tasks]
    named = {
        str(value)
        for task in tasks
        for each in task.actions
        for key, value in each.arguments.items()
        if key in ("item_id", "product_id")
    }
    return shop.cut_to({user.user_id for user in who if user}, named)


def _pack(
    folder: Path, pack_id: str, tasks: Sequence[Task], shop: Shop | None
) -> tuple[Pack, DeskPlan]:
    desk_plan = plan(tasks, shop)
    domains = sorted({task.told.domain.replace("_", "-") for task in tasks})
    policy = folder / "policy.md"
    try:
        text = policy.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = "cannot be read; put the policy that the tasks belong to beside tasks.json"
        raise ContentError.of([Problem(str(policy), 1, "", message)]) from error
    try:
        pack = Pack(
            id=pack_id,
            name={"en": f"τ²-bench {', '.join(domains)}"},
            policy={"en": text},
            topics=tuple(domains) or retail().topics,
            tables=desk_plan.tables,
            actions=desk_plan.actions,
        )
    except ValidationError as error:
        message = f"{pack_id!r} is no pack's name; name the folder in small letters, digits and '-'"
        raise ContentError(f"{message}.") from error
    return pack, desk_plan


def _scenario(
    task: Task, desk_plan: DeskPlan, shop: Shop | None, made: Imported, desk: Desk
) -> Scenario:
    expected = desk_plan.expected(task)
    outcome = success(made.pack, expected, desk_plan, identity(task, expected, shop), desk)
    done = [each for each, refusal in zip(expected, outcome.refusals, strict=True) if not refusal]
    who = identity(task, expected, shop)
    deeds = doings(_only(task, outcome), done, shop)
    person = customer(task, who, deeds, done)
    scenario = Scenario(
        id=task.slug,
        title=_title(person.brief),
        language="en",
        level=_level(person.brief),
        topic=task.told.domain.replace("_", "-"),
        persona=persona_for(f"{task.told.task_instructions or ''} {task.told.reason_for_call}"),
        card=_card(task),
        brief=person.brief,
        notes=_notes(desk_plan, outcome, who, bool(deeds)),
        ideal=ideal(who, deeds, done, person.brief),
    )
    made.not_carried_out += [f"Task {task.id!r}: {each}" for each in outcome.said]
    made.origin["tasks"][task.slug] = _kept(task, expected, outcome, person.directions)
    return scenario


def _only(task: Task, outcome: Outcome) -> Task:
    """The task without the actions that the desk refuses."""
    kept = [a for a, no in zip(task.actions, outcome.refusals, strict=True) if not no]
    criteria = task.evaluation_criteria.model_copy(update={"actions": tuple(kept)})
    return task.model_copy(update={"evaluation_criteria": criteria})


def _title(brief: Brief) -> str:
    spoken = brief.opening.split()
    most = words().title_words
    return " ".join(spoken[:most]) + ("…" if len(spoken) > most else "")


def _level(brief: Brief) -> int:
    """One wish is easy; several, or one that turns, is harder."""
    turning = any(goal.gives_way for goal in brief.goals)
    several = sum(1 for offer in brief.offers if offer.id.startswith("deed_")) > 1
    return 1 + turning + several


def _card(task: Task) -> Card:
    card = words().card
    domain = task.told.domain.replace("_", " ").capitalize()
    return card.model_copy(update={"reason": card.reason.format(domain=domain)})


def _notes(desk_plan: DeskPlan, outcome: Outcome, who: Identity, changes: bool) -> Notes:
    asked = {"name_zip": ("name", "zip"), "email": ("email",), "user_id": ("user_id",)}
    return Notes(
        success=outcome.conditions,
        forbidden_actions=() if changes else desk_plan.writes(),
        verify_before=asked.get(who.asked_by(), ("name",)) if who.name else (),
        traps=() if outcome.checked else (template().not_checked,),
    )


def _origin(folder: Path) -> dict[str, Any]:
    own = folder / "LICENSE"
    licence = own.read_text("utf-8", errors="replace") if own.is_file() else words().notice
    return {
        "source": "τ²-bench, github.com/sierra-research/tau2-bench",
        "licence": licence,
        "tasks": {},
    }


def _kept(
    task: Task, expected: Sequence[Expected], outcome: Outcome, directions: Sequence[str]
) -> dict[str, Any]:
    criteria = task.evaluation_criteria
    return {
        "task": task.id,
        "domain": task.told.domain,
        "state_checked": outcome.checked,
        "expected_actions": [
            {
                "name": each.command.name,
                "arguments": each.command.arguments,
                "kind": each.kind,
                **({"refused": refusal} if refusal else {}),
            }
            for each, refusal in zip(expected, outcome.refusals, strict=True)
        ],
        "nl_assertions": list(criteria.nl_assertions or ()),
        "communicate_info": list(criteria.communicate_info or ()),
        "reward_basis": list(criteria.reward_basis or ()),
        "not_spoken": list(directions),
    }
