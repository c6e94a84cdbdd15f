"""Sanctions, rules and the log as pages: for everyone, and what the API shows."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import UUID

import psycopg
import pytest

from application.log.sign.checkpoint_kind import Kind
from application.log.sign.checkpoint_store import latest
from application.texts import say
from interface.bootstrap import System
from tests.bundle.long_case import sign
from tests.conftest import Clock
from tests.http.conftest import People, file_for
from tests.pages.conftest import (
    Browse,
    background,
    browse,
    check_page,
    http,
    people,
    system,
)
from tests.pages.page_words import check_language

__all__ = ["background", "browse", "http", "people", "system"]

LANGUAGES = ("zh", "en")
PUBLIC_PAGES = ("/figures", "/figures/definitions", "/sanctions", "/rules", "/log")
IMPOSED = datetime(2026, 3, 1, 2, tzinfo=UTC)
_INSERT = (
    "INSERT INTO redress.sanctions VALUES (%s, %s, 'shop', %s, 'warning',"
    " 'counterfeit', %s, %s, %s, %s, %s)"
)


def impose(
    url: str,
    number: int,
    *,
    shop: str = "s-1",
    measure: str = "",
    **at: datetime | None,
) -> None:
    with psycopg.connect(url) as connection:
        row = (
            *(UUID(int=number), 1, shop, measure or f"{number} 30", IMPOSED),
            *(at.get("published", IMPOSED), at.get("lifted"), at.get("end")),
        )
        connection.execute(_INSERT, row)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_each_page_is_whole_without_any_record(
    browse: Browse, path: str, language: str
) -> None:
    browser = browse(None, lang=language)
    page = browser.page(path)
    check_language(page, language)
    answer = browser.get(path)
    assert answer.headers["cache-control"].startswith("public, max-age=")
    assert answer.headers["etag"]
    assert "set-cookie" not in answer.headers
    assert "<script" not in page
    # Who has signed in reads the same page: it may be kept by a cache.
    assert browse("auditor", lang=language).get(path).text == answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_sanctions_stand_in_the_register_once_published(
    browse: Browse, url: str, language: str
) -> None:
    later = IMPOSED + timedelta(days=9)
    impose(url, 7001, published=None)
    impose(url, 7002, lifted=later)
    impose(url, 7003, lifted=later, end=later)
    browser = browse(None, lang=language)
    page = browser.page("/sanctions")
    check_language(page, language)
    assert "7001 30" not in page
    # An end that is not published yet is nobody's business.
    running, ended = page.index("7002 30"), page.index("7003 30")
    # A measure is a text: no record says when one for a limited time is over.
    no_end = {"zh": "未公布解除", "en": "no end published"}[language]
    assert page.count(no_end) == 1
    assert page.index(no_end) > running
    assert ended > 0
    breach = {"zh": "销售假冒商品", "en": "Sold counterfeit goods"}
    assert breach[language] in page


def test_a_measure_in_the_other_language_says_so(browse: Browse, url: str) -> None:
    """Somebody has written it: it is shown as it was published, and marked."""
    impose(url, 7004, measure="公开警告三十日")
    impose(url, 7005, measure="Public warning, listed for 30 days.")
    english = browse(None, lang="en").page("/sanctions")
    zh = '<bdi lang="zh-CN">公开警告三十日</bdi>'
    en = '<bdi lang="en">Public warning, listed for 30 days.</bdi>'
    assert f"{zh} (written in Chinese)</td>" in english
    assert f"{en}</td>" in english
    chinese = browse(None, lang="zh").page("/sanctions")
    assert f"{zh}</td>" in chinese
    assert f"{en}{say('reasons', 'written-in-en', 'zh')}</td>" in chinese


def test_the_register_has_pages_and_is_asked_for_a_shop(
    browse: Browse, url: str
) -> None:
    for number in range(8001, 8053):
        at = IMPOSED + timedelta(minutes=number)
        impose(url, number, shop=f"s-{number % 2}", published=at)
    browser = browse(None, lang="en")
    page = browser.page("/sanctions")
    assert page.count('<tr><th scope="row">') == 50
    cursor = page.partition("/sanctions?cursor=")[2].partition('"')[0]
    rest = browser.page("/sanctions", cursor=cursor)
    assert rest.count('<tr><th scope="row">') == 2
    assert "8001 30" in rest
    assert browser.page("/sanctions", cursor=cursor, lang="zh")
    shop = browser.page("/sanctions", platform="shop", seller="s-1")
    assert shop.count('<tr><th scope="row">') == 26
    nobody = browser.page("/sanctions", platform="shop", seller="s-9")
    assert "No sanction of this shop" in nobody
    assert "platform-fault" in browser.page("/sanctions", seller="s-1")
    answer = browser.get("/sanctions", platform="shpo")
    assert answer.status_code == 400
    assert "no-store" in answer.headers["cache-control"]
    said = unescape(answer.text).partition('id="platform-fault"')[2]
    assert '"shpo"' in said
    assert "<code>shop</code>" in said.partition("</div>")[0]
    assert browser.get("/sanctions", cursor="nonsense").status_code == 400


def test_a_name_with_marks_and_html_is_text(browse: Browse, url: str) -> None:
    impose(url, 9001, shop="<b>\u202e</b>")
    answer = browse(None, lang="en").get("/sanctions")
    assert "<b>\u202e" not in answer.text
    assert "<bdi>&lt;b&gt;" in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_rules_say_limits_silences_and_clocks(browse: Browse, language: str) -> None:
    browser = browse(None, lang=language)
    page = browser.page("/rules")
    check_language(page, language)
    said = {
        "zh": ("只计工作日", "卖家答复", "逾期由平台自动介入", "每天 09:00 至 18:00"),
        "en": (
            "working days only",
            "For the seller to answer",
            "steps in",
            "from 09:00",
        ),
    }
    for words in said[language]:
        assert words in page
    for other in ("jd-like/1", "wechat-like/1"):
        check_language(browser.page("/rules", policy=other), language)
    for field in ("policy", "against"):
        answer = browser.get("/rules", **{field: "no/1"})
        assert answer.status_code == 400
        check_page(answer)
        check_language(answer.text, language)
        told = unescape(answer.text).partition(f'id="{field}-fault"')[2]
        assert "no/1" in told.partition("</span>\n")[0]
        assert "<code>cn-default/1</code>" in told.partition("</div>")[0]
        # No other profile stands in its place.
        assert 'id="limits-h"' not in answer.text
    assert browser.get("/rules/standard/9").status_code == 404


def test_two_profiles_are_compared(browse: Browse) -> None:
    browser = browse(None, lang="en")
    shown = {
        one: browser.http.get(f"/v1/policies/{one}").json()
        for one in ("cn-default/1", "jd-like/1")
    }
    limits = {
        name: {one["en"]: one["length"]["en"] for one in policy["limits"]}
        for name, policy in shown.items()
    }
    page = browser.page("/rules", policy="jd-like/1", against="cn-default/1")
    part = page[page.index('id="differences-h"') : page.index('id="limits-h"')]
    differing = [
        name
        for name, length in limits["jd-like/1"].items()
        if length != limits["cn-default/1"][name]
    ]
    assert differing
    for name, length in limits["jd-like/1"].items():
        shown_as = name[:1].upper() + name[1:]
        row = f'<tr><th scope="row">{shown_as}</th>'
        assert (row in part) or name not in differing
        if name in differing:
            assert length in part.partition(row)[2].partition("</tr>")[0]
    same = browser.page("/rules", policy="jd-like/1", against="jd-like/1")
    assert "The two do not differ." in same


@pytest.mark.parametrize("language", LANGUAGES)
def test_rules_that_rulings_cite_are_pages(browse: Browse, language: str) -> None:
    browser = browse(None, lang=language)
    listed = browser.http.get("/v1/rules").json()["items"]
    page = browser.page("/rules")
    for one in listed:
        name = f"{one['id']}/{one['version']}"
        assert f'href="/rules/{name}"' in page
        title = one["title"][language]
        assert f"<h1>{title}</h1>" in browser.page(f"/rules/{name}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_log_shows_its_head_growth_witnesses_and_keys(
    browse: Browse, people: People, system: System, language: str
) -> None:
    file_for(people)
    sign(system)
    browser = browse(None, lang=language)
    page = browser.page("/log")
    check_language(page, language)
    with system.database.get_connection() as connection:
        head = latest(connection, Kind.SIGNED)
    assert head is not None
    assert head.note.splitlines()[2] in page
    keys = browser.http.get("/v1/log/keys").json()["items"]
    assert keys
    for one in keys:
        assert one["key_id"] in page
    unsigned = {"zh": "还没有检查点得到联署", "en": "No checkpoint has been co-signed"}
    assert unsigned[language] in page
    assert browser.get("/log").headers["cache-control"] == "public, max-age=1"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_growth_of_the_log_is_a_chart_with_its_files(
    browse: Browse, people: People, system: System, clock: Clock, language: str
) -> None:
    browser = browse(None, lang=language)
    none = {"zh": "还没有存档的检查点", "en": "No checkpoint has been archived yet"}
    assert none[language] in browser.page("/log")
    assert browser.get("/log/log-growth.svg").status_code == 404
    sizes: list[int] = []
    page = ""
    for n in range(3):
        clock.forward(days=1)
        file_for(people, f"o-{n}")
        sign(system)
        sizes.append(browser.http.get("/v1/log").json()["size"])
        page = browser.page("/log")
        assert ('id="log-growth"' in page) is (n > 0)
    # A minute later, the latest checkpoint is published and not archived.
    clock.forward(minutes=1)
    file_for(people, "o-3")
    sign(system)
    assert browser.http.get("/v1/log").json()["size"] > sizes[-1]
    sizes[-1] = browser.http.get("/v1/log").json()["size"]
    page = browser.page("/log")
    check_language(page, language)
    dated = {"zh": r"<text[^>]*>2026年", "en": r" 2026</text>"}[language]
    assert not re.search(dated, page)
    first, second, third = sizes
    rows = re.findall(r'<td class="n">([^<]*)</td>', page.partition("<details>")[2])
    nothing = {"zh": "无", "en": "none"}[language]
    grown = [third, f"+{third - second}", second, f"+{second - first}", first, nothing]
    assert rows == [str(one) for one in grown]
    files = re.findall(r'href="(/log/[^"]+)" download', page)
    assert len(files) == 3
    for one in files:
        answer = browser.get(one)
        assert answer.status_code == 200, one
        assert answer.headers["content-disposition"].startswith("attachment")
    assert f",{third},{third - second}\r\n" in browser.get(files[0]).text
    assert browser.get("/log/other.svg").status_code == 404
    clock.forward(days=366)
    assert re.search(dated, browser.page("/log"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_shop_without_its_platform_is_asked_for_at_the_field(
    browse: Browse, language: str
) -> None:
    page = browse(None, lang=language).page("/sanctions", seller="s-07")
    check_language(page, language)
    assert 'id="platform-fault"' in page
    assert 'value="s-07"' in page
