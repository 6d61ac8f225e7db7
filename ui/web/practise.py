"""The page of a conversation: the trainee's card, the chat, the desk."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import gradio as gr

from simulator.session import Piece
from simulator.types import ActionCall
from ui.services.access import LOCAL
from ui.services.line import InLine
from ui.services.views import LineView, SessionView
from ui.web.parts import (
    FROM_ADDRESS,
    MODEL_WORK,
    QUICK,
    Changes,
    Page,
    explain,
    notice,
    root_page,
    static,
    told,
    told_live,
)
from ui.web.rendering import render, script

POLL_S = 0.4
"""How often a page looks whether an answer that another page asked for has come."""

REFRESH_S = 0.1
"""Least time between two states of an answer that is being written."""

REFRESH_PER_TALK_S = 0.05
"""The same for each customer who answers: a state costs Gradio some milliseconds, and with many
trainees that would hold up everybody's turn. Words come smoothly to few and in chunks to many."""

MOST_REFRESH_S = 1.0

AS_BUILT = (False, True)
"""What can be pressed on a page that was just opened; see `_pressable`."""

GO_ON_IF_IT_WAITS = "(waits) => { if (waits) document.querySelector('#resume').click(); }"

TO_MESSAGE_BOX = "() => window.spardesk.write()"


class PractisePage(Page):
    """A conversation. The browser holds the session's id; what is shown comes from the journal."""

    # --- parts ----------------------------------------------------------------------------------

    def build(self) -> None:
        """Put the page's parts into the present Gradio page."""
        self.header()
        self.session = gr.Textbox(visible=False)
        self.waits = gr.Checkbox(visible=False)
        self.resume = gr.Button(visible="hidden", elem_id="resume")
        self.missing = static("")
        with gr.Row(elem_id="practise", visible=False) as self.room:
            with gr.Column(elem_id="side-card"):
                self.card = static("")
            with gr.Column(elem_id="talk"):
                self.state = static("", elem_id="state")
                self.chat = static("", elem_id="chat")
                self.message = static("")
                self.again = gr.Button("Try again", visible=False, elem_id="again")
                self._build_composer()
            with gr.Column(elem_id="side-desk"):
                self.desk = gr.HTML(apply_default_css=False, js_on_load=script("desk.js"))
                self.desk_log = static("")
        self._listen()

    def _build_composer(self) -> None:
        with gr.Row(elem_id="composer") as self.composer:
            self.text = gr.Textbox(
                label="Your message",
                placeholder="Write to the customer…",
                lines=1,
                max_lines=6,
                elem_id="message",
                container=False,
            )
            self.send = gr.Button("Send", variant="primary", elem_id="send")
        with gr.Row(elem_id="ending") as self.ending:
            self.private = gr.Checkbox(
                label="Private: my manager sees only that there was a conversation",
                elem_id="private",
                container=False,
                visible=False,
            )
            self.end = gr.Button("End conversation", elem_id="end")
            with gr.Row(visible=False, elem_id="confirm") as self.confirm:
                static("<span>End it now? You cannot go on afterwards.</span>")
                self.end_now = gr.Button("End it", elem_id="end-now")
                self.keep = gr.Button("Keep talking", elem_id="keep")

    @property
    def _parts(self) -> list[Any]:
        return [
            self.state,
            self.chat,
            self.message,
            self.again,
            self.composer,
            self.text,
            self.ending,
            self.private,
            self.end,
            self.confirm,
            self.desk,
            self.desk_log,
        ]

    def _listen(self) -> None:
        page = root_page()
        parts = self._parts
        shown = page.load(
            told(self.show, self._tell_missing),
            [self.session],
            [self.session, self.waits, self.missing, self.room, self.card, *parts],
            js=FROM_ADDRESS.format("session"),
            **QUICK,
        )
        shown.then(None, [self.waits], None, js=GO_ON_IF_IT_WAITS, **QUICK)
        self.resume.click(told_live(self.go_on, self._tell), [self.session], parts, **MODEL_WORK)
        gr.on(
            [self.text.submit, self.send.click],
            told_live(self.say, self._tell),
            [self.session, self.text],
            parts,
            trigger_mode="once",
            **MODEL_WORK,
        ).then(None, None, None, js=TO_MESSAGE_BOX, **QUICK)
        self.send.click(None, None, None, js=TO_MESSAGE_BOX, **QUICK)
        self.again.click(
            told_live(self.try_again, self._tell), [self.session], parts, **MODEL_WORK
        ).then(None, None, None, js=TO_MESSAGE_BOX, **QUICK)
        self._listen_to_the_rest(parts)

    def _listen_to_the_rest(self, parts: list[Any]) -> None:
        # Gradio drops an event while the last of its kind is pending; what is done must be done.
        self.desk.submit(
            told(self.act, self._tell_desk),
            [self.session],
            [self.desk_log, self.message],
            trigger_mode="multiple",
            **QUICK,
        )
        both = [self.end, self.confirm]
        self.end.click(lambda: _confirming(True), None, both, **QUICK)
        self.keep.click(lambda: _confirming(False), None, both, **QUICK)
        self.private.input(
            told(self.keep_private, self._tell),
            [self.session, self.private],
            [self.message],
            **QUICK,
        )
        self.end_now.click(told(self.finish, self._tell), [self.session], parts, **QUICK)

    # --- handlers -------------------------------------------------------------------------------

    def show(self, session_id: str, request: gr.Request) -> Changes:
        """The page of a session, or why there is none."""
        person = self.person(request)
        view = self._view(session_id, person)
        if view.ended is None:
            self._practice.warm_up(session_id, person)
        return {
            self.session: session_id,
            self.waits: view.waits_for_customer and not view.failure,
            self.missing: "",
            self.room: gr.update(visible=True),
            self.card: render("card.html", view=view),
            self.desk: render("desk.html", view=view),
            self.desk_log: render("desk_log.html", view=view),
            self.private: gr.update(
                visible=person != LOCAL.id, value=self._practice.is_private(session_id, person)
            ),
            **self._talk(view, AS_BUILT),
        }

    def go_on(self, session_id: str, request: gr.Request) -> Iterator[Changes]:
        """After a refresh: wait for the answer that is being made, or ask for it again."""
        person = self.person(request)
        view = self._view(session_id, person)
        if view.busy:
            yield {self.chat: self._chat(view, typing=True)}
            while view.busy:
                time.sleep(POLL_S)
                view = self._view(session_id, person)
        if view.waits_for_customer and not view.failure:
            yield from self._try_again(session_id, person)
        else:
            yield self._talk(view)

    def say(self, session_id: str, text: str, request: gr.Request) -> Iterator[Changes]:
        """Send a message and show the answer as it comes. What is refused stays in the box."""
        if not text.strip():
            yield {self.message: notice("Write something first.", tone="calm")}
            return
        person = self.person(request)
        view = self._view(session_id, person)
        yield {
            self.text: "",
            self.message: "",
            self.chat: self._chat(view, pending=text, typing=True),
            **({self.again: gr.update(visible=False)} if view.waits_for_customer else {}),
        }
        try:
            answer = self._practice.reply(session_id, person, text)
            yield from self._stream(view, person, answer, pending=text)
        except Exception as error:
            yield self._after_failure(view, person, error, text)

    def try_again(self, session_id: str, request: gr.Request) -> Iterator[Changes]:
        """Ask for the answer to the last message once more."""
        yield from self._try_again(session_id, self.person(request))

    def _try_again(self, session_id: str, person: str) -> Iterator[Changes]:
        view = self._view(session_id, person)
        yield {
            self.message: "",
            self.again: gr.update(visible=False),
            self.chat: self._chat(view, typing=True),
        }
        try:
            yield from self._stream(view, person, self._practice.retry(session_id, person))
        except Exception as error:
            yield self._after_failure(view, person, error, "")

    def act(self, session_id: str, event: gr.EventData, request: gr.Request) -> Changes:
        """Do something at the desk."""
        arguments = {str(k): str(v) for k, v in dict(event.arguments).items()}
        call = ActionCall(name=str(event.action), arguments=arguments)
        person = self.person(request)
        self._practice.act(session_id, person, call)
        view = self._view(session_id, person)
        return {self.desk_log: render("desk_log.html", view=view), self.message: ""}

    def keep_private(self, session_id: str, private: bool, request: gr.Request) -> Changes:
        """Keep the session from the manager, or no longer."""
        self._practice.mark_private(session_id, self.person(request), private)
        return {self.message: ""}

    def finish(self, session_id: str, request: gr.Request) -> Changes:
        """End the conversation from the agent's side."""
        person = self.person(request)
        self._practice.end(session_id, person)
        view = self._view(session_id, person)
        return {
            self.desk: render("desk.html", view=view),
            **self._talk(view),
            **_confirming_of(self, False),
        }

    # --- showing --------------------------------------------------------------------------------

    def _stream(
        self, view: SessionView, person: str, answer: Iterator[Any], pending: str | None = None
    ) -> Iterator[Changes]:
        """The answer bit by bit, then the conversation as it is kept."""
        partial, due = "", 0.0
        for part in answer:
            if isinstance(part, InLine):
                yield {self.chat: self._chat(view, pending=pending, typing=True, place=part.place)}
            if not isinstance(part, Piece):
                continue
            partial += part.text
            if (now := time.monotonic()) >= due:
                due = now + self._pause()
                chat = self._chat(view, pending=pending, typing=True, partial=partial)
                yield {self.chat: chat}
        after = self._view(view.id, person)
        changes = self._talk(after, None if view.waits_for_customer else _pressable(view))
        if after.ended:
            changes[self.desk] = render("desk.html", view=after)
        yield changes
        self._practice.read_ahead(view.id, person)

    def _pause(self) -> float:
        wanted = REFRESH_PER_TALK_S * self._practice.talking()
        return min(max(REFRESH_S, wanted), MOST_REFRESH_S)

    def _after_failure(
        self, before: SessionView, person: str, error: Exception, text: str
    ) -> Changes:
        """The conversation as it is kept; a message that was not kept goes back into the box."""
        reason = explain(error)
        view = self._view(before.id, person)
        changes = self._talk(view)
        if not view.failure:
            changes[self.message] = notice(reason, "That did not work.")
            changes[self.again] = gr.update(visible=view.waits_for_customer and not view.busy)
        if text and len(view.lines) == len(before.lines):
            changes[self.text] = text
        return changes

    def _talk(self, view: SessionView, before: tuple[bool, bool] | None = None) -> Changes:
        """Everything about the conversation that changes while talking.

        What can be pressed stays as it was `before`, where it is the same: Gradio makes a part
        anew for each change of its looks, which would cost more than the whole turn.
        """
        changes: Changes = {
            self.state: render("state.html", view=view, now=datetime.now(UTC)),
            self.chat: self._chat(view, typing=view.busy),
            self.message: notice(
                _failed(view) or "", "The customer could not answer. Your message is kept."
            ),
        }
        if before != _pressable(view):
            can_retry, is_open = _pressable(view)
            changes[self.again] = gr.update(visible=can_retry)
            changes[self.composer] = gr.update(visible=is_open)
            changes[self.ending] = gr.update(visible=is_open)
        return changes

    def _chat(
        self,
        view: SessionView,
        pending: str | None = None,
        typing: bool = False,
        partial: str = "",
        place: int = 0,
    ) -> str:
        last = view.lines[-1] if view.lines else None
        spoken = last.text if last and last.speaker == "customer" and not typing else ""
        lines: tuple[LineView, ...] = view.lines
        return render(
            "chat.html",
            view=view,
            lines=lines,
            pending=pending,
            typing=typing,
            partial=partial,
            place=place,
            spoken=spoken,
        )

    def _view(self, session_id: str, person: str) -> SessionView:
        return self._practice.view(session_id, person)

    def _tell(self, text: str) -> Changes:
        return {self.message: notice(text, "That did not work.")}

    def _tell_desk(self, text: str) -> Changes:
        return {self.message: notice(text, "The desk could not do that.")}

    def _tell_missing(self, text: str) -> Changes:
        page = render("missing.html", title="This session cannot be shown", text=text)
        return {
            self.missing: page,
            self.room: gr.update(visible=False),
            self.session: "",
            self.waits: False,
        }


def _failed(view: SessionView) -> str | None:
    """Why the customer could not answer, while the message still waits for it."""
    return view.failure if view.waits_for_customer else None


def _pressable(view: SessionView) -> tuple[bool, bool]:
    """Whether the answer can be asked for again, and whether there is anything to write."""
    return _failed(view) is not None, view.ended is None


def _confirming(asking: bool) -> list[Any]:
    """Either the button that ends, or the question whether to."""
    return [gr.update(visible=not asking), gr.update(visible=asking)]


def _confirming_of(page: PractisePage, asking: bool) -> Changes:
    end, confirm = _confirming(asking)
    return {page.end: end, page.confirm: confirm}
