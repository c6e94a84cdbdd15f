"""A filing with files in a real browser: none is lost without a word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.pages.browser import chromium
from tests.pages.test_party_in_browser import (
    PHONE,
    filled,
    fits,
    photo,
    signed_in,
    site,
)

__all__ = ["site"]

pytestmark = pytest.mark.long

SEND = "main form > button.btn--go"


def picture(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "image/png", "buffer": content}


def choose(page: Any, *files: dict[str, Any]) -> None:
    page.set_input_files("#file-files", list(files))


def jpeg(name: str, colour: str) -> dict[str, Any]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": photo(colour)}


@pytest.mark.parametrize("script", [True, False])
def test_back_from_the_second_step_shows_what_was_typed(
    site: str, *, script: bool
) -> None:
    with chromium() as browser:
        page = browser.new_page(
            viewport=PHONE, locale="zh-CN", java_script_enabled=script
        )
        signed_in(page, site, "buyer", "b-1")
        page.goto(f"{site}/cases/new")
        page.fill("#order-id", "o-501")
        page.fill("#seller", "s-1")
        page.fill("#order-paid-amount", "129.00")
        page.fill("#day", f"{datetime.now(UTC) - timedelta(days=2):%Y-%m-%d}")
        page.click("button[value=next]")
        page.wait_for_selector("#facts")
        page.go_back()
        page.wait_for_selector("#order-id")
        assert page.input_value("#order-id") == "o-501"
        assert page.input_value("#order-paid-amount") == "129.00"
        # Loaded again from the server, it is still there.
        page.reload()
        assert page.input_value("#order-id") == "o-501"


def test_files_stay_with_a_filing_that_is_not_whole(site: str) -> None:
    with chromium() as browser:
        page = browser.new_page(viewport=PHONE, locale="zh-CN")
        signed_in(page, site, "buyer", "b-1")
        page.goto(f"{site}/cases/new")
        filled(page)
        page.fill("#evidence-note", "")
        choose(page, jpeg("one.jpg", "red"), jpeg("two.jpg", "blue"))
        # Nothing is sent without what is needed, and the list stays.
        page.click(SEND)
        assert page.locator(".up").count() == 2
        # What only the server refuses is told beside the list.
        page.fill("#evidence-note", "   ")
        page.click(SEND)
        page.wait_for_selector("[role=alert]")
        assert page.locator("#evidence-note-flaw").count() == 1
        assert page.locator(".up").count() == 2
        # Back, and here again: the page says what has to be chosen once more.
        page.click(".review button[value='3']")
        page.wait_for_selector("#contact")
        page.click("button[value=next]")
        page.wait_for_selector(".again li")
        asked = page.locator(".again li")
        assert asked.all_inner_texts() == ["one.jpg", "two.jpg"]
        fits(page)
        choose(page, jpeg("two.jpg", "blue"))
        assert asked.all_inner_texts() == ["one.jpg"]
        is_filed_without_the_bad_one(page)


def is_filed_without_the_bad_one(page: Any) -> None:
    choose(page, picture("lie.png", b"no picture"))
    page.fill("#evidence-note", "Two photos.")
    page.click(SEND)
    alert = page.locator("[role=alert]")
    alert.wait_for()
    assert page.inner_text("h1") == "纠纷已提交"
    assert "案件编号 20" in page.inner_text("main [role=status]")
    assert "最后一步提交之前" not in page.inner_text("main")
    assert page.locator(".up--bad .name").all_inner_texts() == ["lie.png"]
    assert page.locator(SEND).count() == 0
    fits(page)
    alert.locator("a").click()
    page.wait_for_url("**/cases/*?done=filed")
    assert page.locator("#evidence .name").all_inner_texts() == ["two.jpg"]


def test_without_script_the_names_are_told(site: str) -> None:
    with chromium() as browser:
        context = browser.new_context(java_script_enabled=False, viewport=PHONE)
        page = context.new_page()
        signed_in(page, site, "buyer", "b-1")
        day = f"{datetime.now(UTC) - timedelta(days=2):%Y-%m-%d}"
        given = f"order=o-502&seller=s-1&paid=20.00&received={day}"
        page.goto(f"{site}/cases/new?{given}")
        page.click("button[value=next]")
        page.check("input[name=category][value=service]")
        page.check("input[name=reason][value=seller-conduct]")
        page.fill("#facts", "He shouted at me on the phone.")
        page.click("button[value=next]")
        page.check('input[name="claim.kind"][value=service-improvement]')
        page.fill("#contact", "13800000000")
        page.click("button[value=next]")
        choose(page, jpeg("one.jpg", "red"))
        page.click(SEND)
        asked = page.locator(".again li")
        assert asked.all_inner_texts() == ["one.jpg"]
        choose(page, jpeg("two.jpg", "red"))
        page.click(".review button[value='2']")
        page.click("button[value=next]")
        page.click("button[value=next]")
        assert asked.all_inner_texts() == ["one.jpg", "two.jpg"]


def test_steps_are_loaded_again_gone_back_to_and_kept_apart(site: str) -> None:
    with chromium() as browser:
        context = browser.new_context(viewport=PHONE, locale="zh-CN")
        page, other = context.new_page(), context.new_page()
        signed_in(page, site, "buyer", "b-1")
        for one, order in ((page, "o-1"), (other, "o-2")):
            one.goto(f"{site}/cases/new")
            one.fill("#order-id", order)
            one.fill("#seller", "s-1")
            one.fill("#order-paid-amount", "129.00")
            one.fill("#day", one.evaluate("new Date().toISOString().slice(0, 10)"))
            one.click("button[value=next]")
            one.check("input[name=category][value=quality]")
            one.check("input[name=reason][value=defect]")
            one.fill("#facts", f"The handle of {order} leaks.")
            one.click("button[value=next]")
        page.wait_for_selector("#contact")
        page.reload()
        assert page.locator("#contact").count() == 1
        page.go_back()
        assert page.input_value("#facts") == "The handle of o-1 leaks."
        page.go_back()
        page.wait_for_selector("#order-id")
        page.go_forward()
        page.go_forward()
        page.wait_for_selector("#contact")
        assert "o-1" in page.inner_text("main")
        assert "o-2" in other.inner_text("main")
        # The other language keeps what is typed, and not sent on yet.
        page.fill("#contact", "13800000000")
        page.get_by_role("button", name="English").click()
        page.wait_for_selector("html[lang=en]")
        assert page.input_value("#contact") == "13800000000"
