"""Every page as every role: each has its own, and a page serves whom it is for."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from litestar.testing import TestClient

from interface.bootstrap import System
from interface.callers.caller import CLIENTS, OVERSEERS
from interface.pages.sign_in.sign_in_page import OPERATOR
from interface.run.worker import Worker
from tests.http.conftest import People, file_for
from tests.pages.conftest import SESSION, TOKEN, Browse, check_page
from tests.pages.page_words import check_language
from tests.pages.test_page_routes import PAGES

LANGUAGES = ("zh", "en")
WITHOUT_NAMES = [
    (path, handler)
    for path, method, handler in PAGES
    # Signing in at an issuer, below /sign-in, is of use where there is one.
    if method == "GET" and "{" not in path and not path.startswith("/sign-in/")
]
HOMES = {
    "buyer": "/cases",
    "seller": "/cases",
    "mediator": "/desk",
    "supervisor": "/desk",
    "auditor": "/record",
    "regulator": "/record",
    "analyst": "/analysis",
    "platform": "/service",
    OPERATOR: "/operator",
}
NOT_OF_THE_ROLE_ALONE = {
    "/operator": {"supervisor", "auditor", "regulator"},
    "/operator/checks": {"supervisor"},
}
"""Supervisors of a sandbox run it; overseers of all platforms read one page of it."""


def signed_in(http: TestClient[Any], picked: str) -> str:
    """Sign in as the form offers it, and return where that leads."""
    http.cookies.clear()
    asked = http.get("/sign-in", headers={"Accept-Language": "en"})
    offered = re.search(
        f'name="role" value="{picked}".*?name="subject" value="([^"]+)"',
        asked.text,
        re.DOTALL,
    )
    assert offered, picked
    token = TOKEN.search(asked.text)
    assert token
    form = {"role": picked, "subject": offered[1], "form_token": token[1], "next": ""}
    answer = http.post("/sign-in", data=form, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_every_role_is_offered_and_begins_on_a_page_that_serves_it(
    http: TestClient[Any],
) -> None:
    assert set(HOMES) == {*CLIENTS, OPERATOR}
    for picked, home in HOMES.items():
        assert signed_in(http, picked) == home
        answer = http.get(home, headers={"Accept": "text/html"})
        check_page(answer)
        # Whoever reads the record says first why.
        assert answer.status_code == 200, picked
        # Its own door is open on the start page, and in the head of every page.
        start = http.get("/").text
        assert f'class="btn btn--wide" href="{home}"' in start, picked
        assert f'<a href="{home}"' in start.partition("<main")[0], picked
    assert SESSION in http.cookies
    http.cookies.clear()


@pytest.mark.parametrize("role", sorted(CLIENTS))
def test_a_page_serves_the_roles_that_it_names_and_no_other(
    browse: Browse, role: str
) -> None:
    platform = None if role in OVERSEERS else "shop"
    asked = 0
    for path, handler in WITHOUT_NAMES:
        roles = handler.opt.get("roles")
        may = NOT_OF_THE_ROLE_ALONE.get(path, roles)
        answer = browse(role, platform=platform).get(path)
        if may is not None and role not in may:
            assert answer.status_code == 403, (role, path)
            check_page(answer)
        else:
            assert answer.status_code not in {401, 403, 500}, (role, path)
        asked += 1
    assert asked > 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_analyst_takes_exact_figures(
    browse: Browse, people: People, background: Worker, language: str
) -> None:
    for n in range(3):
        file_for(people, f"o-{n}")
    background.catch_up()
    analyst = browse("analyst", lang=language)
    page = analyst.page("/analysis", period="all")
    check_language(page, language)
    row = page.partition('href="/figures/definitions#opened"')[2].partition("</tr>")[0]
    assert re.findall(r'<td class="n">([^<]*)</td>', row) == ["3", "3", ""]
    # An analyst of another platform counts none of them.
    other = browse("analyst", platform="mall", lang=language)
    row = other.page("/analysis", period="all").partition("#opened")[2]
    assert '<td class="n">0</td>' in row.partition("</tr>")[0]
    files = {"csv": b"opened,,cases,3", "xlsx": b"PK", "json": b'"numerator":3'}
    for form, part in files.items():
        query = {"period": "all", "by": "category", "format": form}
        answer = analyst.get("/analysis/report", **query)
        assert answer.status_code == 200
        assert part in answer.content, form
        name = f'filename="redress-all-category.{form}"'
        assert name in answer.headers["content-disposition"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_analyst_is_shown_no_nought_of_a_time_before_the_record(
    browse: Browse, people: People, background: Worker, language: str
) -> None:
    file_for(people)
    background.catch_up()
    analyst = browse("analyst", lang=language)
    begins = {
        "zh": "记录自2026年3月2日开始",
        "en": "The record begins on 2 March 2026:",
    }[language]
    before = analyst.page("/analysis", period="2025")
    check_language(before, language)
    assert begins in before
    assert "#opened" not in before
    begun = analyst.page("/analysis", period="2026")
    assert begins in begun
    assert "#opened" in begun
    assert begins not in analyst.page("/analysis", period="all")


def test_a_period_that_there_is_not_is_told_at_its_field(browse: Browse) -> None:
    answer = browse("analyst", lang="en").get("/analysis", period="2026-Q9")
    assert answer.status_code == 400
    check_page(answer)
    text = unescape(answer.text)
    assert '"2026-Q9" is not in the list' in text
    assert 'aria-describedby="period-fault"' in text
    known = text.partition("Known:")[2].partition("</span>")[0]
    assert "<code>all</code> The whole record" in known
    assert "figures-h" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_program_of_the_platform_is_told_what_it_sees_and_does(
    browse: Browse,
    people: People,
    background: Worker,
    system: System,
    language: str,
) -> None:
    file_for(people, "o-1")
    background.catch_up()
    page = browse("platform", lang=language).page("/service")
    check_language(page, language)
    assert '<td class="n">1</td>' in page
    assert "<code>POST /v1/disputes/{id}/fulfilments</code>" in page
    assert "/{id}/admission" not in page
    elsewhere = browse("platform", platform="mall", lang=language).page("/service")
    assert '<td class="n">1</td>' not in elsewhere
    assert system.settings.is_development
