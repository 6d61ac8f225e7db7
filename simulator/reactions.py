"""Which mood events an agent's message sets off, given what came before."""

from dialogue.types import Act, Perception
from scenarios.types import Brief
from simulator.agenda import LIKELY, Agenda, asked_facts, proposed, welcome, would_accept

PLAIN = {
    Act.RUDE: "rude",
    Act.DISMISSES: "brushed_off",
    Act.EMPTY: "empty",
    Act.ATTACKS_MODEL: "nonsense",
    Act.OFF_TOPIC: "nonsense",
}
"""Acts that always set off the same event."""


PROGRESS = {"accepted", "progress", "date_given", "hold"}
"""Events that bring the matter further."""
STALLED_AFTER = 2
"""Messages without progress that a customer bears before it costs extra patience."""


def events(perception: Perception, agenda: Agenda, brief: Brief) -> list[str]:
    """Names of the mood events, keys of `simulator/mood.yaml`, in a fixed order."""
    found = [event for act, event in PLAIN.items() if perception.shows(act)]
    found += _care(perception, agenda)
    found += _offers(perception, agenda, brief)
    found += _questions(perception, agenda, brief)
    found += _handling(perception, agenda)
    found += _promises(perception, agenda)
    if not found and agenda.stated and not _constructive(perception):
        found.append("nothing")
    if agenda.stalls >= STALLED_AFTER and not PROGRESS & set(found):
        found.append("stalled")
    return found


def _care(perception: Perception, agenda: Agenda) -> list[str]:
    found = []
    if perception.shows(Act.APOLOGISES):
        found.append("apology" if agenda.apologies < 2 else "apology_again")
    if perception.shows(Act.EMPATHISES) and agenda.apologies < 2:
        found.append("empathy")
    return found


def _offers(perception: Perception, agenda: Agenda, brief: Brief) -> list[str]:
    offers = proposed(perception, brief)
    if any(o.id not in agenda.accepted for o in welcome(offers, agenda, brief)):
        return ["accepted"]
    if any(o.id in agenda.accepted for o in offers):
        return []
    unwanted = [o for o in offers if not would_accept(o, agenda)]
    if not unwanted:
        return []
    again = any(o.id in agenda.refused for o in unwanted)
    return ["refused_offer_again" if again else "bad_offer"]


def _questions(perception: Perception, agenda: Agenda, brief: Brief) -> list[str]:
    asked = asked_facts(perception, brief)
    if any(fact.id in agenda.asked and fact.id in agenda.told for fact in asked):
        return ["asked_again"]
    return ["progress"] if asked else []


def _handling(perception: Perception, agenda: Agenda) -> list[str]:
    found = []
    if perception.shows(Act.REFUSES) and not perception.shows(Act.DISMISSES):
        # "That is not possible; what I can do is …" is another thing than a bare no.
        found.append("goal_refused" if perception.offers else "refusal")
    if perception.shows(Act.TRANSFERS) and not perception.offers:
        found.append("transfer")
    if perception.shows(Act.HOLDS):
        found.append("hold" if agenda.holds < 1 else "hold_again")
    if perception.shows(Act.GIVES_DATE):
        found.append("date_given")
    if perception.shows(Act.CLOSES) and agenda.stated and not agenda.settled:
        found.append("closing_early")
    return found


def _promises(perception: Perception, agenda: Agenda) -> list[str]:
    taken_back = [id_ for id_ in agenda.accepted if perception.denies.get(id_, 0.0) >= LIKELY]
    broken = any(perception.offers.get(id_, 0.0) < LIKELY for id_ in taken_back)
    found = ["broken_promise"] if broken else []
    put_right = [id_ for id_, p in perception.corrects.items() if p >= LIKELY]
    if any(id_ in agenda.believed and id_ not in agenda.corrected for id_ in put_right):
        found.append("corrected")
    return found


def _constructive(perception: Perception) -> bool:
    """Messages that move nothing but are part of any good call."""
    return bool(perception.asks or perception.offers) or any(
        perception.shows(act)
        for act in (Act.GREETS, Act.THANKS, Act.EXPLAINS, Act.CONFIRMS_DONE, Act.ASKS_MORE)
    )
