"""Where the public pages lead, and what in them is longer than a page."""

from __future__ import annotations

import re
from html import unescape
from typing import Any, cast

import pytest
from litestar import Request

from interface.bootstrap import System
from interface.pages.page import page
from tests.pages.conftest import Browse, background, browse, http, people, system
from tests.pages.public_reports import by_category, by_month, by_reason, uncut
from tests.pages.stored_editions import store

__all__ = ["background", "browse", "http", "people", "system"]

LINK = re.compile(r'<a [^>]*href="([^"]*)"')
PUBLIC = (
    *("/", "/figures", "/figures/2026-Q3", "/figures/2026-Q3/editions/1"),
    *("/figures/2026-Q3-category", "/figures/definitions", "/sanctions", "/rules"),
    *("/log", "/verify", "/sign-in"),
)
PICTURES = (".png", ".svg", ".svg?narrow=1")
"""Files of charts, which their own test follows: to draw them takes long."""


@pytest.fixture
def period(system: System) -> None:
    store(system, uncut(filed=400, escalated=90), period="2026-Q2")
    note = "shop.example/log\n12\n" + "A" * 4_000
    for report in (uncut(), by_month(), by_category(), by_reason()):
        store(system, report, checkpoint=note, log_size=12)


@pytest.mark.usefixtures("period")
def test_every_link_of_a_public_page_leads_somewhere(browse: Browse) -> None:
    browser = browse(None, lang="en")
    found = {
        (unescape(link), path)
        for path in PUBLIC
        for link in LINK.findall(browser.get(path).text)
    }
    assert ("/figures/2026-Q3/editions/1", "/figures") in found
    astray = [one for one in found if not one[0].startswith(("/", "#", "https://"))]
    assert not astray
    asked = {link.partition("#")[0] for link, _ in found if link.startswith("/")}
    followed = {one for one in asked if not one.endswith(PICTURES)}
    assert len(followed) > 20
    answers = {one: browser.answer_of(one).status_code for one in followed}
    # A page for people who have signed in leads to where one does.
    assert {one: status for one, status in answers.items() if status >= 400} == {}


@pytest.mark.usefixtures("period")
def test_what_is_longer_than_a_page_has_a_box_of_its_own(browse: Browse) -> None:
    text = browse(None, lang="en").page("/figures/2026-Q3")
    before, _, pre = text.partition("<pre")
    assert "A" * 4_000 in pre.partition("</pre>")[0]
    box = before.rpartition("<div ")[2]
    assert box.startswith('class="table-box" tabindex="0"'), box
    assert "</div>" not in box


def test_a_value_that_every_page_has_is_refused_of_one(browse: Browse) -> None:
    app: Any = browse.http.app
    request = Request[Any, Any, Any](
        cast(
            "Any",
            {
                "type": "http",
                "method": "GET",
                "path": "/figures",
                "raw_path": b"/figures",
                "query_string": b"",
                "headers": [],
                "litestar_app": app,
                "app": app,
                "state": {},
                "server": ("pages.test", 80),
                "scheme": "http",
                "path_params": {},
            },
        )
    )
    with pytest.raises(ValueError, match="address, nav"):
        page(request, "choice.html", nav=[], address="/figures/1")
