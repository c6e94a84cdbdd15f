"""The lines of what was filed and closed, month by month, with their axes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from interface.pages.charts.chart import Drawing, Gap, hatch_name
from interface.pages.charts.chart_scales import Frame, Linear
from interface.pages.charts.public_words import Wording
from interface.pages.charts.svg_marks import (
    Diamond,
    Dot,
    Hatch,
    Line,
    Mark,
    Polyline,
    Rectangle,
    Text,
    width_of,
)

ID = "filed-closed"
APART = 17.0
"""Between the base lines of the two labels at the ends of the lines."""

LABEL = "t-ink t-b"


class MonthCounts(Struct, frozen=True):
    """What was filed and closed in a month, given as "2026-03"."""

    key: str
    opened: int | Gap
    closed: int | Gap


class Series(Struct, frozen=True):
    """A line: its figure and the classes of its line and marks."""

    name: str
    colour: str
    is_headline: bool


SERIES = (
    Series("opened", "c1", is_headline=True),
    Series("closed", "c2", is_headline=False),
)


def drawn(
    frame: Frame, months: Sequence[MonthCounts], top: float, wording: Wording
) -> Drawing:
    """Draw the lines in a frame, on an axis from 0 to `top`."""
    height = 300.0 if frame.is_wide else 250.0
    left = width_of(wording.number(top)) + 14
    labels = [_label(frame, one, months, wording) for one in SERIES]
    right = frame.width - max(width_of(one, LABEL) for one in labels) - 18
    x = Linear(0, len(months) - 1, left, right)
    y = Linear(0, top, height - 44, 16)
    marks = [
        Hatch(hatch_name(ID, frame)),
        *_axes(months, x, y, wording),
        *_hidden(frame, months, x, y),
        *(mark for one in reversed(SERIES) for mark in _line(one, months, x, y)),
        *_labels(labels, months, x, y),
    ]
    return Drawing(frame=frame, height=height, marks=tuple(marks))


def _axes(
    months: Sequence[MonthCounts], x: Linear, y: Linear, wording: Wording
) -> Iterator[Mark]:
    for tick in y.ticks():
        yield Line(x.start, y(tick), x.end, y(tick), "grid" if tick else "axis")
        yield Text(x.start - 8, y(tick) + 4, wording.number(tick), "t-end")
    names = [wording.month(one.key, short=True) for one in months]
    # As many names as fit: each beside the next with a gap.
    room = (x.end - x.start) / (len(months) - 1)
    every = next(n for n in range(1, 100) if n * room > max(map(width_of, names)) + 8)
    years = set()
    for i, (name, month) in enumerate(zip(names, months, strict=True)):
        if i % every:
            continue
        yield Text(x(i), y.start + 20, name, "t-mid")
        year = month.key[:4]
        if year not in years:
            years.add(year)
            yield Text(x(i), y.start + 38, year, "t-mid t-s t-ink")


def _hidden(
    frame: Frame, months: Sequence[MonthCounts], x: Linear, y: Linear
) -> Iterator[Mark]:
    """Yield a hatched column for each month of which a number is withheld."""
    half = (x.end - x.start) / (len(months) - 1) / 4
    for i, month in enumerate(months):
        if Gap.WITHHELD in (month.opened, month.closed):
            left, right = max(x(i) - half, x.start), min(x(i) + half, x.end)
            yield Rectangle(
                left,
                y.end,
                right - left,
                y.start - y.end,
                "hatch",
                hatch_name(ID, frame),
            )


def _line(
    series: Series, months: Sequence[MonthCounts], x: Linear, y: Linear
) -> Iterator[Mark]:
    points = [
        None if isinstance(n := getattr(one, series.name), Gap) else (x(i), y(n))
        for i, one in enumerate(months)
    ]
    dash = "" if series.is_headline else " dash"
    # A line is broken where a number is withheld: it must not show a way through.
    for run in _runs(points):
        if len(run) > 1:
            yield Polyline(tuple(run), f"{series.colour} line stroke{dash}")
        for at in run:
            if series.is_headline:
                yield Dot(*at, f"{series.colour} fill", 3.5)
            else:
                yield Diamond(*at, f"{series.colour} hollow", 4.5)


def _runs(
    points: Sequence[tuple[float, float] | None],
) -> Iterator[list[tuple[float, float]]]:
    run: list[tuple[float, float]] = []
    for one in (*points, None):
        if one is not None:
            run.append(one)
        elif run:
            yield run
            run = []


def _label(
    frame: Frame, series: Series, months: Sequence[MonthCounts], wording: Wording
) -> str:
    name, last = wording.say("flow", series.name), getattr(months[-1], series.name)
    if isinstance(last, Gap) or not frame.is_wide:
        return name
    return f"{name} {wording.number(last)}"


def _labels(
    labels: Sequence[str], months: Sequence[MonthCounts], x: Linear, y: Linear
) -> Iterator[Mark]:
    """Yield the names of the lines at their ends, one below the other if too near."""
    ends = [getattr(months[-1], one.name) for one in SERIES]
    places = [y(0 if isinstance(n, Gap) else n) + 4 for n in ends]
    upper, lower = sorted(range(2), key=lambda i: places[i])
    if places[lower] - places[upper] < APART:
        middle = (places[upper] + places[lower]) / 2
        places[upper], places[lower] = middle - APART / 2, middle + APART / 2
    for label, place in zip(labels, places, strict=True):
        yield Text(x.end + 14, place, label, LABEL)
