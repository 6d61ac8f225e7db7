"""What a task's customer knows, does not know, and says when asked."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scenarios.importing.canonical import NONE
from scenarios.importing.cutting import split
from scenarios.importing.person import first_person, sentence
from scenarios.importing.sorting import Answer, Told, topics
from scenarios.importing.tau2_desk import Expected
from scenarios.importing.tau2_shop import Shop, User
from scenarios.importing.tau2_tasks import Task
from scenarios.importing.tau2_words import words
from scenarios.types import Fact

_USER_ID = re.compile(r"\b[a-z]+_[a-z]+_\d{3,5}\b")
_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+\.[a-z]{2,}\b")
_ZIP = re.compile(r"(?<![\w@.])\d{5}(?!\d)")
_NAME = re.compile(
    r"(?:\b[Nn]ame is|\b[Yy]ou are|\b[Yy]ou're|\bcalled)\s+((?:[A-Z][\w'-]+)(?:\s+[A-Z][\w'-]+)*)"
)
_ORDER = re.compile(r"#?\bW\d{7}\b|\b\d{7}\b")
_RESERVATION = re.compile(r"\b(?![A-Z]{3}\d{3}\b)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{6}\b")
MOST_DETAILS = 6
"""Sentences of a task that the customer tells besides the opening."""


@dataclass(frozen=True)
class Identity:
    """How a customer is found: what of it the task gives them to know."""

    name: str
    zip: str = ""
    email: str = ""
    user_id: str = ""
    user: User | None = None

    @property
    def first_name(self) -> str:
        """As an agent addresses them."""
        return self.name.split()[0] if self.name else "you"

    def asked_by(self) -> str:
        """What a good agent asks for, a key of the words' `ask`."""
        if self.zip and self.name and not self.user_id:
            return "name_zip"
        if self.email:
            return "email"
        if self.zip and self.name:
            return "name_zip"
        return "user_id" if self.user_id else "name"


def identity(task: Task, expected: Sequence[Expected], shop: Shop | None) -> Identity:
    """Who the customer is, from what they know and whom the expected actions are about."""
    known = task.told.known_info or ""
    arguments: dict[str, str] = {}
    for each in reversed(expected):
        arguments |= each.command.arguments
    id_ = next(iter(_USER_ID.findall(known)), "")
    emails = " or ".join(dict.fromkeys(_EMAIL.findall(known)))
    found = _NAME.search(_EMAIL.sub("", known))
    zip_ = next(iter(_ZIP.findall(known)), "")
    user = _user(shop, arguments, id_, found[1] if found else "", zip_)
    name = f"{user.name.first_name} {user.name.last_name}" if user else found[1] if found else ""
    if not name and id_:
        name = " ".join(part.capitalize() for part in id_.split("_")[:2])
    return Identity(name, zip_, emails, id_, user)


def _user(
    shop: Shop | None, arguments: dict[str, str], id_: str, name: str, zip_: str
) -> User | None:
    """The customer in the shop: whom the actions are about, else who has this name and zip."""
    if shop is None:
        return None
    found = shop.customer({**arguments, **({"user_id": id_} if id_ else {})})
    first, _, last = name.partition(" ")
    if found is None and last and zip_:
        found = shop.customer({"first_name": first, "last_name": last, "zip": zip_})
    return found


def facts(task: Task, who: Identity, told: Told, expected: Sequence[Expected]) -> tuple[Fact, ...]:
    """Everything the customer can be asked for or tells unasked, opening left out."""
    found: dict[str, Fact] = {}
    values = {"name": who.name, "zip": who.zip, "email": who.email, "user_id": who.user_id}
    for id_, value in {**values, **_numbers(task, expected)}.items():
        if value:
            found[id_] = _fact(id_, value)
    for fact in (*_unknown(task), *_means(task, told, expected), *_answers(told.answers)):
        found.setdefault(fact.id, fact)
    for id_, kind in (("order", "order_id"), ("reservation", "reservation_id")):
        if any(kind in each.command.arguments for each in expected) and id_ not in found:
            says = words().order_unknown if id_ == "order" else words().reservation_unknown
            found[id_] = _fact(id_, "").model_copy(update={"says": says, "when": "unknown"})
    return tuple(found.values())


def known_besides(task: Task) -> list[str]:
    """What the customer knows besides who they are and the numbers of their records."""
    parts = split(task.told.known_info or "")
    rest = (part for part in parts if not re.search(words().identifying, part, re.I))
    return [sentence(first_person(part)) for part in rest]


def details(lines: Iterable[str], taken: Iterable[str]) -> tuple[Fact, ...]:
    """What the customer tells unasked. `taken`: phrases that ask for something else."""
    used = set(taken)
    found = []
    for i, line in enumerate(list(lines)[:MOST_DETAILS], start=1):
        own = tuple(word for word in topics(line) if not any(word in each for each in used))
        used |= set(own)
        fact = Fact(
            id=f"detail_{i}", about=words().detail, says=line, when="volunteered", phrases=own
        )
        found.append(fact)
    return tuple(found)


def _fact(id_: str, value: str) -> Fact:
    row = words().facts[id_]
    says = row.says.replace("{value}", value)
    return Fact(id=id_, about=row.about, says=says, when="asked", phrases=row.phrases)


def _numbers(task: Task, expected: Sequence[Expected]) -> dict[str, str]:
    """Order numbers and reservation ids that the instructions name."""
    told = task.told
    text = " ".join(filter(None, (told.reason_for_call, told.known_info, told.task_instructions)))
    arguments = [each.command.arguments for each in expected]
    found = {}
    if any("order_id" in each for each in arguments):
        found["order"] = " and ".join(dict.fromkeys(_ORDER.findall(text)))
    if any("reservation_id" in each for each in arguments) or "reservation" in text.lower():
        ids = _RESERVATION.findall(_EMAIL.sub("", text))
        found["reservation"] = " and ".join(dict.fromkeys(ids))
    return found


def _unknown(task: Task) -> Iterable[Fact]:
    """What the customer does not know: said so when asked."""
    for i, part in enumerate(split(task.told.unknown_info or ""), start=1):
        row = words().unknown
        id_ = next((row[word] for word in row if word in part.lower()), None)
        says = sentence(first_person(part))
        if id_:
            yield _fact(id_, "").model_copy(update={"says": says, "when": "unknown"})
        else:
            yield Fact(
                id=f"unknown_{i}", about=words().detail, says=says, when="unknown",
                phrases=topics(part),
            )  # fmt: skip


def _means(task: Task, told: Told, expected: Sequence[Expected]) -> Iterable[Fact]:
    """Why and how to pay, from the instructions, else as the expected actions have it."""
    arguments: dict[str, str] = {}
    for each in expected:
        arguments |= each.command.arguments
    reason = words().reasons.get(arguments.get("reason", ""))
    if reason:
        yield _fact("reason", reason)
    method = arguments.get("payment_method_id") or arguments.get("payment_id") or NONE
    said = [
        line
        for line in told.said
        if re.search(r"paypal|gift ?card|\bcard\b|certificate", line, re.I)
    ]
    kind = next((each for each in words().payments if method.startswith(each)), None)
    if said:
        yield _fact("payment", said[-1])
    elif kind:
        yield _fact("payment", words().payments[kind])
    if "address1" in arguments:
        yield _fact("address", _address(task, told, arguments))


def _address(task: Task, told: Told, arguments: Mapping[str, str]) -> str:
    """The address as the task gives it; where it does not, the customer does not either."""
    text = f"{task.told.reason_for_call} {task.told.known_info or ''}".lower()
    kept = any(re.search(words().keeping_address, each, re.I) for each in told.directions)
    if kept or arguments["address1"].lower() not in text:
        return words().address_kept
    parts = ("address1", "address2", "city", "state", "zip")
    given = [arguments.get(part, NONE) for part in parts]
    return words().address_given.format(value=", ".join(each for each in given if each != NONE))


def _answers(answers: Sequence[Answer]) -> Iterable[Fact]:
    """What the task has said to certain questions."""
    for i, each in enumerate(answers, start=1):
        known = words().facts
        id_ = next((key for key in known if key.replace("_", " ") in each.question.lower()), None)
        if id_:
            yield _fact(id_, "").model_copy(update={"says": each.says})
        else:
            yield Fact(
                id=f"answer_{i}",
                about=words().detail,
                says=each.says,
                phrases=topics(each.question),
            )
