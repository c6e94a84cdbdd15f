"""Whole work at the desk in a browser: from claim to ruling, and a supervisor's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import RULING, WEIGHED
from tests.http.conftest import FILING, People
from tests.http.conftest import whole_worker as background
from tests.pages.browser import chromium
from tests.pages.test_desk_in_browser import signed_in
from tests.pages.visited_cases import PictureStory
from tests.processes import (
    Process,
    free_port,
    kill_what_is_left,
    serving_environ,
    wait_until_ready,
)

__all__ = ["background"]

pytestmark = pytest.mark.long

TABS = 200
"""So often Tab is pressed before something counts as out of reach."""


class Site:
    """A server, and the cases that are there; `background` keeps its views."""

    def __init__(self, url: str, background: Worker, cases: dict[str, str]) -> None:
        self.url, self.background, self.cases = url, background, cases

    def path(self, case: str) -> str:
        return f"{self.url}/desk/cases/{self.cases[case]}"


@pytest.fixture
def site(
    url: str, tmp_path: Path, people: People, background: Worker, clock: Clock
) -> Iterator[Site]:
    """Serve a case that is to be ruled, and one whose ruling was appealed."""
    # The server goes by the real time, and limits that are over end actions.
    clock.now = datetime.now(UTC) - timedelta(days=4)
    received = (clock.now - timedelta(days=1)).isoformat()
    stories = {}
    for n, name in enumerate(("open", "appealed")):
        order = FILING["order"] | {"id": f"o-{n}", "received_at": received}
        case = people.buyer.file(order=order).json()["id"]
        stories[name] = PictureStory(people, background, clock, case).escalated()
    stories["open"].passes(3)
    story = stories["appealed"]
    story.act("mediator", "evidence/1/assessment", WEIGHED)
    story.act("mediator", "ruling", RULING)
    said = {"ground": "error", "statement": "The photo shows another kettle."}
    story.act("seller", "appeal", said)
    background.catch_up()
    port = free_port()
    environ = serving_environ(url, tmp_path, port, REDRESS_KEYS_URL=url)
    Process(environ, "serve")
    try:
        where = f"http://127.0.0.1:{port}"
        wait_until_ready(where)
        yield Site(where, background, {name: one.id for name, one in stories.items()})
    finally:
        kill_what_is_left()


DRAFT_SAYS = """([field, text]) =>
    document.querySelector(field).defaultValue === text"""


def tab_to(page: Any, selector: str) -> None:
    """Press Tab until something has the focus."""
    for _ in range(TABS):
        if page.evaluate("(s) => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {selector}: {page.url}")


def test_a_mediator_works_a_case_from_claim_to_ruling_by_keyboard(site: Site) -> None:
    with chromium() as browser:
        page, said = browser.new_page(locale="zh-CN"), []
        page.on("console", lambda message: said.append(message.text))
        signed_in(page, site.url)
        keys = page.keyboard
        keys.press("j")
        keys.press("a")
        page.wait_for_url(site.path("open") + "*")
        # The three tests of the evidence, as radios of one form.
        for test in ("authentic", "relevant", "legal"):
            tab_to(page, f"#e-1 input[name={test}]")
            keys.press("Space")
        tab_to(page, "#e-1 button")
        keys.press("Enter")
        page.wait_for_url("**?done=evidence-assessment")
        keys.press("r")
        page.wait_for_url("**/ruling")
        tab_to(page, "#r-reasons-0-issue")
        keys.type("水壶是否有缺陷")
        tab_to(page, "#r-reasons-0-finding")
        keys.type("照片显示把手处有裂纹。")
        tab_to(page, '[name="reasons.0.e.1"]')
        keys.press("ArrowUp")
        keys.press("ArrowUp")
        assert page.is_checked('[name="reasons.0.e.1"][value=relied]')
        tab_to(page, "#r-reasons-0-cites")
        if not page.input_value("#r-reasons-0-cites"):
            keys.press("ArrowDown")
        tab_to(page, '#r-liability input[value="buyer"]')
        keys.press("ArrowDown")
        assert page.is_checked('#r-liability input[value="seller"]')
        # It is previewed and saved as one types.
        page.locator("#live-preview", has_text="裂纹").wait_for()
        assert "草稿已保存" in page.inner_text("#live-sum")
        page.reload()
        assert page.input_value("#r-reasons-0-issue") == "水壶是否有缺陷"
        # In no field, as after reading the preview.
        tab_to(page, "#r-reasons-0-issue")
        keys.press("Escape")
        assert page.evaluate("document.activeElement.tagName") == "BODY"
        keys.press("Control+Enter")
        page.wait_for_url("**?done=ruling")
        assert "照片显示把手处有裂纹" in page.inner_text("#ruling")
        assert said == []


def drag(page: Any, to: str) -> None:
    """Drag the first evidence somewhere, as a hand does: not in one step."""
    page.hover("[data-exhibit='1']")
    page.mouse.down()
    box = page.locator(to).bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle, steps=8)
    page.mouse.up()


def test_evidence_is_dragged_onto_an_issue(site: Site) -> None:
    with chromium() as browser:
        # High enough that nothing has to be scrolled to.
        high = {"width": 1400, "height": 2400}
        page, said = browser.new_page(locale="zh-CN", viewport=high), []
        page.on("console", lambda message: said.append(message.text))
        signed_in(page, site.url)
        page.goto(site.path("open") + "/ruling")
        page.click("[value=add-reason]")
        _check_back_and_forward(page)
        use = '[name="reasons.1.e.1"][value={}]'
        assert page.is_checked(use.format("none"))
        drag(page, "#r-reasons-1-finding")
        assert page.is_checked(use.format("relied"))
        # Only there, and it is said.
        assert page.is_checked('[name="reasons.0.e.1"][value=none]')
        assert "采信" in page.inner_text("[data-dropped]")
        # On the column of what is set aside.
        # It is saved as if it had been ticked.
        with page.expect_response(
            lambda answer: "reasons.1.e.1=aside" in (answer.request.post_data or "")
        ):
            drag(page, f"td:has({use.format('aside')})")
        assert page.is_checked(use.format("aside"))
        # Beside an issue, nothing happens.
        drag(page, "h1")
        assert page.is_checked(use.format("aside"))
        page.goto(site.path("open") + "/ruling")
        assert page.is_checked(use.format("aside"))
        assert said == []


def _check_back_and_forward(page: Any) -> None:
    """No way through the editor sends anything again, and what was typed is there."""
    field, drafts = "#r-reasons-1-issue", ("运费由谁承担", "退货运费由谁承担")
    for text in drafts:
        page.fill(field, text)
        page.click("#live-sum [value=save]")
        page.wait_for_function(DRAFT_SAYS, arg=[field, text])
    # What was saved last, and not what a page before it said.
    for lead in (page.go_back, page.go_back, page.go_forward, page.go_forward):
        answer = lead()
        assert (answer.status, answer.request.method) == (200, "GET")
        assert page.input_value(field) == drafts[-1]
    # Who leaves at once has written it all the same.
    page.fill(field, "换货运费由谁承担")
    editor = page.url
    page.goto(editor.removesuffix("/ruling"))
    page.goto(editor)
    for _ in range(TABS):
        if page.input_value(field) == "换货运费由谁承担":
            return
        page.reload()
    raise AssertionError(page.input_value(field))


def test_a_supervisor_reassigns_extends_and_decides_an_appeal(site: Site) -> None:
    with chromium() as browser:
        page = browser.new_page(locale="zh-CN")
        signed_in(page, site.url, "mediator")
        page.goto(site.path("open"))
        page.keyboard.press("a")
        page.click('form[action$="/act/assignment"] button')
        page.wait_for_url("**?done=assignment")
        page.click("form[action='/sign-out'] button")
        signed_in(page, site.url, "supervisor", subject="v-2")
        site.background.catch_up()
        page.goto(f"{site.url}/desk?assignee=m-1")
        page.keyboard.press("j")
        page.keyboard.press("a")
        # Who is asked for is sealed in the address.
        page.wait_for_url(re.compile(r"/desk\?.*\bgive="))
        page.wait_for_selector("#give-to:focus")
        page.keyboard.type("v-2")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/desk\?.*\bgiven="))
        assert "v-2" in page.inner_text("[role=status]")
        page.goto(site.path("open"))
        assert "v-2" in page.inner_text(".meta")
        extend = page.locator('details:has(form[action$="/act/extension"])').first
        extend.locator("summary").click()
        for radio in extend.locator("input[type=radio]").all():
            radio.check()
        extend.locator("textarea").fill("The inspector is ill.")
        extend.locator("button:not([name=only])").click()
        page.wait_for_url("**?done=extension")
        page.goto(f"{site.path('appealed')}/ruling")
        page.fill("#r-reasons-0-issue", "Does the photo show this kettle?")
        page.fill("#r-reasons-0-finding", "Its number is to be read.")
        page.check('[name="reasons.0.e.1"][value=relied]')
        if not page.input_value("#r-reasons-0-cites"):
            page.select_option("#r-reasons-0-cites", index=1)
        page.check("#r-result input[value=varied]")
        page.check("#r-liability input[value=both]")
        page.fill("#r-remedies-0-amount", "60")
        page.click("#live-sum .primary")
        page.wait_for_url("**?done=appeal-decision")
        changed = page.inner_text("#ruling")
        assert "Its number is to be read" in changed
        assert "¥129.00" in changed
        assert "¥60.00" in changed


def test_a_session_that_ends_while_one_writes_loses_nothing(site: Site) -> None:
    with chromium() as browser:
        context = browser.new_context(locale="zh-CN")
        page, other = context.new_page(), context.new_page()
        signed_in(page, site.url)
        page.goto(f"{site.path('open')}/ruling")
        other.goto(f"{site.url}/desk")
        other.click("form[action='/sign-out'] button")
        page.fill("#r-reasons-0-finding", "照片显示把手处有裂纹。")
        page.locator("[data-lost]", has_text="登录已失效").wait_for()
        signed_in(other, site.url)
        page.fill("#r-reasons-0-issue", "水壶是否有缺陷")
        page.locator("#live-sum", has_text="草稿已保存").wait_for()
        assert not page.locator("[data-lost]").is_visible()
        page.reload()
        assert page.input_value("#r-reasons-0-finding") == "照片显示把手处有裂纹。"


def test_time_that_is_left_goes_on_and_a_lost_connection_is_said(site: Site) -> None:
    with chromium() as browser:
        context = browser.new_context(locale="zh-CN")
        page = context.new_page()
        page.clock.install()
        signed_in(page, site.url)
        page.goto(site.path("open"))
        place = page.locator(".now [data-due]")
        before = place.inner_text()
        page.clock.fast_forward("03:00:00")
        page.clock.run_for(6_000)
        assert place.inner_text() != before
        assert not page.locator("[data-lost]").is_visible()
        context.set_offline(True)
        page.wait_for_selector("[data-lost]:visible")
        context.set_offline(False)
        page.wait_for_selector("[data-lost]", state="hidden")
        page.emulate_media(media="print")
        assert page.locator("#positions").is_visible()
        assert page.locator("#history").is_visible()
        for gone in ("header.top", "nav.jump", "details.act >> nth=0"):
            assert not page.locator(gone).is_visible(), gone
