"""Keys of the desk, and what the pages do when nobody answers, in a browser."""

from __future__ import annotations

from typing import Any

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People, file_for
from tests.pages.browser import chromium
from tests.pages.conftest import Browse
from tests.pages.page_visits import HOST, Visit

pytestmark = pytest.mark.long


def test_keys_lead_from_case_to_case_and_back_to_the_search(
    browse: Browse, people: People, background: Worker
) -> None:
    for n in range(3):
        file_for(people, f"o-{n}")
    background.catch_up()
    with chromium() as browser:
        visit = Visit(browser, browse("mediator"))
        page = visit.goto("/desk?overdue=false")
        rows = page.locator("tr.row th a")
        cases = [one.get_attribute("href") for one in rows.all()]
        page.goto(HOST + cases[0])
        page.keyboard.press("j")
        page.wait_for_url(f"**{cases[1]}")
        page.keyboard.press("k")
        page.wait_for_url(f"**{cases[0]}")
        # Before the first one is the queue, as it was filtered.
        page.keyboard.press("k")
        page.wait_for_url("**/desk?overdue=false")
        page.goto(HOST + cases[2])
        _check_ways(page)
        _check_list(page)
        page.keyboard.press("/")
        page.wait_for_selector("#search:focus")
        page.keyboard.press("Escape")
        page.wait_for_selector("#search:not(:focus)")
        assert visit.said == []
        visit.close()


def _check_ways(page: Any) -> None:
    """Each action has a key of its own, also the tenth, and the list names them."""
    keys = page.locator(".doing [data-key]").all()
    named = [one.get_attribute("data-key") for one in keys]
    assert len(named) == len(set(named)) == page.locator(".doing a").count()
    assert not set(named) & set("jkcar")
    page.keyboard.press(named[-1])
    target = keys[-1].get_attribute("href")
    assert page.evaluate("document.activeElement.closest('form').id") == target[1:]
    # It is in a field, where keys are text: Esc leads out of it.
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def _check_list(page: Any) -> None:
    """No key is listed that does nothing: this case has no ruling to be written."""
    page.keyboard.press("?")
    page.wait_for_selector("dialog#keys[open]")
    listed = page.locator("dialog#keys kbd").all_inner_texts()
    assert listed == ["j", "k", "1", "0", "b", "a", "/", "Esc", "?"]
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog#keys", state="hidden")
    _check_toggle(page)
    page.keyboard.press("a")
    here = "document.activeElement.closest('form').action"
    assert page.evaluate(here).endswith("/act/assignment")
    page.keyboard.press("Escape")


def _check_toggle(page: Any) -> None:
    """The key that opens the list closes it."""
    page.keyboard.press("?")
    page.wait_for_selector("dialog#keys[open]")
    page.keyboard.press("?")
    page.wait_for_selector("dialog#keys", state="hidden")


def test_ctrl_enter_says_why_a_ruling_cannot_be_sent(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    story = CaseStory(people, background, clock).escalated()
    story.passes(3)
    with chromium() as browser:
        visit = Visit(browser, browse("mediator"))
        page = visit.goto(f"/desk/cases/{story.id}/ruling")
        page.fill("#r-reasons-0-issue", "水壶是否有缺陷")
        page.keyboard.press("Control+Enter")
        page.wait_for_selector("[data-unsendable]:focus")
        assert "还没有审核" in page.inner_text("[data-unsendable]")
        listed = page.locator("dialog#keys kbd").all_text_contents()
        assert listed == ["Ctrl", "Enter", "/", "Esc", "?"]
        _check_toggle(page)
        # In a field it is text.
        page.focus("#r-reasons-0-issue")
        page.keyboard.press("End")
        page.keyboard.type("?")
        assert page.input_value("#r-reasons-0-issue") == "水壶是否有缺陷?"
        assert not page.locator("dialog#keys").is_visible()
        visit.close()


@pytest.mark.parametrize(
    ("who", "lang", "said"),
    [("buyer", "zh", "没有提交"), ("mediator", "en", "nothing was sent")],
)
def test_where_nobody_answers_the_text_stays_and_is_sent_later(
    browse: Browse, people: People, who: str, lang: str, said: str
) -> None:
    case = file_for(people)
    root = "/desk/cases" if who == "mediator" else "/cases"
    with chromium() as browser:
        visit = Visit(browser, browse(who, lang=lang))
        page = visit.goto(f"{root}/{case}")
        form = page.locator('form[action$="/act/messages"]')
        page.evaluate(
            "for (const one of document.querySelectorAll('details')) one.open = true"
        )
        form.locator("textarea").fill("Long thoughts.")
        page.route("**/*", _cut)
        form.locator("button:not([name=only])").click()
        page.locator("[data-lost]", has_text=said).wait_for()
        assert form.locator("textarea").input_value() == "Long thoughts."
        assert people.buyer.get(f"/v1/disputes/{case}").json()["messages"] == []
        page.unroute("**/*", _cut)
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            form.locator("button:not([name=only])").click()
        assert len(people.buyer.get(f"/v1/disputes/{case}").json()["messages"]) == 1
        visit.close()


def _cut(route: Any) -> None:
    route.abort()
