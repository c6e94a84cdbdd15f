"""Stacked bars: parts of categories or reasons, with what is withheld as one piece."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from interface.pages.charts.chart import Drawing, Gap, hatch_name
from interface.pages.charts.chart_scales import Bands, Frame, Linear
from interface.pages.charts.public_words import Wording
from interface.pages.charts.svg_marks import Hatch, Mark, Rectangle, Text, width_of
from projections.reports.public_rate import has_rate

NAME = "t-ink t-b"
SWATCH, SPACE = 18.0, 20.0
"""Of the legend: from a swatch to its word, and from a word to the next swatch."""

LEGEND_ROW = 22.0
LEAST_HATCH = 10.0
"""How wide a hatched piece is at least; the others leave it so much."""

REST = "c6"


class CategoryParts(Struct, frozen=True):
    """A category: its name, all cases, and the cells in the order of the columns.

    Of a reason, `within` is the name of its category, which stands above its reasons.
    """

    name: str
    total: int | Gap
    cells: tuple[int | Gap, ...]
    within: str = ""

    @property
    def full_name(self) -> str:
        """Return the name with that of its category, where it has one."""
        return f"{self.within} · {self.name}" if self.within else self.name

    @property
    def shown(self) -> int:
        """Return the sum of what is shown."""
        return sum(one for one in self.cells if not isinstance(one, Gap))

    @property
    def withholds(self) -> bool:
        """Tell whether a cell is withheld."""
        return Gap.WITHHELD in self.cells

    @property
    def base(self) -> int:
        """Return what shares are of: all parts, and what is withheld of the total.

        Rounded parts need not add up to their rounded total.
        """
        if not self.withholds or isinstance(self.total, Gap):
            return self.shown
        return max(self.shown, self.total)


class StackedBars(Struct, frozen=True):
    """A bar for each category. `columns` are the codes of its parts, `names` theirs.

    `colours` are those of codes that have one; the others share one.
    """

    id: str
    colours: Mapping[str, str]
    columns: Sequence[str]
    names: Sequence[str]
    rows: Sequence[CategoryParts]
    wording: Wording

    def seen(self) -> Iterator[str]:
        """Yield what one sees of each category."""
        for row in self.rows:
            cells = zip(row.cells, self.names, strict=True)
            shown = [(n, name) for n, name in cells if not isinstance(n, Gap)]
            most, name = max(shown, default=(0, ""))
            if most:
                share, number = self._share(most, row), self.wording.number(most)
                yield self.wording.say(
                    "shares",
                    "seen-row" if share else "seen-row-few",
                    name=row.full_name,
                    most_name=name,
                    share=share,
                    n=number,
                )
            if row.withholds:
                yield self.wording.say("shares", "seen-withheld", name=row.full_name)

    def drawing(self, frame: Frame) -> Drawing:
        """Draw the bars below their legend; on a narrow page names stand above."""
        left = self._left(frame)
        legend = list(self._legend(frame, left))
        top = max(one.y for one in legend if isinstance(one, Text)) + 14
        entries = list(self._entries())
        bands = Bands(len(entries), top, 36 if frame.is_wide else 54)
        x = Linear(0, 1, left, frame.width - 2)
        marks = [Hatch(hatch_name(self.id, frame)), *legend]
        for number, row in enumerate(entries):
            y = bands.middle(number) + (0 if frame.is_wide else 8)
            if isinstance(row, str):
                marks.append(Text(0, y + 8, row, NAME))
                continue
            marks += [*self._named(frame, row, left, y), *self._bar(frame, row, x, y)]
        return Drawing(frame=frame, height=bands.end + 4, marks=tuple(marks))

    def _share(self, cell: int, row: CategoryParts) -> str:
        """Return a rate of a row; "" of too few cases."""
        return self.wording.percent(cell / row.base) if has_rate(row.base) else ""

    def _entries(self) -> Iterator[CategoryParts | str]:
        """Yield the rows, and before those of a category its name."""
        above = ""
        for row in self.rows:
            if row.within != above:
                above = row.within
                yield above
            yield row

    def _left(self, frame: Frame) -> float:
        if not frame.is_wide:
            return 0
        names = max(width_of(one.name, NAME) for one in self.rows)
        return names + max(width_of(self._total(one)) for one in self.rows) + 38

    def _total(self, row: CategoryParts) -> str:
        return self.wording.cell(row.total, "cases")

    def _named(
        self, frame: Frame, row: CategoryParts, left: float, y: float
    ) -> Iterator[Mark]:
        kind = "t-ink" if row.within else NAME
        if frame.is_wide:
            yield Text(0, y + 5, row.name, kind)
            yield Text(left - 14, y + 5, self._total(row), "t-end")
        else:
            yield Text(0, y - 19, f"{row.name} {self._total(row)}", kind)

    def _colour(self, code: str) -> str:
        return self.colours.get(code, REST)

    def _bar(
        self, frame: Frame, row: CategoryParts, x: Linear, y: float
    ) -> Iterator[Mark]:
        if not row.base and not row.withholds:
            return
        room = x.end - x.start
        hidden = 0.0
        if row.withholds:
            # Of what the shown numbers leave: nothing else is known of it.
            left_over = (row.base - row.shown) / row.base * room if row.base else room
            hidden = max(left_over, LEAST_HATCH)
        scale = (room - hidden) / row.shown if row.shown else 0
        if not row.withholds:
            scale = room / row.base
        at = x.start
        for cell, code in zip(row.cells, self.columns, strict=True):
            if isinstance(cell, Gap) or not cell:
                continue
            wide, colour = cell * scale, self._colour(code)
            yield Rectangle(at, y - 12, max(wide - 1.5, 0.5), 24, f"{colour} fill")
            # Of few cases a piece has no rate, and says how many they are.
            label = self._share(cell, row) or self.wording.number(cell)
            if wide > width_of(label, "t-s t-b") + 8:
                kind = f"{colour} t-mid t-s t-b on-fill"
                yield Text(at + wide / 2, y + 4.5, label, kind)
            at += wide
        if row.withholds:
            pattern = hatch_name(self.id, frame)
            yield Rectangle(at, y - 11.5, x.end - at - 0.5, 23, "hatch", pattern)

    def _legend(self, frame: Frame, left: float) -> Iterator[Mark]:
        """Yield a swatch for each colour, in rows that are as wide as the frame."""
        named: dict[str, list[str]] = {}
        for code, name in zip(self.columns, self.names, strict=True):
            named.setdefault(self._colour(code), []).append(name)
        entries = [
            (colour, each[0] if len(each) == 1 else self.wording.say("shares", "other"))
            for colour, each in named.items()
        ]
        if any(one.withholds for one in self.rows):
            entries.append(("", self.wording.say("gaps", "withheld")))
        x, y = left, 2.0
        for colour, name in entries:
            wide = SWATCH + width_of(name, "t-ink")
            if x > left and x + wide > frame.width:
                x, y = left, y + LEGEND_ROW
            kind = f"{colour} fill" if colour else "hatch"
            pattern = None if colour else hatch_name(self.id, frame)
            yield Rectangle(x, y, 12, 12, kind, pattern)
            yield Text(x + SWATCH, y + 11, name, "t-ink")
            x += wide + SPACE
