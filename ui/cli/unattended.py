"""An unattended session: the agent's lines come from a file, the result is one JSON object."""

from collections.abc import Sequence

from grading.types import Scorecard
from ui.cli.agent_lines import AgentLine, read_agent_lines
from ui.cli.consoles import print_json, say
from ui.cli.errors import FAILED, UsageError, explain
from ui.cli.opening import opened_practice
from ui.cli.report import session_report
from ui.cli.start import PERSON, Start
from ui.services.practice import MAX_MESSAGE, Practice
from ui.settings import Settings


def run_unattended(
    settings: Settings,
    start: Start,
    *,
    agent_lines: str,
    graded: bool,
) -> int:
    """Hold the session, print it, and return the exit code: 1 when the model failed on the way."""
    lines = read_agent_lines(agent_lines)
    _require_sendable(lines, agent_lines)
    with opened_practice(settings) as practice:
        session_id = start.begin(practice)
        unused, failure = _hold(practice, session_id, lines)
        scorecard = None
        if failure is None and graded:
            scorecard, failure = _grade(practice, session_id)
        events = practice.events(session_id, PERSON)
    report = session_report(events, unused_lines=unused, scorecard=scorecard, failure=failure)
    print_json(report)
    return FAILED if failure else 0


def _require_sendable(lines: Sequence[AgentLine], name: str) -> None:
    for number, line in enumerate(lines, 1):
        if len(line.text) > MAX_MESSAGE:
            raise UsageError(
                f"{name!r}, line {number}: the message has {len(line.text):,} characters; "
                f"the longest one can have {MAX_MESSAGE:,}."
            )


def _hold(
    practice: Practice, session_id: str, lines: Sequence[AgentLine]
) -> tuple[int, str | None]:
    """Say the lines until the customer ends it: how many were left over, and what went wrong."""
    said = 0
    try:
        for line in lines:
            said += 1
            for call in line.actions:
                practice.act(session_id, PERSON, call)
            for _ in practice.reply(session_id, PERSON, line.text):
                pass
            if practice.view(session_id, PERSON).ended is not None:
                break
        practice.end(session_id, PERSON)
    except Exception as error:
        return len(lines) - said, _told(error)
    return len(lines) - said, None


def _grade(practice: Practice, session_id: str) -> tuple[Scorecard | None, str | None]:
    try:
        return practice.grade(session_id, PERSON), None
    except Exception as error:
        return None, _told(error)


def _told(error: Exception) -> str:
    """What went wrong, said once; the session up to here is printed all the same."""
    sentence = explain(error).sentence
    say(sentence)
    return sentence
