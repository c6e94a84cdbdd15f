"""`make screenshots`: drives the demo, and takes the pictures that the pages show.

The pictures are in docs/pictures, in both languages: `desk.png` and `desk-zh.png`. A
database of its own is started for it, and nothing of it is left.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image

from tests.pages.browser import chromium
from tests.pages.party_pictures import take_party
from tests.postgres import running
from tests.processes import (
    Process,
    free_port,
    kill_what_is_left,
    serving_environ,
    wait_until_ready,
)

FOLDER = Path("docs/pictures")
CASES = "300"
DESKTOP = {"width": 1440, "height": 900}
TALL = {"width": 1440, "height": 1500}
LOOKED_AT = 12

PURPOSE = {"zh": "第三季度例行抽查", "en": "Routine check of the third quarter"}


def main() -> None:
    """Take every picture anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        running() as server,
        server.database() as url,
        TemporaryDirectory(prefix="screenshots-") as home,
    ):
        port = free_port()
        environ = serving_environ(url, Path(home), port, REDRESS_KEYS_URL=url)
        _run(environ, "demo", "--cases", CASES, "--no-serve")
        Process(environ, "serve", "--with-worker")
        try:
            site = f"http://127.0.0.1:{port}"
            wait_until_ready(site)
            for lang in ("en", "zh"):
                take(site, lang)
        finally:
            kill_what_is_left()


def take(site: str, lang: str) -> None:
    """Take the pictures of a language."""
    with chromium() as browser:
        page = signed_in(browser, site, lang, "mediator")
        keep(page, "desk", lang)
        _open(page, site, "performing", lang, "#evidence .ev, #ruling .doc")
        page.set_viewport_size(TALL)
        keep(page, "case", lang)
        keep(page, "case-ledger", lang, page.locator("#ledger .ledger"))
        case = page.url.partition("?")[0].rpartition("/")[2]
        page = signed_in(browser, site, lang, "supervisor")
        _open(page, site, "ruling", lang, "#evidence .ev")
        assess(page)
        page.goto(f"{page.url.partition('?')[0]}/ruling")
        write(page, lang)
        keep(page, "ruling", lang)
        page.goto(f"{site}/figures?lang={lang}")
        keep(page, "figures", lang)
        page = signed_in(browser, site, lang, "regulator", "/sign-in")
        # The moment of the sixth event, told to whoever has said why.
        page.goto(f"{site}/record/cases/{case}?at=6")
        page.fill("#purpose", PURPOSE[lang])
        page.click("form:has(#purpose) button")
        page.wait_for_url("**/record/cases/**")
        page.set_viewport_size(TALL)
        keep(page, "story", lang)
        take_party(browser, site, lang, keep)


def signed_in(
    browser: Any, site: str, lang: str, role: str, first: str = "/desk"
) -> Any:
    """Return a page of a new browser window, signed in as a role."""
    page = browser.new_page(viewport=DESKTOP, color_scheme="light")
    page.goto(f"{site}/sign-in?lang={lang}&next={first}")
    page.click(f"form:has(input[name=role][value={role}]) button")
    page.wait_for_url(f"{site}{first}")
    return page


WORDS = {
    "zh": (
        "商品送达时是否存在质量问题",
        "存在。开箱照片显示裂纹位于包装内侧。卖家未能证明出库时完好。",
    ),
    "en": (
        "Was the item faulty when it arrived?",
        "It was. The photos of the unpacking show a crack under the wrapping.",
    ),
}


def assess(page: Any) -> None:
    """Find all evidence of a case authentic, relevant and lawful."""
    forms = page.locator(".ev > form")
    while forms.count():
        for name in ("authentic", "relevant", "legal"):
            forms.first.locator(f"input[name={name}][value=true]").check()
        forms.first.locator("button:not([name=only])").click()
        page.wait_for_url("**?done=evidence-assessment")


def write(page: Any, lang: str) -> None:
    """Write a decision, as far as the picture shows it."""
    issue, finding = WORDS[lang]
    page.fill("#r-reasons-0-issue", issue)
    page.fill("#r-reasons-0-finding", finding)
    for radio in page.locator('input[value="relied"]:not([disabled])').all():
        radio.check()
    if not page.input_value("#r-reasons-0-cites"):
        page.select_option("#r-reasons-0-cites", index=2)
    page.check("#r-liability input[value=seller]")
    page.locator("#live-preview", has_text=finding[:10]).wait_for()
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")


def keep(page: Any, name: str, lang: str, part: Any = None) -> None:
    """Write a picture of a page, or of a part of it, into the folder."""
    page.wait_for_load_state("networkidle")
    taken = (part or page).screenshot(animations="disabled")
    # A palette would be smaller, and make a rare green tick a grey one.
    picture = Image.open(io.BytesIO(taken)).convert("RGB")
    tail = "" if lang == "en" else f"-{lang}"
    picture.save(FOLDER / f"{name}{tail}.png", optimize=True)


def _open(page: Any, site: str, phase: str, lang: str, full: str) -> None:
    """Open the fullest case of a phase in a language; `full`: what is counted in it."""
    page.goto(f"{site}/desk?phase={phase}")
    links = page.locator("tr.row th a").all()
    fits = re.compile("[\u3400-\u9fff]" if lang == "zh" else "^[ -~]+$")
    found = [one for one in links if fits.search(one.inner_text())] or links
    paths = [f"{site}{one.get_attribute('href')}" for one in found[:LOOKED_AT]]
    best = max(paths, key=lambda path: _count(page, path, full))
    page.goto(best)


def _count(page: Any, path: str, full: str) -> int:
    page.goto(path)
    return int(page.locator(full).count())


def _run(environ: dict[str, str], *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "interface", *arguments],
        env=os.environ | environ,
        check=True,
    )


if __name__ == "__main__":
    main()
