"""Pictures of the parties' pages, on a phone: a filing, and a case."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import Image, ImageDraw

PHONE = {"width": 390, "height": 844}

WORDS = {
    "zh": {
        "goods": "儿童连体雨衣 黄色 120",
        "shop": "小橡果母婴专营店",
        "facts": "第一次穿时拉链拉到一半就从中间裂开。当天就联系了卖家。",
        "note": "裂口和整件商品的照片各一张。",
        "files": ("拉链裂开处.jpg", "整件商品.jpg"),
    },
    "en": {
        "goods": "Child's rain suit, yellow, 120",
        "shop": "Little Acorn",
        "facts": "The zip burst in the middle the first time it was worn.",
        "note": "Two photos: the tear, and the whole suit.",
        "files": ("tear.jpg", "suit.jpg"),
    },
}


def take_party(
    browser: Any, site: str, lang: str, keep: Callable[[Any, str, str], None]
) -> None:
    """Take the pictures of a language."""
    buyer = _who_negotiates(browser, site)
    page = browser.new_page(viewport=PHONE, color_scheme="light")
    page.goto(f"{site}/sign-in?lang={lang}&next=/cases")
    form = "form:has(input[name=role][value=buyer])"
    page.fill(f"{form} input[name=subject]", buyer)
    page.click(f"{form} button")
    page.wait_for_url(f"{site}/cases")
    _open_fullest(page, site)
    keep(page, "party-case", lang)
    page.goto(f"{site}/cases/new")
    _file(page, WORDS[lang])
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.set_viewport_size(PHONE | {"height": 1_500})
    keep(page, "filing", lang)


def _who_negotiates(browser: Any, site: str) -> str:
    """Return a buyer whose case is negotiated."""
    page = browser.new_context().new_page()
    page.goto(f"{site}/sign-in?lang=en&next=/desk")
    page.click("form:has(input[name=role][value=mediator]) button")
    page.wait_for_url(f"{site}/desk")
    page.goto(f"{site}/desk?phase=negotiating")
    found = re.search(r"\bb-[0-9]+\b", page.locator("table").inner_text())
    return found[0] if found else "b-001"


def _open_fullest(page: Any, site: str) -> None:
    """Open the case that has most to show: its offers, evidence and course."""
    links = page.locator(".cases a").all()
    paths = [f"{site}{one.get_attribute('href')}" for one in links[:8]]

    def shown(path: str) -> int:
        page.goto(path)
        return int(page.locator(".duo td, .grid li, .path li").count())

    page.goto(max(paths, key=shown))


def _file(page: Any, words: dict[str, Any]) -> None:
    """Write a filing as far as its last step."""
    ahead = "button[value=next]"
    page.fill("#order-id", "20261115-0042")
    page.fill("#seller", "s-01")
    page.fill("#order-paid-amount", "129.00")
    page.fill("#day", f"{datetime.now(UTC) - timedelta(days=6):%Y-%m-%d}")
    page.fill("#order-snapshot-title", words["goods"])
    page.fill("#order-snapshot-shop", words["shop"])
    page.click(ahead)
    page.check("input[name=category][value=quality]")
    page.check("input[name=reason][value=defect]")
    page.fill("#facts", words["facts"])
    page.click(ahead)
    page.check('input[name="claim.kind"][value=return-and-refund]')
    page.fill("#claim-amount-amount", "129.00")
    page.check('input[name="claim.freight"][value=seller]')
    page.fill("#contact", "13800000000")
    page.click(ahead)
    page.fill("#evidence-note", words["note"])
    files = [
        {"name": name, "mimeType": "image/jpeg", "buffer": _photo(n)}
        for n, name in enumerate(words["files"])
    ]
    page.set_input_files("#file-files", files)
    page.locator(".up img").nth(1).wait_for()


def _photo(number: int) -> bytes:
    """Return a drawing of cloth with a zip."""
    picture = Image.new("RGB", (640, 480), ("#f2b632", "#e8a820")[number])
    pen = ImageDraw.Draw(picture)
    for n in range(24):
        gap = 6 if number or n < 12 else (n - 12) * 7
        pen.rectangle((310 - gap, n * 20, 316 - gap, n * 20 + 12), "#7a5200")
        pen.rectangle((324 + gap, n * 20 + 8, 330 + gap, n * 20 + 20), "#7a5200")
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()
