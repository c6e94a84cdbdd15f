"""Charts as PNG: their SVG, drawn as pixels with a font of our own.

Which fonts a server has would else decide what a chart looks like, and whether its
Chinese can be read at all.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from html import unescape
from pathlib import Path

import resvg_py

FONTS = Path(__file__).parent / "fonts"
FONT = FONTS / "noto-sans-sc-subset.otf"
FAMILY = "Noto Sans SC"
SCALE = 2.0
"""Pixels of a user unit: sharp on screens and in print."""

_KEPT = 64
_TEXT = re.compile(r"<text[^>]*>([^<]*)</text>")


@cache
def characters() -> frozenset[str]:
    """Return the characters that the font has: of our texts, and common Chinese ones.

    A code of a platform's own may be called by others.
    """
    return frozenset((FONTS / "characters.txt").read_text("utf-8"))


def can_be_drawn(svg: str) -> bool:
    """Tell whether the font has every character of a chart."""
    return all(set(unescape(one)) <= characters() for one in _TEXT.findall(svg))


@lru_cache(maxsize=_KEPT)
def picture_file(svg: str) -> bytes:
    """Return a chart's SVG file as PNG."""
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=SCALE,
        skip_system_fonts=True,
        font_files=[str(FONT)],
        font_family=FAMILY,
        sans_serif_family=FAMILY,
    )
