"""The record in a real browser: the slider, two moments, a bundle that is checked."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People, file_for
from tests.http.conftest import whole_worker as background
from tests.pages.browser import chromium
from tests.processes import (
    Process,
    free_port,
    kill_what_is_left,
    serving_environ,
    wait_until_ready,
)

__all__ = ["background"]

pytestmark = pytest.mark.long

DROPPED = """([content, name]) => {
  const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name));
  return transfer;
}"""
KEYS = '[name="purpose"]'


class Site:
    """A server with a case that was ruled on, and some others."""

    def __init__(self, address: str, case: str, keys: str) -> None:
        self.address, self.case, self.keys = address, case, keys

    def opened(self, browser: Any, role: str, **how: Any) -> tuple[Any, list[str]]:
        """Return the page of somebody who has signed in, and what it complained of."""
        page, said = browser.new_page(locale="zh-CN", **how), []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{self.address}/record")
        page.click(f"form:has(input[name=role][value={role}]) button")
        page.fill(KEYS, "第一季度抽查")
        page.click("main form button")
        page.wait_for_url(f"{self.address}/record")
        return page, said

    def to_case(self, page: Any) -> None:
        page.goto(f"{self.address}/record/cases/{self.case}")
        # What was said last is filled in.
        page.click("main form button")
        page.wait_for_selector("#moment-h")


@pytest.fixture
def site(
    url: str, tmp_path: Path, people: People, background: Worker, clock: Clock
) -> Iterator[Site]:
    case = CaseStory(people, background, clock).ruled().id
    for n in range(24):
        file_for(people, f"n-{n}")
    background.catch_up()
    keys = people.auditor.get("/v1/log/keys").text
    port = free_port()
    environ = serving_environ(url, tmp_path, port, REDRESS_KEYS_URL=url)
    Process(environ, "serve")
    try:
        wait_until_ready(f"http://127.0.0.1:{port}")
        yield Site(f"http://127.0.0.1:{port}", case, keys)
    finally:
        kill_what_is_left()


def verdict(page: Any, site: Site, content: bytes, *, dropped: bool) -> str:
    page.goto(f"{site.address}/verify")
    if dropped:
        text = base64.b64encode(content).decode()
        handle = page.evaluate_handle(DROPPED, [text, "case.zip"])
        page.dispatch_event("#drop-zone", "drop", {"dataTransfer": handle})
    else:
        file = {"name": "case.zip", "mimeType": "application/zip", "buffer": content}
        page.set_input_files("#bundle", files=[file])
    page.fill("#keys", site.keys)
    page.click("#check")
    page.wait_for_selector("#result:not([hidden])")
    return str(page.get_attribute("#verdict", "data-verdict"))


def test_an_auditor_moves_the_slider_compares_and_checks_a_bundle(
    site: Site,
) -> None:
    with chromium() as browser:
        page, said = site.opened(browser, "auditor", timezone_id="Asia/Shanghai")
        site.to_case(page)
        last = int(page.get_attribute("#at", "max"))
        page.focus("#at")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        page.wait_for_url(f"**at={last - 2}*")
        assert page.locator(".fact--after").count() == 2
        assert page.locator(".fact--now").count() == 1
        # The slider is where one left it, for who goes on by keyboard.
        page.wait_for_selector("#at:focus")
        page.click(".moment-head a[rel=prev]")
        page.wait_for_url(f"**at={last - 3}*")
        page.select_option("#compare-from", "2")
        page.select_option("#compare-to", str(last))
        page.click("#compare button")
        page.wait_for_url("**from=2*")
        assert page.locator("#compare td.changed").count() > 2
        assert page.locator("#compare .tag").first.inner_text()
        with page.expect_download() as download:
            page.click("#bundle form button")
        content = Path(download.value.path()).read_bytes()
        assert verdict(page, site, content, dropped=True) == "valid"
        assert page.locator("#properties tr").count() > 8
        assert page.locator("#properties td.fails").count() == 0
        assert page.locator("#timeline tr").count() == last
        # In the reader's zone, to the second; UTC as it is recorded beside.
        first = page.locator("#timeline time").first
        assert first.inner_text() == "2026-03-02 10:00:00"
        assert str(first.get_attribute("title")).startswith("UTC 2026-03-02 02:00:00")
        changed = bytearray(content)
        changed[len(changed) // 2] ^= 1
        refused = verdict(page, site, bytes(changed), dropped=False)
        assert refused not in {"valid", "None"}
        assert "fails" in str(page.get_attribute("#verdict-box", "class"))
        assert page.inner_text("#verdict").startswith("核验未通过")
        assert page.evaluate("document.activeElement.id") == "verdict"
        # Nothing was refused by the policy, and nothing went wrong.
        assert said == []


def test_a_regulator_samples_twenty_cases_without_script(site: Site) -> None:
    with chromium() as browser:
        page, said = site.opened(browser, "regulator", java_script_enabled=False)
        page.click("nav.places a[href='/record/samples']")
        page.fill("#f-count", "20")
        page.fill("#f-seed", "agreed-17")
        page.click("main form button")
        page.wait_for_url("**seed=agreed-17*")
        first = page.locator("tbody th a").all_inner_texts()
        assert len(first) == 20
        page.reload()
        assert page.locator("tbody th a").all_inner_texts() == first
        with page.expect_download() as download:
            page.click("text=下载全部证据包")
        assert Path(download.value.path()).read_bytes()[:2] == b"PK"
        # Without script, a case is moved through by links, and by a list.
        site.to_case(page)
        page.click(".moment-head a:has-text('最早')")
        assert page.locator(".fact--after").count() > 3
        page.select_option("#pick", "3")
        page.click("form:has(#pick) button")
        page.wait_for_url("**at=3*")
        page.fill("#at", "2")
        page.click("button[form=slide]")
        page.wait_for_url("**at=2*")
        assert said == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_page_of_the_record_is_wider_than_the_window(site: Site, lang: str) -> None:
    with chromium() as browser:
        page, said = site.opened(browser, "regulator")
        site.to_case(page)
        here = re.sub(r"\?.*", "", page.url)
        paths = [
            *("/record", "/record/samples?count=20&seed=x", "/record/holds"),
            *("/record/accesses", "/record/grants", "/record/erasures", "/verify"),
        ]
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            for address in (here, *(f"{site.address}{one}" for one in paths)):
                joined = "&" if "?" in address else "?"
                page.goto(f"{address}{joined}lang={lang}")
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, (address, wide)
        assert said == []


def test_who_reads_elsewhere_is_told_their_own_time(site: Site) -> None:
    with chromium() as browser:
        page, said = site.opened(browser, "auditor", timezone_id="America/New_York")
        site.to_case(page)
        title = page.locator("main time").first.get_attribute("title")
        told = "您所在时区\N{FULLWIDTH COLON}"
        assert re.fullmatch(rf"UTC [\d: -]{{19}} · {told}[\d: -]{{16}}", title)
        assert page.locator("[data-zone-note]").is_visible()
        assert said == []
        page, said = site.opened(browser, "auditor", timezone_id="Asia/Shanghai")
        site.to_case(page)
        title = page.locator("main time").first.get_attribute("title")
        assert re.fullmatch(r"UTC [\d: -]{19}", title)
        assert page.locator("[data-zone-note]").is_hidden()
        assert said == []
