"""Filters of the queue that a browser keeps under names."""

from __future__ import annotations

from base64 import urlsafe_b64decode

import pytest

from interface.bootstrap import System
from interface.pages.sign_in.page_session import sealed_text
from tests.pages.conftest import Browse, Browser, check_page

COOKIE = "redress-filters-"


def keep(browser: Browser, **form: str) -> str:
    answer = browser.post("/desk/filters", **form)
    assert answer.status_code == 303
    browser.extra |= dict(answer.cookies)
    return answer.headers["location"]


def cookie_of(browser: Browser) -> tuple[str, str]:
    """Return the cookie with the filters of a browser."""
    (found,) = (one for one in browser.extra.items() if one[0].startswith(COOKIE))
    return found


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
    name, value = cookie_of(mediator)
    assert b"kettle" not in urlsafe_b64decode(f"{value.split('.')[1]}==")
    # Nor is a filter without a search another reader's.
    keep(mediator, name="x", phase="ruling")
    other = browse("mediator", "m-2")
    other.extra = dict(mediator.extra)
    assert 'class="kept"' not in other.page("/desk")
    keep(other, name="y", phase="ruling")
    (own,) = other.extra.keys() - mediator.extra.keys()
    assert own.startswith(COOKIE)
    other.extra[own] = cookie_of(mediator)[1]
    assert 'class="kept"' not in other.page("/desk")
    # The reader's own stay, in another session of the same browser.
    again = browse("mediator")
    again.extra = mediator.extra | other.extra
    assert 'class="kept"' in again.page("/desk")
    assert name in again.extra


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_filter_is_let_go_unasked(browse: Browse, lang: str) -> None:
    mediator = browse("mediator", lang=lang)
    for n in range(20):
        keep(mediator, name=str(n), phase="ruling")
    assert mediator.page("/desk").count('class="kept"') == 20
    answer = mediator.post("/desk/filters", name="more", phase="ruling")
    assert answer.status_code == 400
    check_page(answer)
    assert "set-cookie" not in answer.headers
    assert {"zh": "最多保存 20 个", "en": "20 at most"}[lang] in answer.text
    # One of the same name takes the place of the other; a browser keeps no long ones.
    keep(mediator, name="3", phase="evidence")
    other = browse("mediator", "m-2", lang=lang)
    long = other.post("/desk/filters", name="long", q="kettle " * 500)
    assert long.status_code == 400


def test_what_nobody_made_is_not_kept(browse: Browse, system: System) -> None:
    mediator = browse("mediator")
    assert keep(mediator, name="x", phase="odd", overdue="maybe") == "/desk"
    name, _ = cookie_of(mediator)
    use = name.removeprefix("redress-")
    for value in ("x.y.z", sealed_text(use, '[{"a":1}]', b"x" * 32)):
        mediator.extra[name] = value
        assert 'class="kept"' not in mediator.page("/desk")
    other = sealed_text(use, '[{"a":1}]', system.keys.master.digest)
    mediator.extra[name] = other
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
