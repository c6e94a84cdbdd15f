"""How the log has grown: its entries over time, by the last checkpoint of each day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from application.log.sign.daily_growth import DayOfLog
from interface.pages.charts.chart import Cell, Chart, DataTable, Drawing, Gap
from interface.pages.charts.chart_scales import FULL, PHONE, Frame, Linear, round_top
from interface.pages.charts.public_words import Wording
from interface.pages.charts.svg_marks import Dot, Line, Mark, Polyline, Text, width_of

ID = "log-growth"
LEAST_DAYS = 2
MOST_DOTS = 62
"""Of more days the line alone is drawn: dots would cover each other."""

LABEL = "t-ink t-b"


def log_growth(days: Sequence[DayOfLog], wording: Wording, today: date) -> Chart | None:
    """Draw days of the log, the first one first; None of fewer than two.

    Days of another year than that of `today` are named with theirs.
    """
    if len(days) < LEAST_DAYS:
        return None
    first, last = days[0], days[-1]
    heading = wording.say("growth", "heading")
    return Chart(
        id=ID,
        heading=heading,
        reading=wording.say("growth", "reading"),
        seen=wording.say(
            "growth",
            "seen",
            first=wording.number(first.size),
            last=wording.number(last.size),
            from_day=wording.day(first.day),
            to_day=wording.day(last.day),
        ),
        source=wording.say("growth", "source"),
        drawings=tuple(_drawn(frame, days, wording, today) for frame in (FULL, PHONE)),
        table=_table(days, wording),
    )


def _drawn(
    frame: Frame, days: Sequence[DayOfLog], wording: Wording, today: date
) -> Drawing:
    height = 300.0 if frame.is_wide else 250.0
    top = round_top(max(one.size for one in days))
    end = wording.number(days[-1].size)
    left = width_of(wording.number(top)) + 14
    first, last = days[0].day.toordinal(), days[-1].day.toordinal()
    x = Linear(first, last, left, frame.width - width_of(end, LABEL) - 18)
    y = Linear(0, top, height - 44, 16)
    points = tuple((x(one.day.toordinal()), y(one.size)) for one in days)
    marks = [
        *_grid(x, y, wording),
        *_names(days, x, y, wording, today),
        Polyline(points, "c1 line stroke"),
        *(Dot(*at, "c1 fill", 3) for at in points if len(points) <= MOST_DOTS),
        Text(x.end + 12, points[-1][1] + 4, end, LABEL),
    ]
    return Drawing(frame=frame, height=height, marks=tuple(marks))


def _grid(x: Linear, y: Linear, wording: Wording) -> Iterator[Mark]:
    for tick in y.ticks():
        yield Line(x.start, y(tick), x.end, y(tick), "grid" if tick else "axis")
        yield Text(x.start - 8, y(tick) + 4, wording.number(tick), "t-end")


def _names(
    days: Sequence[DayOfLog], x: Linear, y: Linear, wording: Wording, today: date
) -> Iterator[Text]:
    """Yield as many names of days as fit: each beside the next with a gap."""
    free = x.start
    for one in days:
        is_now = one.day.year == today.year
        name = (wording.short_day if is_now else wording.dated_day)(one.day)
        at = x(one.day.toordinal())
        half = width_of(name) / 2
        if at - half >= free - half * (one is days[0]):
            yield Text(at, y.start + 20, name, "t-mid")
            free = at + half + 12


def _table(days: Sequence[DayOfLog], wording: Wording) -> DataTable:
    before: list[DayOfLog | None] = [None, *days[:-1]]
    rows: list[tuple[Cell, ...]] = [
        (
            wording.day(one.day),
            one.size,
            Gap.NOTHING if earlier is None else one.size - earlier.size,
        )
        for one, earlier in zip(days, before, strict=True)
    ]
    return DataTable(
        caption=wording.say("growth", "heading"),
        head=tuple(wording.say("log", one) for one in ("day", "size", "more")),
        units=("", "cases", "change"),
        rows=tuple(reversed(rows)),
    )
