"""Steps of a filing and refused forms, which have no address: axe finds nothing.

Nothing moves on them either, once they are painted.
"""

from __future__ import annotations

from typing import Any

import pytest

from interface.run.worker import Worker
from tests.http.conftest import People, file_for
from tests.http.conftest import whole_worker as background
from tests.pages.browser import chromium
from tests.pages.conftest import Browse
from tests.pages.layout_shifts import layout_shifts
from tests.pages.page_visits import HOST, WIDTHS, AxeVisits, Visit

__all__ = ["background"]

pytestmark = pytest.mark.long


def examined(visits: AxeVisits, page: Any, where: str, *, is_new: bool = True) -> None:
    """Look at a page; at one that `is_new` also for what moves while it loads."""
    if is_new:
        moved = layout_shifts(page)
        visits.faults += [f"{where} moves: {one}" for one in moved]
    page.evaluate(visits.axe)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, (where, wide)
        visits.examine(page, f"{where} {width}")
        page.emulate_media(color_scheme="dark")
        visits.examine(page, f"{where} {width} dark", "color-contrast")
        page.emulate_media(color_scheme="light")


def gone_on(page: Any, button: str) -> None:
    """Press a button that sends a text, and wait for the page that follows."""
    with page.expect_navigation():
        page.click(button)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axe_finds_nothing_in_any_step(
    browse: Browse, people: People, background: Worker, lang: str
) -> None:
    case = file_for(people)
    people.mediator.act(case, "admission", {})
    background.catch_up()
    with chromium() as browser:
        visits = AxeVisits(browser, browse, {})
        visit = Visit(browser, browse("buyer", lang=lang))
        page = visit.goto("/cases/new?order=o-5&seller=s-1&paid=129.00")
        ahead = "button[value=next]"
        page.click(ahead)
        examined(visits, page, "first step, with a fault")
        page.fill("#day", "2026-02-27")
        gone_on(page, ahead)
        examined(visits, page, "second step")
        page.check("input[name=category][value=quality]")
        page.click(ahead)
        examined(visits, page, "second step, with faults")
        page.check("input[name=reason][value=defect]")
        page.fill("#facts", "It leaks since the first day.")
        gone_on(page, ahead)
        visits.faults += layout_shifts(page)
        page.check('input[name="claim.kind"][value=return-and-refund]')
        examined(visits, page, "third step", is_new=False)
        page.fill("#claim-amount-amount", "129.00")
        page.fill("#contact", "b1@example.com")
        gone_on(page, ahead)
        visits.faults += layout_shifts(page)
        page.set_input_files(
            "#file-files",
            [
                {"name": "a.png", "mimeType": "image/png", "buffer": b"\x89PNG"},
                {"name": "b.avi", "mimeType": "video/x-msvideo", "buffer": b"x"},
            ],
        )
        examined(visits, page, "fourth step", is_new=False)
        # All forms of a case, with one that was refused.
        page.goto(f"{HOST}/cases/{case}")
        page.evaluate(
            "document.querySelectorAll('details').forEach(d => d.open = true)"
        )
        examined(visits, page, "every form", is_new=False)
        page.click("form[action$='/act/messages'] button")
        examined(visits, page, "a refused form")
        visit.close()
        # One whose fields go with a choice.
        visit = Visit(browser, browse("seller", lang=lang))
        page = visit.goto(f"/cases/{case}")
        page.click("[id^=act-seller-response] summary")
        page.check("input[name=position][value=offer]")
        page.click("form[action$='/act/seller-response'] button")
        examined(visits, page, "a refused answer")
        visit.close()
    assert not visits.faults, "\n".join(visits.faults)
