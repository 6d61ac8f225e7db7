"""The first page: choose a scenario and who writes, and start."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import gradio as gr

from ui.services.views import ScenarioChoice
from ui.web.parts import (
    MODEL_WORK,
    QUICK,
    Changes,
    Page,
    notice,
    root_page,
    static,
    told,
    told_live,
)
from ui.web.rendering import render, script

START_LABEL = "Start the conversation"


def _ready() -> Any:
    """The button that starts, ready (a new update each time: Gradio uses it up)."""
    return gr.update(value=START_LABEL, interactive=True)


class ChoosePage(Page):
    """Scenarios as cards, personas beside them, and the button that starts a session."""

    def build(self) -> None:
        """Put the page's parts into the present Gradio page."""
        self.header("choose")
        self.asked = [gr.Textbox(visible=False), gr.Textbox(visible=False)]
        self.level = gr.Textbox(visible=False)
        self.address = gr.Textbox(visible=False)
        with gr.Row(elem_id="choose"):
            with gr.Column(elem_id="choose-list"):
                self.cards = gr.HTML(apply_default_css=False, js_on_load=script("pick.js"))
            with gr.Column(elem_id="choose-side"):
                self.people = gr.HTML(apply_default_css=False, js_on_load=script("pick.js"))
                self.message = static("")
                self.start = gr.Button(
                    START_LABEL, variant="primary", elem_id="start", interactive=False
                )
                self.recorded = static(render("recorded.html", is_first=False))
        self._listen()

    def _listen(self) -> None:
        page = root_page()
        shown = [self.cards, self.people, self.message, self.start, self.address, self.recorded]
        page.load(
            told(self.show, self._tell),
            self.asked,
            shown,
            js="() => window.spardesk.asked()",
            **QUICK,
        )
        self.cards.select(told(self.choose_scenario, self._tell), None, shown, **QUICK)
        self.start.click(
            told_live(self.begin, self._tell),
            [*self.asked, self.level],
            shown,
            js="() => window.spardesk.chosen()",
            **MODEL_WORK,
        ).then(None, [self.address], None, js="(address) => window.spardesk.go(address)", **QUICK)

    def show(self, scenario_id: str, persona_id: str, request: gr.Request) -> Changes:
        """The page as the address, or else the last visit, has it."""
        person = self.person(request)
        scenarios = self._practice.scenarios()
        last = self._practice.last_choice(person)
        known = {s.id: s for s in scenarios}
        if not known:
            return {self.message: notice("There is no scenario to practise.", "Nothing here.")}
        chosen = known.get(scenario_id) or known.get(last.last_scenario or "") or _first(scenarios)
        persona_id = persona_id or (last.last_persona or "" if not scenario_id else "")
        cards = render("scenarios.html", scenarios=scenarios, chosen=chosen.id)
        return {
            self.cards: cards,
            self.people: self._people(chosen, persona_id),
            self.message: "",
            self.recorded: render("recorded.html", is_first=not self._practice.was_told(person)),
            self.start: _ready(),
        }

    def choose_scenario(self, event: gr.EventData, request: gr.Request) -> Changes:
        """Another scenario: its usual customer, and who else speaks its language."""
        self.person(request)
        chosen = next(s for s in self._practice.scenarios() if s.id == event.value)
        return {self.message: "", self.people: self._people(chosen, "")}

    def begin(
        self, scenario_id: str, persona_id: str, level: str, request: gr.Request
    ) -> Iterator[Changes]:
        """Start the session and say where it is; an empty level is the scenario's own."""
        person = self.person(request)
        yield {
            self.start: gr.update(value="Starting…", interactive=False),
            self.message: "",
            self.address: "",
        }
        session_id = self._practice.start(
            person, scenario_id, persona_id or None, level=int(level) if level else None
        )
        self._practice.note_told(person)
        yield {self.address: f"/practise?{urlencode({'session': session_id})}"}

    def _people(self, scenario: ScenarioChoice, persona_id: str) -> str:
        """Who speaks the scenario's language, its usual customer first."""
        found = self._practice.personas(scenario.language)
        found.sort(key=lambda persona: persona.id != scenario.persona)
        chosen = persona_id if persona_id in {p.id for p in found} else scenario.persona
        return render("personas.html", personas=found, chosen=chosen, usual=scenario.persona)

    def _tell(self, text: str) -> Changes:
        return {
            self.message: notice(text, "That did not work."),
            self.start: _ready(),
            self.address: "",
        }


def _first(scenarios: list[ScenarioChoice]) -> ScenarioChoice:
    """The one to begin with: the easiest of the business that stands first."""
    return min(scenarios, key=lambda each: (each.group, each.level))
