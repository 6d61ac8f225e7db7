"""The page of a scorecard: how far the grading is, then what was found, with its evidence."""

import time
from collections.abc import Iterator
from urllib.parse import urlencode

import gradio as gr

from grading.types import CheckResult, CriterionScore, Scorecard
from records.reviewing import Override
from ui.services.managing import latest
from ui.services.views import SessionView
from ui.web.parts import (
    FROM_ADDRESS,
    MODEL_WORK,
    QUICK,
    WAITING,
    Changes,
    Page,
    notice,
    root_page,
    static,
    told,
    told_live,
)
from ui.web.rendering import render, script

POLL_S = 0.4


class ScorecardPage(Page):
    """A session's scorecard; begins the grading when there is none."""

    def build(self) -> None:
        """Put the page's parts into the present Gradio page."""
        self.header()
        self.session = gr.Textbox(visible=False)
        self.address = gr.Textbox(visible=False)
        self.message = static("")
        self.body = gr.HTML(
            "", elem_id="scorecard", apply_default_css=False, js_on_load=script("again.js")
        )
        self.again = gr.Button("Try again", visible=False, elem_id="again")
        page = root_page()
        parts = [self.session, self.body, self.again]
        shown = page.load(
            told_live(self.show, self._tell),
            [self.session],
            parts,
            js=FROM_ADDRESS.format("session"),
            **WAITING,
        )
        shown.then(None, None, None, js="() => window.spardesk.toTurn()", **QUICK)
        self.body.submit(
            told(self.go_back, self._tell_going_back),
            [self.session],
            [self.address, self.message],
            **MODEL_WORK,
        ).then(None, [self.address], None, js="(address) => window.spardesk.go(address)", **QUICK)
        self.again.click(told_live(self.try_again, self._tell), [self.session], parts, **WAITING)

    def show(self, session_id: str, request: gr.Request) -> Iterator[Changes]:
        """The scorecard, or how far it is until it is there."""
        yield from self._follow(session_id, self.person(request), again=False)

    def try_again(self, session_id: str, request: gr.Request) -> Iterator[Changes]:
        """Grade again after a failure."""
        yield from self._follow(session_id, self.person(request), again=True)

    def go_back(self, session_id: str, event: gr.EventData, request: gr.Request) -> Changes:
        """A new session from before one of the agent's messages, and where it is."""
        new = self._practice.replay(session_id, self.person(request), int(event.turn))
        return {self.address: f"/practise?{urlencode({'session': new})}", self.message: ""}

    def _follow(self, session_id: str, person: str, again: bool) -> Iterator[Changes]:
        view = self._practice.view(session_id, person)
        grading = self._practice.grading(session_id, person, again)
        while grading.status == "running":
            yield self._page(session_id, render("grading.html", grading=grading))
            time.sleep(POLL_S)
            grading = self._practice.grading(session_id, person)
        if grading.scorecard is None:
            yield self._page(session_id, render("grading.html", grading=grading), failed=True)
        else:
            overrides = self._practice.overrides(session_id, person)
            html = scorecard_html(view, grading.scorecard, overrides)
            yield self._page(session_id, html)

    def _page(self, session_id: str, html: str, failed: bool = False) -> Changes:
        return {
            self.session: session_id,
            self.body: html,
            self.again: gr.update(visible=failed),
        }

    def _tell_going_back(self, text: str) -> Changes:
        return {self.address: "", self.message: notice(text, "That did not work.")}

    def _tell(self, text: str) -> Changes:
        page = render("missing.html", title="There is no scorecard to show", text=text)
        return {self.body: page, self.again: gr.update(visible=False)}


def scorecard_html(
    view: SessionView, card: Scorecard, overrides: tuple[Override, ...] = (), reader: str = "agent"
) -> str:
    """A scorecard and the conversation it is about.

    `reader` is whose page it is: the `agent`'s own, with what they can do next, or a `manager`'s.
    """
    return render(
        "scorecard.html",
        view=view,
        card=card,
        marks=_marks(card),
        verdict=verdict,
        overrides=overrides,
        latest=latest(overrides),
        is_own=reader == "agent",
        voided=_voided(card),
        open_reasons={id_: _why_open(c) for id_, c in card.criteria.items()},
    )


def verdict(check: CheckResult) -> str:
    """How a check's answer is marked: `yes`, `no`, `either` (too close to say), `open` or `na`."""
    if check.status == "not_applicable":
        return "na"
    if check.status != "answered":
        return "open"
    if check.probability is not None and 0.4 <= check.probability < 0.6:
        return "either"
    return check.answer or "either"


def _marks(card: Scorecard) -> dict[int, list[CheckResult]]:
    """Turn → the answered checks it is evidence for."""
    marks: dict[int, list[CheckResult]] = {}
    for criterion in card.criteria.values():
        for check in criterion.checks:
            turns = {evidence.turn for evidence in check.evidence}
            if check.status == "answered":
                for turn in turns:
                    marks.setdefault(turn, []).append(check)
    return marks


def _why_open(criterion: CriterionScore) -> str:
    """Why a criterion has no score: the reasons of its checks, each once."""
    unanswered = [check for check in criterion.checks if check.status != "answered"]
    return " ".join(dict.fromkeys(check.reason for check in unanswered if check.reason))


def _voided(card: Scorecard) -> str:
    """Which messages were left out of the grade, in words."""
    numbers = [str(turn + 1) for turn in card.voided_turns]
    if not numbers:
        return ""
    if len(numbers) == 1:
        return (
            f"Message {numbers[0]} is left out of the grade: the customer fell out of role there, "
            "and that is not your doing."
        )
    listed = ", ".join(numbers[:-1]) + " and " + numbers[-1]
    return (
        f"Messages {listed} are left out of the grade: the customer fell out of role there, "
        "and that is not your doing."
    )
