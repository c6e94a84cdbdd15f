"""Filters of the queue that a browser keeps under names."""

from __future__ import annotations

from base64 import urlsafe_b64decode

import pytest

from interface.bootstrap import System
from interface.pages.sign_in.page_session import sealed_text
from tests.pages.conftest import Browse, Browser, check_page


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


def test_a_search_is_kept_sealed_and_for_its_reader_alone(browse: Browse) -> None:
    mediator = browse("mediator")
    assert 'class="keep"' in mediator.page("/desk", q="kettle")
    where = keep(mediator, name="x", q="kettle", phase="ruling")
    assert where.startswith("/desk?phase=ruling&sealed=")
    assert f'href="{where}"' in mediator.page("/desk")
    assert b"kettle" not in urlsafe_b64decode(f"{mediator.more.split('.')[1]}==")
    other = browse("mediator", "m-2")
    other.more = mediator.more
    assert 'class="kept"' not in other.page("/desk")


def test_what_nobody_made_is_not_kept(browse: Browse, system: System) -> None:
    mediator = browse("mediator")
    assert keep(mediator, name="x", phase="odd", overdue="maybe") == "/desk"
    for value in ("x.y.z", sealed_text("filters", '[{"a":1}]', b"x" * 32)):
        mediator.more = value
        assert 'class="kept"' not in mediator.page("/desk")
    other = sealed_text("filters", '[{"a":1}]', system.keys.master.digest)
    mediator.more = other
    assert 'class="kept"' not in mediator.page("/desk")


def test_a_name_that_is_none_is_told_at_its_field(browse: Browse) -> None:
    mediator = browse("mediator")
    for name in (" \n", "很长的名称" * 5):
        answer = mediator.post("/desk/filters", name=name, phase="ruling")
        assert answer.status_code == 400
        check_page(answer)
        assert "请填写 1 至 20 个可见字符" in answer.text
        assert name.strip() in answer.text
        assert 'name="phase" value="ruling"' in answer.text
