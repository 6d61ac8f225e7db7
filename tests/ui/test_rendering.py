"""What templates and charts make of texts and numbers."""

from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from grading.types import CheckResult, CheckStatus
from ui.services.views import GradingView, ProgressPoint
from ui.web.progress import charts
from ui.web.rendering import lasted, likelihood, markdown, named, render
from ui.web.scoring import verdict

START = datetime(2026, 11, 2, 9, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("probability", "word"),
    [(1.0, "almost certainly"), (0.93, "very likely"), (0.5, "could be either"),
     (0.3, "probably not"), (0.0, "almost certainly not")],
)  # fmt: skip
def test_probabilities_in_words(probability: float, word: str) -> None:
    assert likelihood(probability) == word


@pytest.mark.parametrize(
    "text",
    ["<script>x</script>", "<img src=x onerror=x>", "![i](http://a/b.png)", "[a](javascript:x)",
     "<http://a.example>", "[a]\n\n[a]: http://a.example"],
)  # fmt: skip
def test_markdown_of_articles_holds_no_html_and_leads_nowhere(text: str) -> None:
    html = str(markdown(text))
    assert not any(tag in html for tag in ("<script", "<img", "<a "))


def test_markdown_keeps_lists_and_tables() -> None:
    html = str(markdown("- one\n\n| a | b |\n|---|---|\n| 1 | **2** |"))
    assert "<li>one</li>" in html
    assert "<strong>2</strong>" in html


def test_templates_escape() -> None:
    assert "&lt;b&gt;" in render("notice.html", text="<b>", title="", tone="bad")


@pytest.mark.parametrize(
    ("status", "answer", "probability", "expected"),
    [
        ("answered", "yes", 0.9, "yes"),
        ("answered", "no", 0.1, "no"),
        ("answered", "no", 0.41, "either"),
        ("answered", "yes", None, "yes"),
        ("could_not_judge", None, 0.5, "open"),
        ("failed", None, None, "open"),
        ("not_applicable", None, None, "na"),
    ],
)
def test_a_mark_never_hides_that_a_check_is_open(
    status: CheckStatus, answer: Literal["yes", "no"] | None, probability: float, expected: str
) -> None:
    check = CheckResult(id="x", kind="model", status=status, answer=answer, probability=probability)
    assert verdict(check) == expected


@pytest.mark.parametrize(
    ("checked", "checks", "said"),
    [(0, 0, "Getting ready"), (6, 22, "Check 7 of 22"), (22, 22, "All 22 checks are done")],
)
def test_grading_says_how_far_it_is(checked: int, checks: int, said: str) -> None:
    grading = GradingView(status="running", checked=checked, checks=checks)
    assert said in render("grading.html", grading=grading)


def test_unknown_terms_are_shown_readably() -> None:
    assert named("criteria", "politeness") == "Politeness"
    assert named("criteria", "knowledge_accuracy") == "Knowledge accuracy"


def test_lengths_in_words() -> None:
    assert lasted(START, START + timedelta(seconds=130)) == "2 min 10 s"
    assert lasted(START, START + timedelta(seconds=9)) == "9 s"


@pytest.mark.parametrize("count", [1, 3, 30])
def test_charts_keep_order_and_frame(count: int) -> None:
    points = [
        ProgressPoint(
            session_id=f"s{n}",
            at=START + timedelta(days=n),
            title="t",
            criterion=criterion,
            score=n * 100 / 30,
        )
        for n in range(count)
        for criterion in ("logic", "politeness", "own_one")
    ]
    drawn = charts(points)
    assert [chart.criterion for chart in drawn] == [
        "politeness", "resolution", "logic", "empathy", "own_one"
    ]  # fmt: skip
    assert drawn[1].points == ()
    for chart in (drawn[0], drawn[4]):
        xs = [dot.x for dot in chart.points]
        assert xs == sorted(xs)
        assert len(xs) == count
        assert all(chart.left <= dot.x <= chart.width for dot in chart.points)
        assert all(0 <= dot.y <= chart.height for dot in chart.points)


def test_no_scores_no_charts() -> None:
    assert charts([]) == []
