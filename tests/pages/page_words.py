"""What a reader sees of a page, and of which language it is."""

from __future__ import annotations

import re
from html.parser import HTMLParser

NAMES = re.compile(
    r"CSV|SVG|PNG|JSON|UTC|PDF|[KM]?B\b|Redress|English|[a-z0-9]+(-[a-z0-9]+)*[-/]\d+|[0-9a-f]{64}"
    r"|2026-Q3|https?://\S+|\bshop\b|\bs-\d\b"
)
"""What stays as it is in a Chinese page: names, ids of definitions, digests."""


class Words(HTMLParser):
    """Collects the words of a page; code stands in <code> and <pre>, and is none."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._off = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._off += tag in {"code", "pre", "title"}
        named = dict(attrs)
        self.found += [named[one] or "" for one in ("aria-label",) if one in named]

    def handle_endtag(self, tag: str) -> None:
        self._off -= tag in {"code", "pre", "title"}

    def handle_data(self, data: str) -> None:
        if not self._off:
            self.found.append(data)


def check_language(page: str, language: str) -> None:
    for words in Words(page).found:
        plain = NAMES.sub("", words)
        if language == "zh":
            assert not re.search("[A-Za-z]", plain), words
        else:
            plain = plain.replace("中文", "")
            assert not re.search("[\u3000-\u9fff\uff00-\uffef]", plain), words
