"""The documentation as text: its pages in reading order, their blocks, links, spans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = tuple(
    ROOT / "docs" / f"{name}.md"
    for name in (
        "using-the-api",
        "pages",
        "wording",
        "installing",
        "operating",
        "callers",
        "deliveries",
        "clients",
        "security",
        "asvs",
        "the-log",
        "bundles",
        "personal-data",
        "importing",
        "reports",
        "lake",
        "analysing",
        "decisions",
        "contributing",
        "events",
        "access",
    )
)
"""In reading order; a command may use what the pages before it left behind."""

ALL = (README, *PAGES)

_FENCE = re.compile(r"(?P<indent> *)```(?P<language>[a-z]*) ?(?P<attributes>.*)")
_ATTRIBUTE = re.compile(r'(?P<name>[a-z-]+)(?:="(?P<value>[^"]*)")?')
_SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
_HEADING = re.compile(r"#+ (.*)")


class Block(Struct, frozen=True, kw_only=True):
    """A fenced block. `attributes`: the words after its language, with their values."""

    page: Path
    line: int
    language: str
    attributes: dict[str, str]
    text: str

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    """Yield the fenced blocks of a page, in order."""
    lines = enumerate(page.read_text("utf-8").splitlines(), 1)
    for number, line in lines:
        if opening := _FENCE.fullmatch(line):
            inside: list[str] = []
            for _, one in lines:
                if one == f"{opening['indent']}```":
                    break
                inside.append(one.removeprefix(opening["indent"]))
            found = _ATTRIBUTE.finditer(opening["attributes"])
            yield Block(
                page=page,
                line=number,
                language=opening["language"],
                attributes={one["name"]: one["value"] or "" for one in found},
                text="".join(f"{one}\n" for one in inside),
            )


def prose(page: Path) -> str:
    """Return a page without its fenced blocks."""
    return re.sub(
        r"^( *)```.*?^\1```$",
        "",
        page.read_text("utf-8"),
        flags=re.DOTALL | re.MULTILINE,
    )


def spans(page: Path) -> list[str]:
    """Return what a page sets in code within its sentences."""
    return [span.replace("\n", " ") for span in _SPAN.findall(prose(page))]


def links(page: Path) -> list[str]:
    """Return where the links of a page lead."""
    return _LINK.findall(prose(page))


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a page."""
    titles = (_HEADING.fullmatch(line) for line in prose(page).splitlines())
    return {
        re.sub(r"[^\w\- ]", "", title[1].lower()).replace(" ", "-")
        for title in titles
        if title
    }
