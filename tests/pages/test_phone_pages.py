"""On a phone the desk is folded, steps stand in one row, and nothing is cut off."""

from __future__ import annotations

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People
from tests.pages.browser import chromium
from tests.pages.conftest import Browse
from tests.pages.page_visits import Visit
from tests.pages.record_reader import RecordReaders

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
CARD_PX = 110

CUT_WORDS = """() => {
  const svg = document.querySelector(".ledger svg"), all = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.left < all.left - 1 || box.right > all.right + 1;
  }).map((one) => one.textContent);
}"""
"""The words of the ledger's picture that reach over its edge."""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_phone_and_desktop(
    browse: Browse, people: People, background: Worker, clock: Clock, lang: str
) -> None:
    case = CaseStory(people, background, clock).ruled().id
    background.catch_up()
    readers = RecordReaders(browse.http, browse.system)
    auditor = readers.who_has_said("/record", role="supervisor", lang=lang)
    with chromium() as browser:
        visit = Visit(browser, browse("mediator", lang=lang))
        page = visit.page
        page.set_viewport_size(PHONE)
        visit.goto("/desk")
        views = page.locator(".q-side ul").first
        assert not views.is_visible()
        page.click(".q-fold summary")
        assert views.is_visible()
        assert page.locator("tr.row").first.bounding_box()["height"] < CARD_PX
        visit.goto(f"/desk/cases/{case}")
        tops = page.eval_on_selector_all(
            ".steps .dot", "all => all.map((one) => one.getBoundingClientRect().top)"
        )
        assert len(set(tops)) == 1
        page.set_viewport_size(DESKTOP)
        visit.goto("/desk")
        assert views.is_visible()
        assert not page.locator(".q-fold summary").is_visible()
        visit.close()
        visit = Visit(browser, auditor)
        visit.page.set_viewport_size(PHONE)
        visit.goto("/record")
        box = visit.page.locator(".table-box").first
        assert box.evaluate("one => one.scrollWidth <= one.clientWidth + 1")
        visit.goto(f"/record/cases/{case}?from=2&to=8")
        visit.page.wait_for_function("document.activeElement.id === 'compare-h'")
        visit.page.click("#compare details summary")
        boxes = visit.page.locator("#compare .table-box")
        assert boxes.count() == 2
        for box in boxes.all():
            assert box.evaluate("one => one.scrollWidth <= one.clientWidth + 1")
        # What stood above each column stands beside each value.
        first = visit.page.locator("#compare td").first
        assert first.evaluate("one => getComputedStyle(one, '::before').content") == (
            '"较早时刻"' if lang == "zh" else '"First"'
        )
        top = "() => document.activeElement.getBoundingClientRect().top"
        visit.page.wait_for_function(f"(most) => ({top})() < most", arg=PHONE["height"])
        for size in (PHONE, DESKTOP):
            visit.page.set_viewport_size(size)
            assert visit.page.evaluate(CUT_WORDS) == []
        visit.close()
