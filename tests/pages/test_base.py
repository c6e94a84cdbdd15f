"""What every page has: its language, its files, its errors."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from litestar.testing import TestClient

from tests.http_app import document, whole_app
from tests.pages.conftest import Browse, check_page


def test_the_language_is_that_of_the_address_then_of_the_cookie_then_the_browsers(
    http: TestClient[Any],
) -> None:
    english, chinese = "Sign in", "登录"
    assert english in http.get("/", headers={"Accept-Language": "en"}).text
    assert chinese in http.get("/", headers={"Accept-Language": "zh-CN,en;q=0.5"}).text
    asked = http.get("/?lang=zh", headers={"Accept-Language": "en"})
    assert chinese in asked.text
    assert asked.headers["content-language"] == "zh-CN"
    assert chinese in http.get("/", headers={"Accept-Language": "en"}).text
    assert english in http.get("/?lang=en").text
    assert english in http.get("/?lang=odd", headers={"Accept-Language": "zh"}).text
    http.cookies.clear()


def test_the_other_language_keeps_the_address(browse: Browse) -> None:
    page = browse(None).page("/sign-in", next="/desk?phase=filed", lang="zh")
    assert 'href="/sign-in?next=%2Fdesk%3Fphase%3Dfiled&lang=en"' in page


def test_styles_are_kept_for_good_under_their_digest(http: TestClient[Any]) -> None:
    found = re.findall(r'(?:href|src)="(/assets/[^"]+)"', http.get("/").text)
    assert found
    for path in found:
        answer = http.get(path)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert re.search(r"-[0-9a-f]{12}\.", path)
        # The name of a namespace is an address that nobody asks.
        text = answer.text.replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert "http" not in re.sub(r"/\*.*?\*/", "", text)
    assert http.get("/assets/tokens.css").status_code == 404
    assert http.get("/assets/..%2Fpage.py").status_code == 404


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_not_there_is_told_as_a_page_to_who_reads_pages(
    browse: Browse, http: TestClient[Any], lang: str
) -> None:
    answer = browse(None, lang=lang).get("/nothing")
    assert answer.status_code == 404
    check_page(answer)
    assert ("返回首页" in answer.text) == (lang == "zh"), answer.text
    told = http.get("/nothing").headers["content-type"]
    assert told.startswith("application/problem+json")
    api = browse(None).get("/v1/nothing")
    assert api.headers["content-type"].startswith("application/problem+json")


def test_pages_are_in_no_document_of_the_api() -> None:
    paths = document()["paths"]
    assert not [one for one in paths if not one.startswith(("/v1", "/health", "/me"))]
    assert "/sign-in" in {one.path_format for one in whole_app().routes}


def test_a_form_that_is_too_large_is_told(browse: Browse) -> None:
    answer = browse("mediator").post("/sign-out", text="x" * 10_000_000)
    assert answer.status_code == 413
    check_page(answer)
    assert "字节" in unescape(answer.text)


def test_personal_pages_are_kept_nowhere(browse: Browse) -> None:
    for path in ("/", "/sign-in"):
        assert browse("mediator").get(path).headers["cache-control"] == "no-store"


def test_the_start_page_opens_to_each_role_what_is_theirs(browse: Browse) -> None:
    doors = {"/cases", "/desk", "/record"}
    own: dict[str | None, set[str]] = {
        "buyer": {"/cases"},
        "mediator": {"/desk"},
        "supervisor": {"/desk", "/record"},
        "auditor": {"/record"},
        "analyst": set(),
        None: doors,
    }
    for role, theirs in own.items():
        page = browse(role, lang="en").page("/")
        shown = {one for one in doors if f'btn--wide" href="{one}"' in page}
        assert shown == theirs, role
