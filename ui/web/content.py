"""The trainer's page: scenarios and personas, and what is wrong with their files."""

import gradio as gr

from ui.web.parts import QUICK, Changes, Page, root_page, static, told
from ui.web.rendering import render


class ContentPage(Page):
    """What the content's files say now."""

    def build(self) -> None:
        """Put the page's parts into the present Gradio page."""
        self.header("author")
        self.body = static("", elem_id="content")
        root_page().load(told(self.show, self._tell), None, [self.body], **QUICK)

    def show(self, request: gr.Request) -> Changes:
        """The page as it is now."""
        found = self._site.authoring.check(self.actor(request))
        return {self.body: render("content.html", found=found)}

    def _tell(self, text: str) -> Changes:
        return {self.body: render("missing.html", title="This cannot be shown", text=text)}
