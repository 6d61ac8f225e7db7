"""The pages of logging in, managing and administering, in a real browser."""

import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from records.people import Role
from tests.ui.cast import NORTH, PASSWORD, SCENARIO, Cast
from ui.services.access import OPERATOR
from ui.web.app import build_app

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

NAME = """<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> **b** {{7*7}}"""
REASON = """[x](javascript:window.hacked=1) </p><h1>big</h1> <svg onload="window.hacked=1">"""


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """The first page of an app takes a slow machine its time."""
    expect.set_options(timeout=40_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def cast() -> Cast:
    cast = Cast(passwords=("max", "ada"))
    accounts = cast.site.people.accounts
    accounts.create(OPERATOR, "odd", NAME, Role.TRAINEE, [NORTH], PASSWORD)
    accounts.add_team(OPERATOR, "<b>East</b>")
    accounts.set_teams(OPERATOR, "max", [NORTH, "<b>East</b>"])
    return cast


@pytest.fixture(scope="module")
def address(cast: Cast) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(build_app(cast.site), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=address)
    context.set_default_timeout(40_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda said: errors.append(said.text) if "Content Security" in said.text else None,
    )
    yield page
    context.close()
    assert not errors


def log_in(page: Page, login: str, password: str = PASSWORD) -> None:
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(password)
    fits(page)
    page.get_by_role("button", name="Log in").click()


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, page.url
    assert page.evaluate("window.hacked") is None
    assert page.locator("img").count() == 0


def test_a_trainee_logs_in_is_told_once_and_keeps_a_session_private(page: Page, cast: Cast) -> None:
    page.goto(f"/?scenario={SCENARIO}")
    assert urlsplit(page.url).path == "/login"
    log_in(page, "odd", "not the password")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    log_in(page, "odd")
    page.wait_for_url(f"**/?scenario={SCENARIO}")
    expect(page.locator(".told")).to_contain_text("graded by a machine")
    expect(page.locator(".me")).to_contain_text(NAME)
    expect(page.get_by_role("link", name="Accounts")).to_have_count(0)
    fits(page)
    page.get_by_role("button", name="Start the conversation").click()
    page.wait_for_url("**/practise?session=*")
    session = page.url.rpartition("=")[2]
    page.get_by_label("Private: my manager sees only").check()
    person = cast.account("odd").id
    expect(page.locator("#message")).to_be_visible()
    fits(page)
    deadline = time.monotonic() + 30
    while not cast.practice.is_private(session, person) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert cast.practice.is_private(session, person)
    page.reload()
    expect(page.get_by_label("Private: my manager sees only")).to_be_checked()
    page.goto("/")
    expect(page.locator(".fine").last).to_be_visible()
    expect(page.locator(".told")).to_have_count(0)

    page.goto("/account")
    fits(page)
    page.get_by_role("button", name="Log out", exact=True).click()
    page.wait_for_url("**/login")
    page.goto("/progress")
    assert urlsplit(page.url).path == "/login"


def test_a_manager_reads_a_session_and_puts_another_score(page: Page, cast: Cast) -> None:
    session = cast.session("odd", graded=True)
    page.goto("/manage")
    log_in(page, "max")
    page.wait_for_url("**/manage/")
    expect(page.locator("h2", has_text="<b>East</b>")).to_be_visible()
    page.get_by_role("link", name=NAME).click()
    page.wait_for_url("**/manage/member?person=*")
    expect(page.locator("h1")).to_contain_text(NAME)
    expect(page.locator(".sessions tbody tr")).to_have_count(1)
    fits(page)
    page.get_by_role("link", name="Read").click()
    expect(page.locator(".score h1")).to_be_visible()
    expect(page.locator("[data-again]")).to_have_count(0)
    fits(page)
    page.locator("#criterion input").click()
    page.get_by_role("option", name="Logic").click()
    page.get_by_label("Your score").fill("64")
    page.get_by_label("Why; the person will read it").fill(REASON)
    page.get_by_role("button", name="Put it beside").click()
    expect(page.locator(".overrides")).to_contain_text("Logic: 64")
    expect(page.locator(".overrides")).to_contain_text(REASON)
    fits(page)
    [override] = cast.practice.overrides(session, cast.account("odd").id)
    assert (override.criterion, override.score) == ("logic", 64)


def test_an_administrator_makes_an_account_and_reads_the_trail(page: Page, cast: Cast) -> None:
    page.goto("/admin/")
    log_in(page, "ada")
    expect(page.locator(".listing tbody")).to_contain_text(NAME)
    page.get_by_label("Login", exact=True).fill("new")
    page.get_by_label("Name", exact=True).fill("New Person")
    page.get_by_label("Password; none: single sign-on only").fill(PASSWORD)
    page.get_by_role("button", name="Add the account").click()
    expect(page.locator(".notice-calm")).to_contain_text("new can log in now.")
    expect(page.get_by_label("Password; none: single sign-on only")).to_have_value("")
    assert cast.account("new").role is Role.TRAINEE
    fits(page)
    page.goto("/admin/trail")
    expect(page.locator(".listing tbody tr").first).to_contain_text("account.created")
    fits(page)
    page.goto("/author/")
    expect(page.locator("h1")).to_have_text("Content")
    expect(page.locator(".lead")).to_contain_text("Nothing wrong in")
    fits(page)
    page.goto("/manage/")
    expect(page.locator("h1")).to_have_text("This is not open to you")
