"""The page of a person's progress: their sessions, and each criterion over time."""

from dataclasses import dataclass
from datetime import datetime

import gradio as gr

from ui.services.access import LOCAL
from ui.services.views import ProgressPoint
from ui.web.parts import QUICK, Changes, Page, root_page, static, told
from ui.web.rendering import render, words

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 300, 150, 34, 12, 138
"""The drawing's own units; the page scales it."""


class ProgressPage(Page):
    """A person's sessions, with links to go on or to read the scorecard."""

    def build(self) -> None:
        """Put the page's parts into the present Gradio page."""
        self.header("progress")
        self.body = static("", elem_id="progress")
        page = root_page()
        page.load(told(self.show, self._tell), None, [self.body], **QUICK)

    def show(self, request: gr.Request) -> Changes:
        """The page as it is now."""
        person = self.person(request)
        sessions = self._practice.sessions(person)
        html = render(
            "progress.html",
            sessions=sessions,
            graded=sum(bool(session.scores) for session in sessions),
            problems=self._practice.problems() if person == LOCAL.id else [],
            charts=charts(self._practice.progress(person)),
            names={s.persona: self._practice.persona_name(s.persona) for s in sessions},
        )
        return {self.body: html}

    def _tell(self, text: str) -> Changes:
        page = render("missing.html", title="Your progress cannot be shown", text=text)
        return {self.body: page}


@dataclass(frozen=True)
class Dot:
    """One score of a chart, in the drawing's units."""

    x: float
    y: float
    score: float
    title: str
    at: datetime


@dataclass(frozen=True)
class Tick:
    """A line across a chart."""

    y: float
    value: int


@dataclass(frozen=True)
class Chart:
    """One criterion over a person's graded sessions, oldest first."""

    criterion: str
    points: tuple[Dot, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    ticks: tuple[Tick, ...] = ()

    @property
    def radius(self) -> float:
        """Dots shrink where there are many."""
        return 3.5 if len(self.points) <= 12 else 2.0


def charts(points: list[ProgressPoint]) -> list[Chart]:
    """A chart per criterion, the four of every rubric first. All share the sessions' axis."""
    sessions = list(dict.fromkeys(point.session_id for point in points))
    known = list(words()["criteria"])
    added = dict.fromkeys(point.criterion for point in points)
    criteria = [*known, *(name for name in added if name not in known)] if points else []
    return [_chart(criterion, points, sessions) for criterion in criteria]


def _chart(criterion: str, points: list[ProgressPoint], sessions: list[str]) -> Chart:
    dots = tuple(
        Dot(
            x=_x(sessions.index(point.session_id), len(sessions)),
            y=_y(point.score),
            score=point.score,
            title=point.title,
            at=point.at,
        )
        for point in points
        if point.criterion == criterion
    )
    ticks = tuple(Tick(_y(value), value) for value in (0, 50, 100))
    return Chart(criterion=criterion, points=dots, ticks=ticks)


def _x(position: int, count: int) -> float:
    left, right = LEFT + 10, WIDTH - 16
    if count == 1:
        return (left + right) / 2
    return round(left + (right - left) * position / (count - 1), 1)


def _y(score: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * score / 100, 1)
