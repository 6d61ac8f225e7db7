"""The customer with the real embedded model: in role, to the point, to the end."""

import pytest

from dialogue.language import detect, numbers
from llm.types import ChatModel
from scenarios.commands import is_command, parse_command
from scenarios.library import Library
from simulator.session import Session
from simulator.types import ActionCall, CustomerSaid, EndReason
from simulator.world import World
from tests.simulator.making import MemoryJournal

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]


@pytest.mark.parametrize("scenario_id", ["late-parcel", "rice-cooker-not-shipped"])
def test_the_ideal_agent_solves_it(scenario_id: str, embedded_model: ChatModel) -> None:
    library = Library.load()
    scenario = library.scenario(scenario_id)
    world = World(library.pack_of(scenario_id), scenario, library.persona(scenario.persona))
    session = Session.start(world, model=embedded_model, journal=MemoryJournal(), seed=11)
    for line in scenario.ideal:
        if session.ended is not None:
            break
        if is_command(line):
            command = parse_command(line)
            session.act(ActionCall(name=command.name, arguments=command.arguments))
        else:
            list(session.reply(line))
    assert session.ended is EndReason.SOLVED
    turns = [turn for turn in session.turns if isinstance(turn, CustomerSaid)]
    for turn in turns:
        # Every figure of the cue is said, none is made up, and the language is the customer's.
        assert numbers(turn.cue.means) <= numbers(turn.text)
        assert detect(turn.text) in (scenario.language, None)
    assert max(turn.evaluated_tokens or 0 for turn in turns) < 400
    assert any(turn.text != turn.cue.means for turn in turns), "the model spoke nowhere"
