"""Filters of the queue that a browser keeps under names."""

from __future__ import annotations

import pytest

from interface.bootstrap import System
from interface.pages.sign_in.page_session import sealed_text
from tests.pages.conftest import Browse, Browser


def keep(browser: Browser, **form: str) -> str:
    answer = browser.post("/desk/filters", **form)
    assert answer.status_code == 303
    browser.more = answer.cookies.get("redress-filters") or browser.more
    return answer.headers["location"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_filter_is_kept_under_a_name_and_let_go(browse: Browse, lang: str) -> None:
    mediator = browse("mediator", lang=lang)
    assert 'name="name"' not in mediator.page("/desk")
    page = mediator.page("/desk", phase="ruling", overdue="true")
    assert 'action="/desk/filters"' in page
    where = keep(mediator, name="<b>紧急</b>", phase="ruling", overdue="true")
    assert where == "/desk?phase=ruling&overdue=true"
    raw = mediator.get("/desk").text
    assert "&lt;b&gt;紧急&lt;/b&gt;" in raw
    assert 'href="/desk?phase=ruling&amp;overdue=true"' in raw
    answer = mediator.post("/desk/filters", drop="<b>紧急</b>")
    assert answer.headers["location"] == "/desk"
    assert "Max-Age=0" in answer.headers["set-cookie"]


def test_a_search_is_not_kept_nor_is_what_nobody_made(
    browse: Browse, system: System
) -> None:
    mediator = browse("mediator")
    assert 'class="keep"' not in mediator.page("/desk", q="kettle")
    assert keep(mediator, name="x", q="kettle", phase="odd", overdue="maybe") == "/desk"
    for value in ("x.y.z", sealed_text("filters", '[{"a":1}]', b"x" * 32)):
        mediator.more = value
        assert 'class="kept"' not in mediator.page("/desk")
    other = sealed_text("filters", '[{"a":1}]', system.keys.master.digest)
    mediator.more = other
    assert 'class="kept"' not in mediator.page("/desk")
    assert keep(mediator, name=" \n", phase="ruling") == "/desk?phase=ruling"
