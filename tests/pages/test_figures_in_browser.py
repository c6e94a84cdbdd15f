"""The pages for everyone in a browser, with scripts off, wide and on a phone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from interface.bootstrap import System
from tests.pages.conftest import Browse, background, browse, http, people, system
from tests.pages.public_reports import by_category, by_month, uncut
from tests.pages.stored_editions import store

__all__ = ["background", "browse", "http", "people", "system"]

playwright = pytest.importorskip(
    "playwright.sync_api", reason="Playwright is not installed"
)
CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium"),
]

HOST = "http://pages.test"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        # As root, which containers often run as, there is no sandbox.
        browser = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture
def period(system: System) -> None:
    for report in (uncut(), by_month(), by_category()):
        store(system, report)


class Opened:
    """A page whose requests this application answers, and what it complained of."""

    def __init__(self, chromium: Any, browse: Browse, width: int, lang: str) -> None:
        self.reader = browse(None, lang=lang)
        self.context = chromium.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=False
        )
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.route("**/*", self._answer)

    def _answer(self, route: Any) -> None:
        path = route.request.url.removeprefix(HOST)
        answer = self.reader.get(path)
        headers = {
            name: value
            for name, value in answer.headers.items()
            if name not in {"content-encoding", "content-length"}
        }
        route.fulfill(status=answer.status_code, headers=headers, body=answer.content)

    def goto(self, path: str) -> Any:
        self.page.goto(HOST + path)
        return self.page


@pytest.mark.usefixtures("period")
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("width", "shown", "other"),
    [
        (1440, "wide", "narrow"),
        (390, "narrow", "wide"),
    ],
)
def test_the_public_reads_charts_without_script(
    chromium: Any, browse: Browse, width: int, shown: str, other: str, lang: str
) -> None:
    opened = Opened(chromium, browse, width, lang)
    page = opened.goto("/figures")
    for chart in ("filed-closed", "funnel", "days", "outcomes", "liability", "on-time"):
        drawn = page.locator(f"#{chart} svg.{shown}")
        assert drawn.is_visible(), chart
        assert not page.locator(f"#{chart} svg.{other}").is_visible()
        box = drawn.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        table = page.locator(f"#{chart} table")
        assert not table.is_visible()
        page.locator(f"#{chart} summary").click()
        assert table.is_visible()
    page.locator("select[name=category]").select_option("delivery")
    page.locator("form.filters button").click()
    assert "category=delivery" in page.url
    # Nothing was refused by the policy, and nothing asked of another host.
    assert opened.said == []
    opened.context.close()


@pytest.mark.usefixtures("period")
@pytest.mark.parametrize(
    "path",
    [
        *("/figures", "/figures/2026-Q3-category", "/figures/definitions", "/log"),
        *("/sanctions", "/rules", "/rules?policy=jd-like/1&against=cn-default/1"),
    ],
)
def test_no_page_is_wider_than_a_phone(
    chromium: Any, browse: Browse, path: str
) -> None:
    for lang in ("zh", "en"):
        opened = Opened(chromium, browse, 390, lang)
        page = opened.goto(path)
        box = page.locator("main").bounding_box()
        assert box["width"] <= 390
        html = page.locator("html").bounding_box()
        assert html["width"] <= 390
        for part in page.locator("main > *").all():
            inner = part.bounding_box()
            assert inner is None or inner["x"] + inner["width"] <= 391, path
        assert opened.said == []
        opened.context.close()
