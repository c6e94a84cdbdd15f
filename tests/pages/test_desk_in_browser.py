"""The desk in a real browser: by keyboard alone, without script, and how it fits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from interface.run.worker import Worker
from tests.http.conftest import People, file_for
from tests.http.conftest import whole_worker as background
from tests.pages.browser import chromium
from tests.processes import (
    Process,
    free_port,
    kill_what_is_left,
    serving_environ,
    wait_until_ready,
)

__all__ = ["background"]

pytestmark = pytest.mark.long


@pytest.fixture
def site(url: str, tmp_path: Path, people: People, background: Worker) -> Iterator[str]:
    """A server on a database with three cases; yields where it is."""
    for n in range(3):
        file_for(people, f"o-{n}")
    background.catch_up()
    port = free_port()
    environ = serving_environ(url, tmp_path, port, REDRESS_KEYS_URL=url)
    Process(environ, "serve", "--with-worker")
    try:
        wait_until_ready(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        kill_what_is_left()


def signed_in(page: Any, site: str, role: str = "mediator", subject: str = "") -> None:
    page.goto(f"{site}/desk")
    if subject:
        page.fill(f"#subject-{role}", subject)
    page.click(f"form:has(input[name=role][value={role}]) button")
    page.wait_for_url(f"{site}/desk")


def test_a_mediator_claims_and_admits_a_case_by_keyboard_alone(site: str) -> None:
    with chromium() as browser:
        page, said = browser.new_page(locale="zh-CN"), []
        page.on("console", lambda message: said.append(message.text))
        signed_in(page, site)
        keys = page.keyboard
        keys.press("?")
        assert page.locator("dialog#keys").is_visible()
        keys.press("Escape")
        page.wait_for_selector("dialog#keys", state="hidden")
        keys.press("j")
        keys.press("j")
        keys.press("k")
        assert page.locator("tr.row").first.get_attribute("aria-current") == "true"
        # What it searches stands above it, also for who sees.
        assert page.locator("label[for=search]").bounding_box()["height"] > 10
        keys.press("/")
        assert page.evaluate("document.activeElement.id") == "search"
        # In a field, keys are text.
        keys.type("cjk")
        assert page.input_value("#search") == "cjk"
        keys.press("Escape")
        keys.press("c")
        page.wait_for_url("**/desk/cases/*")
        # The case says near its head what can be done, what it waits for first.
        keys.press("1")
        here = "document.activeElement.closest('form').action"
        assert page.evaluate(here).endswith("/act/admission")
        for _ in range(20):
            if page.evaluate("document.activeElement.tagName") == "BUTTON":
                break
            keys.press("Tab")
        keys.press("Enter")
        page.wait_for_url("**?done=admission")
        assert page.locator("[role=status]").is_visible()
        page.wait_for_load_state()
        # Nothing was refused by the policy, and nothing was missing.
        assert said == []


def test_the_desk_works_without_script(site: str) -> None:
    with chromium() as browser:
        page = browser.new_context(java_script_enabled=False).new_page()
        signed_in(page, site)
        page.click("#claim-next button")
        page.wait_for_url("**/desk/cases/*")
        notes = page.locator('form[action$="/act/notes"]')
        assert not notes.locator("textarea").is_visible()
        page.click(f".doing a[href='#{notes.get_attribute('id')}']")
        notes.locator("textarea").wait_for(state="visible")
        page.fill('form[action$="/act/notes"] textarea', "Called the buyer.")
        page.click('form[action$="/act/notes"] button')
        page.wait_for_url("**?done=notes")


def test_no_page_is_wider_than_a_tablet(site: str) -> None:
    """Phones and large windows are looked at with axe."""
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 820, "height": 900})
        signed_in(page, site)
        case = page.locator("tr.row th a").first.get_attribute("href")
        for path in ("/", "/sign-in", "/desk", case):
            for lang in ("zh", "en"):
                page.goto(f"{site}{path}?lang={lang}")
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= 820, (path, wide)


def test_a_printed_case_has_its_number_and_nothing_to_press(site: str) -> None:
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 800, "height": 1100})
        signed_in(page, site)
        case = page.locator("tr.row th a").first.get_attribute("href")
        page.goto(f"{site}{case}")
        number = page.locator(".crumb .mono").inner_text()
        page.emulate_media(media="print")
        _check_print(page, number)
        for gone in (".doing", "#actions", ".jump"):
            assert not page.locator(gone).first.is_visible(), gone
        page.emulate_media(media="screen")
        page.context.clear_cookies()
        page.goto(f"{site}/cases")
        page.fill("#subject-buyer", "b-1")
        page.click("form:has(input[name=role][value=buyer]) button")
        page.wait_for_url(f"{site}/cases")
        page.goto(f"{site}{case.removeprefix('/desk')}")
        page.emulate_media(media="print")
        _check_print(page, number)


def _check_print(page: Any, number: str) -> None:
    assert number in page.inner_text("main")
    pressed = page.locator("main button, main .btn, main input, main textarea")
    assert pressed.count() > 0
    assert [one.inner_text() for one in pressed.all() if one.is_visible()] == []


def test_a_phone_tells_parties_apart_and_shows_that_a_table_goes_on(site: str) -> None:
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 390, "height": 844})
        signed_in(page, site)
        seller = page.locator(".q-table .party .l2").first
        sign = seller.evaluate("one => getComputedStyle(one, '::before').content")
        assert sign == '" · "'
        page.goto(f"{site}{page.locator('tr.row th a').first.get_attribute('href')}")
        cut = page.locator(".scroll, .ledger")
        assert cut.count() > 0
        for one in cut.all():
            hint = one.evaluate("one => getComputedStyle(one).backgroundAttachment")
            assert hint.startswith("local, local, scroll, scroll")
