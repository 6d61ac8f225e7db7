"""A trainee's way through the pages, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from llm.errors import NoModel, ServerUnreachable
from tests.ui.conftest import Served, Voice
from ui.services.practice import Practice

pytestmark = pytest.mark.browser

SCENARIO = "broken-coffee-machine"
GREETING = "Good morning, my name is Sam. How can I help you?"


def test_from_the_choice_to_progress(page: Page) -> None:
    page.goto("/")
    expect(page.locator(".cards .card")).to_have_count(30)
    page.get_by_text("A coffee machine that arrived broken").click()
    expect(page.locator(".person.is-on")).to_contain_text("Margaret Doyle")
    page.locator(".person", has_text="Priya Raman").click()
    page.get_by_role("button", name="Start the conversation").click()

    page.wait_for_url("**/practise?session=*")
    expect(page.locator(".hello")).to_contain_text("Margaret Doyle is waiting.")
    expect(page.locator(".hello")).to_contain_text("in the manner of Priya Raman")
    expect(page.locator("#message textarea")).to_be_focused()
    shown = [button.inner_text() for button in page.get_by_role("button").all()]
    assert shown == ["Send", "End conversation"]
    say(page, GREETING)
    answered(page, 1)
    expect(page.locator("#message textarea")).to_be_focused()
    expect(page.locator("#message textarea")).to_have_value("")

    page.get_by_text("Look up an order").click()
    form = page.locator("form[data-action=look_up_order]")
    form.locator("input").fill("4471")
    form.get_by_role("button").click()
    expect(page.locator(".entry-yes")).to_contain_text("Margaret Doyle, LS8 2QT")

    finish(page)
    expect(page.locator(".ended")).to_contain_text("You ended the conversation.")
    expect(page.locator("#message")).to_have_count(0)
    page.get_by_role("link", name="See your scorecard").click()

    expect(page.locator(".score h1")).to_have_text("A coffee machine that arrived broken")
    expect(page.locator(".criterion")).to_have_count(8)
    quoted = page.locator("blockquote").first
    assert (quoted.text_content() or "").split("message")[0].strip()
    expect(page.locator(".turn.is-evidence").first).to_be_visible()
    expect(page.locator(".score-foot")).to_contain_text("not fit for decisions about pay")

    page.get_by_role("link", name="My progress").first.click()
    expect(page.locator(".sessions tbody tr")).to_have_count(1)
    expect(page.locator(".sessions")).to_contain_text("Priya Raman")
    for name in ("Politeness", "Resolution", "Logic", "Empathy"):
        expect(page.locator(".chart").filter(has_text=name)).to_have_count(1)
    page.get_by_role("link", name="Scorecard").click()
    expect(page.locator(".score h1")).to_be_visible()


def test_a_message_can_be_said_differently_from_the_scorecard(page: Page) -> None:
    begin(page)
    say(page, GREETING)
    answered(page, 1)
    say(page, "I don't care.")
    answered(page, 2)
    finish(page)
    old = page.url
    page.get_by_role("link", name="See your scorecard").click()
    page.locator("#turn-2 button[data-again]").click()
    page.wait_for_url("**/practise?session=*")
    assert page.url != old
    expect(page.locator(".msg.agent")).to_have_count(1)
    answered(page, 1)
    say(page, "I'm so sorry. May I have the order number?")
    answered(page, 2)


def test_a_refresh_in_mid_session_goes_on(page: Page) -> None:
    begin(page)
    say(page, GREETING)
    answered(page, 1)
    page.reload()
    expect(page.locator(".msg.agent")).to_have_text(re.compile(re.escape(GREETING)))
    answered(page, 1)
    say(page, "May I have the order number?")
    answered(page, 2)


def test_a_refresh_while_the_customer_types_brings_the_answer_once(
    page: Page, voice: Voice
) -> None:
    begin(page)
    voice.gate.clear()
    say(page, GREETING)
    expect(page.locator(".typing")).to_contain_text("is typing")
    page.reload()
    expect(page.locator(".typing")).to_be_visible()
    voice.gate.set()
    expect(page.locator(".typing")).to_have_count(0)
    expect(page.locator(".msg.agent")).to_have_count(1)
    answered(page, 1)


def test_a_restarted_server_goes_on_without_a_reload(page: Page, served: Served) -> None:
    begin(page)
    say(page, GREETING)
    answered(page, 1)
    served.restart()
    say(page, "May I have the order number?")
    answered(page, 2)
    page.reload()
    expect(page.locator(".msg")).to_have_count(4)


def test_a_failed_model_keeps_the_message_and_try_again_goes_on(page: Page, voice: Voice) -> None:
    begin(page)
    voice.fails = ServerUnreachable("The model server went away. Start it and try again.")
    say(page, GREETING)
    expect(page.locator(".notice-bad")).to_contain_text("Your message is kept.")
    expect(page.locator(".notice-bad")).to_contain_text("The model server went away.")
    page.reload()
    expect(page.locator(".msg.agent")).to_have_count(1)
    voice.fails = None
    page.get_by_role("button", name="Try again").click()
    answered(page, 1)
    expect(page.locator(".msg.agent")).to_have_count(1)
    expect(page.locator(".notice-bad")).to_have_count(0)
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)


def test_what_cannot_be_done_at_the_desk_is_said(page: Page, practice: Practice) -> None:
    session = begin(page)
    page.get_by_text("Refund an order").click()
    form = page.locator("form[data-action=refund_order]")
    form.locator("input").fill("no such order")
    form.get_by_role("button").click()
    expect(page.locator(".entry-no")).to_contain_text("no such order")
    practice.end(session, "local")
    form.get_by_role("button").click()
    expect(page.locator(".notice-bad")).to_contain_text("This session has ended")


def test_a_start_that_fails_says_why_and_can_be_tried_again(page: Page, voice: Voice) -> None:
    voice.missing = NoModel("There is no model. Install one.")
    page.goto("/")
    page.get_by_role("button", name="Start the conversation").click()
    expect(page.locator(".notice-bad")).to_contain_text("There is no model. Install one.")
    page.get_by_text("A coffee machine that arrived broken").click()
    expect(page.locator(".notice-bad")).to_have_count(0)
    voice.missing = None
    page.get_by_role("button", name="Start the conversation").click()
    page.wait_for_url("**/practise?session=*")


PAYLOADS = """<img src=x onerror="window.hacked=1"> <script>window.hacked=1</script>
[a link](javascript:window.hacked=1) ![i](http://example.com/i.png) **bold** `code`
{{constructor.constructor('window.hacked=1')()}} ${window.hacked=1} </div></details><h1>big</h1>"""


def test_text_is_never_interpreted(page: Page, practice: Practice) -> None:
    begin(page)
    say(page, PAYLOADS)
    answered(page, 1)
    assert page.locator(".msg.agent .bubble").inner_text() == PAYLOADS
    finish(page)
    page.get_by_role("link", name="See your scorecard").click()
    expect(page.locator(".score h1")).to_be_visible()
    assert page.locator("#turn-0 .turn-text > p").first.inner_text() == PAYLOADS
    assert page.evaluate("window.hacked") is None
    assert page.locator("img").count() == 0
    [session] = practice.sessions("local")
    assert practice.view(session.id, "local").lines[0].text == PAYLOADS


def test_what_the_customer_says_is_never_interpreted(page: Page, voice: Voice) -> None:
    voice.says = 'Look: <img src=x onerror="window.hacked=1"> **now** {{value}} ${1+1}'
    begin(page)
    say(page, GREETING)
    answered(page, 1)
    assert page.evaluate("window.hacked") is None
    assert page.locator("#chat img").count() == 0


def test_messages_of_odd_kinds(page: Page) -> None:
    begin(page)
    page.locator("#message textarea").press("Enter")
    expect(page.locator(".notice-calm")).to_contain_text("Write something first.")
    expect(page.locator(".msg")).to_have_count(0)

    page.locator("#message textarea").fill("one")
    page.locator("#message textarea").press("Shift+Enter")
    page.locator("#message textarea").press_sequentially("two")
    page.locator("#message textarea").press("Enter")
    answered(page, 1)
    assert page.locator(".msg.agent .bubble").inner_text() == "one\ntwo"

    too_long = "word " * 4001
    say(page, too_long)
    expect(page.locator(".notice-bad")).to_contain_text("20,005 characters")
    assert page.locator("#message textarea").input_value() == too_long
    expect(page.locator(".msg")).to_have_count(2)

    say(page, too_long[:20_000])
    answered(page, 2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440

    say(page, "שלום, איך אפשר לעזור?")
    answered(page, 3)
    last = page.locator(".msg.agent .bubble").last
    assert last.evaluate("element => getComputedStyle(element).direction") == "rtl"


def test_an_unknown_session_is_said(page: Page) -> None:
    for path in ("/practise?session=nope", "/practise", "/scorecard?session=.."):
        page.goto(path)
        expect(page.locator(".empty")).to_contain_text("There is no session")
        expect(page.get_by_role("link", name="Choose a conversation").last).to_be_visible()


def test_a_session_that_goes_on_has_no_scorecard(page: Page, practice: Practice) -> None:
    session = practice.start("local", SCENARIO)
    page.goto(f"/scorecard?session={session}")
    expect(page.locator(".empty")).to_contain_text("still goes on")


def test_progress_invites_before_the_first_session(page: Page) -> None:
    page.goto("/progress")
    expect(page.locator(".empty")).to_contain_text("Nothing here yet")


def test_pages_fit_a_phone(page: Page, practice: Practice) -> None:
    practice.end(practice.start("local", SCENARIO), "local")
    [session] = practice.sessions("local")
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/", "/progress", "/practise", "/scorecard"):
        page.goto(f"{path}?session={session.id}")
        expect(page.locator("#main").first).to_be_attached()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def begin(page: Page) -> str:
    """A session of the scenario, with its page open; its id."""
    page.goto(f"/?scenario={SCENARIO}")
    expect(page.locator(".person.is-on")).to_be_visible()
    page.get_by_role("button", name="Start the conversation").click()
    page.wait_for_url("**/practise?session=*")
    expect(page.locator(".hello")).to_be_visible()
    return page.url.rpartition("=")[2]


def say(page: Page, text: str) -> None:
    page.locator("#message textarea").fill(text)
    page.locator("#message textarea").press("Enter")


def answered(page: Page, times: int) -> None:
    """The customer has answered so many times, and is done."""
    expect(page.locator(".is-typing")).to_have_count(0)
    expect(page.locator(".msg.customer .bubble:not(.typing)")).to_have_count(times)


def finish(page: Page) -> None:
    page.get_by_role("button", name="End conversation").click()
    page.get_by_role("button", name="End it").click()
