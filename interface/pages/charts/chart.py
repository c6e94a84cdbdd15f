"""A chart: what it shows, how to read it, its drawings, and the table of its data."""

from __future__ import annotations

from enum import StrEnum
from html import escape

from msgspec import Struct

from interface.pages.charts.chart_scales import Frame
from interface.pages.charts.svg_marks import Mark, written


class Gap(StrEnum):
    """Why there is no number: withheld, nothing counted, or too few for a rate."""

    WITHHELD = "withheld"
    NOTHING = "nothing"
    FEW = "few"


Cell = str | int | float | Gap
"""A name, a number of cases, a number with a fraction, or why there is none."""


class DataTable(Struct, frozen=True, kw_only=True):
    """The rows that a chart is drawn from; the first cell of each is its name.

    `units` says of each column what its numbers are: cases, days, a share of 1, or "".
    """

    caption: str
    head: tuple[str, ...]
    units: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def withholds(self) -> bool:
        """Tell whether a cell of it is withheld."""
        return any(Gap.WITHHELD in row for row in self.rows)

    @property
    def has_rates(self) -> bool:
        """Tell whether there is a column of shares."""
        return "share" in self.units


class Drawing(Struct, frozen=True, kw_only=True):
    """A chart drawn for one frame; all marks lie within its width and height."""

    frame: Frame
    height: float
    marks: tuple[Mark, ...]


class Chart(Struct, frozen=True, kw_only=True):
    """A chart, drawn for a wide and a narrow page.

    `reading` says how to read its marks, `seen` what one sees, for those who do not
    see it; `source` which definitions its numbers have.
    """

    id: str
    heading: str
    reading: str
    seen: str
    source: str
    drawings: tuple[Drawing, ...]
    table: DataTable
    is_full: bool = True

    def svg(self, drawing: Drawing) -> str:
        """Write a drawing as a part of a page; its words are escaped."""
        key = f"{self.id}-{drawing.frame.kind}"
        box = f"0 0 {drawing.frame.width:g} {drawing.height:g}"
        return (
            f'<svg class="{drawing.frame.kind}" role="img"'
            f' aria-labelledby="{key}-t {key}-d" viewBox="{box}">'
            f'<title id="{key}-t">{escape(self.heading)}</title>'
            f'<desc id="{key}-d">{escape(self.seen)}</desc>\n'
            f"{written(drawing.marks)}\n</svg>"
        )


def hatch_name(chart: str, frame: Frame) -> str:
    """Return the name of a chart's pattern, which no other drawing of a page has."""
    return f"hatch-{chart}-{frame.kind}"
