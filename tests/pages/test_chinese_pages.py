"""No English word stands in a Chinese page: not on any page that browsers visit."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from application.imports.mapping import EVENTS
from domain.case.dispute import Phase
from interface.bootstrap import System
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.conftest import People
from tests.http.conftest import whole_worker as background
from tests.pages.conftest import Browse
from tests.pages.page_visits import reader_of
from tests.pages.page_words import NAMES
from tests.pages.visited_cases import visited_cases
from tests.pages.visited_pages import VISITED

__all__ = ["background"]

pytestmark = pytest.mark.long

VOID = frozenset({"br", "img", "input", "link", "meta", "hr", "path", "rect"})
THEIRS = frozenset({"bdi", "textarea", "blockquote"})
WORD = re.compile(r"[A-Za-z]{2,}")
NAMED = re.compile(
    r"redress(\.localhost\S*)?|PEM|\.(zip|json)|/v1/\S+|\b[a-z]-\d+\b"
    r"|\b(proof|sample-platform|standard)\b|\b[0-9a-f]{12,32}\b"
)
"""Names that stand in sentences: files, addresses, rules, digests, ids of people."""

WRITTEN = (
    *("The kettle leaks at the handle.", "It left us whole.", "crack.png", "SF"),
    *("Was it delivered?", "The carrier called.", "Was it defective?", "Half."),
    *("The photo shows the crack.", "The photo shows another kettle.", "Why half?"),
)
"""What the people of the visited cases wrote, in their own language."""


class Prose(HTMLParser):
    """Collects what a page says of its own, and the codes that it shows.

    What people wrote stands in <bdi>, in .theirs or in a language of its own; codes
    stand in <code>.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.codes: list[str] = []
        self._above: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        for name in ("aria-label", "placeholder", "alt"):
            if name in named and not self._kinds & {"theirs"}:
                self.said.append(named[name])
        if tag in VOID:
            return
        classes = set(named.get("class", "").split())
        kind = ""
        if tag in {"code", "pre", "kbd", "title"}:
            kind = "code"
        elif tag in THEIRS or classes & {"said", "theirs"} or named.get("lang") == "en":
            kind = "theirs"
        self._above.append((tag, kind))

    def handle_endtag(self, tag: str) -> None:
        while self._above and self._above.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        kinds = self._kinds
        if "code" in kinds:
            self.codes.append(data.strip())
        elif "theirs" not in kinds:
            self.said.append(data)

    @property
    def _kinds(self) -> set[str]:
        return {kind for _, kind in self._above}


def english(words: str) -> list[str]:
    for one in WRITTEN:
        words = words.replace(one, "")
    return WORD.findall(NAMED.sub("", NAMES.sub("", words)))


def test_a_chinese_page_says_nothing_in_english(
    browse: Browse, people: People, background: Worker, clock: Clock, system: System
) -> None:
    named = visited_cases(people, background, clock, system)
    faults = []
    raw = {*EVENTS} - {*Phase}
    for visited in VISITED:
        path = visited.path.format(**named)
        page = reader_of(browse, visited, path, "zh").get(path, lang="zh").text
        prose = Prose(page)
        faults += [(path, one.strip()) for one in prose.said if english(one)]
        # A kind of a fact is told in words; its code is no word.
        faults += [(path, one) for one in prose.codes if one in raw]
    assert not faults, "\n".join(f"{path}: {said}" for path, said in faults)
