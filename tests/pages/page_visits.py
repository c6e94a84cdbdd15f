"""Visits pages in Chromium, whose requests the application of a test answers itself."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.pages.conftest import Browse, Browser
from tests.pages.layout_shifts import HeldScripts, layout_shifts, watch
from tests.pages.record_reader import RecordReaders
from tests.pages.visited_pages import VisitedPage

HOST = "http://pages.test"
AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
WIDTHS = (390, 1440)
SEE_OTHER = 303
LOADED = re.compile(r'(?:href|src)="(/assets/[^"]+\.(css|js))"')

_RUN = """async (rules) => {
    const only = rules.length ? { runOnly: { type: "rule", values: rules } } : {};
    const found = await axe.run(document, { resultTypes: ["violations"], ...only });
    return found.violations.map((one) =>
        [one.id, ...one.nodes.slice(0, 4).map((n) => n.html.slice(0, 160))]
            .join(" | "));
}"""


_CUT = """() => [...document.querySelectorAll(".table-box, .ledger")]
    .filter((one) => one.scrollWidth > one.clientWidth + 1)
    .map((one) => one.getAttribute("aria-label") || one.innerText.slice(0, 60))"""
"""What a reader of a wide page has to scroll sideways to see whole: nothing."""


class Visit:
    """A page of a browser that is one reader's, and what the page complained of."""

    def __init__(self, chromium: Any, reader: Browser, **options: Any) -> None:
        self.reader = reader
        self.context = chromium.new_context(**options)
        self.said: list[str] = []
        self.held = HeldScripts()
        self.page = self.opened()
        watch(self.context)

    def opened(self) -> Any:
        """Open one more page in the same browser."""
        page = self.context.new_page()
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.route("**/*", self._answer)
        return page

    def _answer(self, route: Any) -> None:
        asked = route.request
        path = asked.url.removeprefix(HOST)
        self.held.before(path)
        if asked.method == "POST":
            answer = self.reader.sent(path, asked.post_data_buffer, asked.headers)
            # What a page of a route leads to would be asked of the network.
            if answer.status_code == SEE_OTHER:
                answer = self.reader.get(answer.headers["location"])
        else:
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

    def close(self) -> None:
        self.context.close()


class AxeVisits:
    """Visits pages with axe; `faults` says what is wrong, and where."""

    def __init__(self, chromium: Any, browse: Browse, named: dict[str, str]) -> None:
        self.chromium, self.browse, self.named = chromium, browse, named
        self.axe = AXE.read_text("utf-8")
        self.faults: list[str] = []

    def look(self, visited: VisitedPage, lang: str) -> None:
        """Look at a page, wide and narrow, light and dark."""
        path = visited.path.format(**self.named)
        reader = reader_of(self.browse, visited, path, lang)
        joint = "&" if urlsplit(path).query else "?"
        visit = Visit(self.chromium, reader, color_scheme="light")
        page = visit.page
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            visit.goto(f"{path}{joint}lang={lang}")
            self.faults += [
                f"{path} {lang} {width} moves: {one}" for one in layout_shifts(page)
            ]
            page.evaluate(self.axe)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                self.faults.append(f"{path} {lang} {width}: {wide} px wide")
            if width == max(WIDTHS):
                cut = page.evaluate(_CUT)
                self.faults += [f"{path} {lang} {width}: {one} is cut" for one in cut]
            self.examine(page, f"{path} {lang} {width} light")
            page.emulate_media(color_scheme="dark")
            # Nothing but colours differs.
            self.examine(page, f"{path} {lang} {width} dark", "color-contrast")
            page.emulate_media(color_scheme="light")
        # A page that is refused, or not there, is said to be so in the console.
        if visit.said and not visited.is_refused:
            self.faults.append(f"{path} {lang}: {visit.said}")
        visit.close()

    def examine(self, page: Any, where: str, *rules: str) -> None:
        """Note what axe finds on a page as it is, by some rules or by all."""
        found = page.evaluate(_RUN, list(rules))
        self.faults += [f"{where}: {one}" for one in found]


def reader_of(
    browse: Browse, visited: VisitedPage, path: str, lang: str = "zh"
) -> Browser:
    """Return who reads a page; of the record, one who has said why."""
    if visited.role is None or not path.startswith("/record"):
        return browse(
            visited.role, visited.subject, lang=lang, platform=visited.platform
        )
    readers = RecordReaders(browse.http, browse.system)
    return readers.who_has_said(
        path,
        role=visited.role,
        subject=visited.subject,
        lang=lang,
        platform=visited.platform,
    )


def weights(reader: Browser, path: str) -> dict[str, int]:
    """Return how many bytes of style and of script a page loads, packed by gzip."""
    found = {"css": 0, "js": 0}
    for address, kind in set(LOADED.findall(reader.get(path).text)):
        found[kind] += len(gzip.compress(reader.get(address).content))
    return found
