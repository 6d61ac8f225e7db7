"""A manager's pages: the teams, a person, a session with its scorecard and another score."""

from typing import Any

import gradio as gr

from ui.services.views import ReviewedSession
from ui.web.parts import FROM_ADDRESS, QUICK, Changes, Page, notice, root_page, static, told
from ui.web.rendering import named, render
from ui.web.scoring import scorecard_html


class TeamsPage(Page):
    """All people of the manager's teams, in numbers."""

    def build(self) -> None:
        """Put the page's parts into the present Gradio page."""
        self.header("manage")
        self.body = static("", elem_id="teams")
        root_page().load(told(self.show, self._tell), None, [self.body], **QUICK)

    def show(self, request: gr.Request) -> Changes:
        """The page as it is now."""
        teams = self._site.managing.teams(self.actor(request))
        criteria = {c: None for t in teams for m in t.members for c in m.scores}
        return {self.body: render("teams.html", teams=teams, criteria=list(criteria))}

    def _tell(self, text: str) -> Changes:
        return {self.body: render("missing.html", title="Your teams cannot be shown", text=text)}


class MemberPage(Page):
    """One person's sessions."""

    def build(self) -> None:
        """Put the page's parts into the present Gradio page."""
        self.header("manage")
        self.asked = gr.Textbox(visible=False)
        self.body = static("", elem_id="member")
        root_page().load(
            told(self.show, self._tell),
            [self.asked],
            [self.body],
            js=FROM_ADDRESS.format("person"),
            **QUICK,
        )

    def show(self, person: str, request: gr.Request) -> Changes:
        """The page as it is now."""
        member = self._site.managing.member(self.actor(request), person)
        names = {s.persona: self._practice.persona_name(s.persona) for s in member.sessions}
        return {self.body: render("member.html", member=member, names=names)}

    def _tell(self, text: str) -> Changes:
        return {self.body: render("missing.html", title="This cannot be shown", text=text)}


class ReviewPage(Page):
    """A session of somebody in a team, and the manager's word on its scores."""

    def build(self) -> None:
        """Put the page's parts into the present Gradio page."""
        self.header("manage")
        self.session = gr.Textbox(visible=False)
        self.body = static("", elem_id="scorecard")
        with gr.Column(elem_id="review-form", visible=False) as self.form:
            static("<h2>Another score</h2>")
            self.criterion = gr.Dropdown(
                label="Criterion",
                choices=[],
                elem_id="criterion",
                allow_custom_value=True,  # the choices differ by session; the service checks
            )
            self.score = gr.Textbox(label="Your score, 0 to 100")
            self.reason = gr.Textbox(label="Why; the person will read it", lines=3)
            self.message = static("")
            self.save = gr.Button("Put it beside the machine's score", variant="primary")
        parts = [self.body, self.form, self.criterion, self.message, self.session]
        root_page().load(
            told(self.show, self._tell_missing),
            [self.session],
            parts,
            js=FROM_ADDRESS.format("session"),
            **QUICK,
        )
        self.save.click(
            told(self.override, self._tell),
            [self.session, self.criterion, self.score, self.reason],
            [*parts, self.score, self.reason],
            **QUICK,
        )

    def show(self, session_id: str, request: gr.Request) -> Changes:
        """The page as it is now."""
        return self._page(self._site.managing.session(self.actor(request), session_id))

    def override(
        self,
        session_id: str,
        criterion: str | None,
        score: str,
        reason: str,
        request: gr.Request,
    ) -> Changes:
        """Keep another score, and show it."""
        manager = self.actor(request)
        number = _number(score)
        if not criterion or number is None:
            return self._tell("Choose a criterion and give a score from 0 to 100.")
        self._site.managing.override(manager, session_id, criterion, number, reason)
        done = notice("Both scores are shown from now on.", "Kept.", "calm")
        page = self._page(self._site.managing.session(manager, session_id))
        return page | {self.message: done, self.score: "", self.reason: ""}

    def _page(self, found: ReviewedSession) -> Changes:
        choices = [
            (named("criteria", id_), id_) for id_ in (found.card.criteria if found.card else ())
        ]
        return {
            self.session: found.view.id,
            self.body: review_html(found),
            self.form: gr.update(visible=found.card is not None),
            self.criterion: gr.update(choices=choices),
            self.message: "",
        }

    def _tell(self, text: str) -> Changes:
        return {self.message: notice(text, "That was not kept.")}

    def _tell_missing(self, text: str) -> Changes:
        page = render("missing.html", title="This session cannot be shown", text=text)
        hidden: Any = gr.update(visible=False)
        return {self.body: page, self.form: hidden, self.session: ""}


def review_html(found: ReviewedSession) -> str:
    """A session of somebody else: whose it is, then the scorecard, or the conversation alone."""
    top = render("reviewed.html", found=found)
    if found.card is None:
        return top
    return top + scorecard_html(found.view, found.card, found.overrides, reader="manager")


def _number(text: str) -> float | None:
    """A number as people write it; `None` for what is none."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None
