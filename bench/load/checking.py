"""What of a run is in the records, and what the scripted model took of each turn."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from bench.load.model import delay
from bench.load.types import Pace, Turn
from records import Records, RecordsError
from simulator.types import AgentSaid, CustomerSaid


def model_seconds(records: Records, turns: Sequence[Turn], pace: Pace) -> list[float | None]:
    """For each turn what the model took of it; `None` where the turn is not in the records.

    The journal has every line that the model was made to say, shown or not.
    """
    kept = {id_: _exchanges(records, id_) for id_ in {turn.session for turn in turns}}
    place: Counter[str] = Counter()
    found: list[float | None] = []
    for turn in turns:
        number, exchanges = place[turn.session], kept[turn.session]
        place[turn.session] += 1
        if number < len(exchanges) and exchanges[number][0].text == turn.text:
            found.append(sum(delay(text, pace) for text in exchanges[number][1].candidates))
        else:
            found.append(None)
    return found


def _exchanges(records: Records, session_id: str) -> list[tuple[AgentSaid, CustomerSaid]]:
    """A session's messages with the answers to them; none when it cannot be read."""
    try:
        events = records.journal.read(session_id)
    except RecordsError:
        return []
    said = [event for event in events if isinstance(event, AgentSaid | CustomerSaid)]
    return [
        (one, other)
        for one, other in pairwise(said)
        if isinstance(one, AgentSaid) and isinstance(other, CustomerSaid)
    ]
