"""A dot plot: for each row a dot, and a diamond where another definition differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from interface.pages.charts.chart import Drawing, Gap, hatch_name
from interface.pages.charts.chart_scales import Bands, Frame, Linear
from interface.pages.charts.svg_marks import (
    Diamond,
    Dot,
    Hatch,
    Line,
    Mark,
    Rectangle,
    Text,
    width_of,
)

NAME = "t-ink t-b"
ROOM = 44.0
"""Beside the scale, for the label of a mark at its end."""

UNKNOWN_WIDTH = 40.0


class DotRow(Struct, frozen=True):
    """A row: its name, the value of the headline definition, and that of the other."""

    name: str
    headline: float | Gap
    other: float | Gap


class DotPlot(Struct, frozen=True, kw_only=True):
    """Rows on an axis from `low` to `high`.

    `label` writes a value beside its mark, `tick` one under the axis; `withheld` is
    the word where there is no value.
    """

    id: str
    rows: Sequence[DotRow]
    low: float
    high: float
    label: Callable[[float], str]
    tick: Callable[[float], str]
    gap: Callable[[Gap], str]

    def drawing(self, frame: Frame) -> Drawing:
        """Draw it; on a narrow page names stand above their rows."""
        bands = Bands(len(self.rows), 4, 44 if frame.is_wide else 64)
        marks = tuple(self._marks(frame, bands))
        return Drawing(frame=frame, height=bands.end + 26, marks=marks)

    def _marks(self, frame: Frame, bands: Bands) -> Iterator[Mark]:
        left = max(width_of(one.name, NAME) for one in self.rows) + 24
        # The word under the first tick must not stand out of the drawing.
        first = width_of(self.tick(self.low)) / 2
        start = left if frame.is_wide else first
        x = Linear(self.low, self.high, start, frame.width - ROOM)
        yield Hatch(hatch_name(self.id, frame))
        for tick in x.ticks():
            yield Line(x(tick), bands.start, x(tick), bands.end, "grid")
            yield Text(x(tick), bands.end + 18, self.tick(tick), "t-mid")
        for number, row in enumerate(self.rows):
            y = bands.middle(number) + (6 if frame.is_wide else 16)
            yield Text(0, y + 4 if frame.is_wide else y - 30, row.name, NAME)
            yield Line(x.start, y, x.end, y, "grid")
            yield from self._row(frame, row, x, y)

    def _row(self, frame: Frame, row: DotRow, x: Linear, y: float) -> Iterator[Mark]:
        if isinstance(row.headline, Gap):
            if row.headline is Gap.WITHHELD:
                pattern = hatch_name(self.id, frame)
                yield Rectangle(x.start, y - 8, UNKNOWN_WIDTH, 16, "hatch", pattern)
            at = x.start + UNKNOWN_WIDTH + 8
            yield Text(at, y + 4, self.gap(row.headline), "t-s halo")
            return
        at, words = x(row.headline), self.label(row.headline)
        if not isinstance(row.other, Gap) and row.other != row.headline:
            other = x(row.other)
            yield Line(at, y, other, y, "c1 stroke")
            yield Diamond(other, y, "c1 hollow")
            away = (11, "t-s halo") if other > at else (-11, "t-s t-end halo")
            yield Text(other + away[0], y + 4, self.label(row.other), away[1])
        yield Dot(at, y, "c1 fill")
        yield Text(at, y - 11, words, "t-mid t-s t-ink t-b halo")
