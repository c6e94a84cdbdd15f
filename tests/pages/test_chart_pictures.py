"""Charts as PNG: as large as their SVG, not blank, and every character can be read."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageFont

from interface.pages.charts.chart_export import chart_file
from interface.pages.charts.chart_picture import (
    FONT,
    FONTS,
    SCALE,
    can_be_drawn,
    characters,
    picture_file,
)
from interface.pages.charts.report_charts import charts
from tests.pages.public_reports import by_category, by_month, uncut, wording

ROOT = Path(__file__).parents[2]
TEXTS = ("application/texts.toml", "domain/policy/codes.toml", "interface/pages/texts")
SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)" font-family')
UNKNOWN = "\U0010fffd"


def pixels(svg: str) -> Image.Image:
    return Image.open(BytesIO(picture_file(svg))).convert("RGB")


def written(words: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40"'
        ' font-family="sans-serif"><rect width="200" height="40" fill="#fff"/>'
        f'<text x="4" y="28" font-size="20">{words}</text></svg>'
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_chart_is_a_picture_of_its_size(language: str) -> None:
    for report in (uncut(), by_month(), by_category()):
        for chart in charts(report, wording(language)):
            svg = chart_file(chart, "2026")
            size = SIZE.search(svg)
            assert size
            assert can_be_drawn(svg), chart.id
            picture = pixels(svg)
            wide, high = (float(one) * SCALE for one in size.groups())
            assert abs(picture.width - wide) <= 1
            assert abs(picture.height - high) <= 1
            colours = picture.getcolors(1 << 20) or []
            # Ink on paper, and the series.
            assert len(colours) > 20, chart.id
            assert max(colours)[1] == (255, 255, 255)


def test_the_font_has_what_it_is_said_to_have() -> None:
    font = ImageFont.truetype(str(FONT), 24)

    def shape(one: str) -> bytes:
        mask = font.getmask(one)
        return bytes(mask) + repr(mask.size).encode()

    missing = shape(UNKNOWN)
    assert [one for one in characters() - {"\n"} if shape(one) == missing] == []


def test_the_font_has_what_our_texts_say() -> None:
    said: set[str] = set()
    for name in TEXTS:
        path = ROOT / name
        for one in path.glob("*.toml") if path.is_dir() else (path,):
            said |= set(one.read_text("utf-8"))
    # Han characters and their stops; see docs/contributing.md for a new subset.
    han = {one for one in said if one >= "\u2e80"}
    assert han <= characters(), "".join(sorted(han - characters()))


def test_characters_are_drawn_and_told_apart() -> None:
    blank, one, other = (pixels(written(words)) for words in ("", "退款", "换货"))
    assert blank.getcolors() == [(blank.width * blank.height, (255, 255, 255))]
    assert len({bytes(each.tobytes()) for each in (blank, one, other)}) == 3


def test_no_font_of_the_system_is_used() -> None:
    # Letters of another script, which the subset leaves out and many systems have.
    left_out = "\u0416\u0636"
    assert not can_be_drawn(written(left_out))
    boxes = pixels(written(left_out)).tobytes()
    assert boxes in {
        pixels(written("")).tobytes(),
        pixels(written(UNKNOWN * 2)).tobytes(),
    }


def test_its_licence_stands_beside_it() -> None:
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text("utf-8")
