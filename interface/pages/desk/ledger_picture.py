"""The deadline ledger of a case as a picture: a bar for each limit on an axis of days.

Solid is what was used, an outline what is left, hatched what stood still, dotted an
extension, pale what went over the end; a black tick is the end, a disc says met or
missed. Pure: from entries to numbers, which the template draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from math import ceil
from typing import TypeAlias
from zoneinfo import ZoneInfo

from msgspec import Struct

from application.texts import say
from domain.deadlines.ledger_entry import Entry
from interface.api.responses.case_parts import WaitingShown
from interface.pages.charts.svg_marks import width_of
from interface.pages.page_times import PageTimes

LEFT, RIGHT, TOP, ROW = 215, 24, 44, 30
"""Units of the drawing: room for names, after the days, for the axis, and of a row."""

LINE, GAP = 13, 12
"""Of each further line of a name, and between words and bars."""

DAY_UNITS, LEAST_WIDTH = 24, 520
WEEKLY_FROM = 40
"""From so many days on, only each week has a tick."""

DAY = timedelta(days=1)

Scale: TypeAlias = Callable[[datetime], float]
"""Where a time lies in the drawing."""


class Piece(Struct, frozen=True):
    """A part of a bar: its kind (used, left, paused, extended, over), place, width."""

    kind: str
    x: float
    width: float


class LedgerBar(Struct, frozen=True, kw_only=True):
    """The bar of one limit. `number` is that of its row in the table.

    `name` has its lines, and `result` the words at `label`, after the end of the bar.
    """

    number: int
    entry: Entry
    name: tuple[str, ...]
    result: str
    y: int
    pieces: tuple[Piece, ...]
    due: float
    done: float | None
    label: float


class AxisDay(Struct, frozen=True, kw_only=True):
    """A day of the axis; one that has no tick is not named. `off`: nobody works.

    `month`: where the name of its month has room, from the day on (start) or before it
    (end); "" for a day that does not begin one.
    """

    day: datetime
    x: float
    width: float
    named: bool
    off: bool
    month: str


class LedgerPicture(Struct, frozen=True, kw_only=True):
    """All bars, the days they lie in, and where now is (None: outside)."""

    width: int
    height: int
    days: tuple[AxisDay, ...]
    bars: tuple[LedgerBar, ...]
    now: float | None


def ledger_picture(
    entries: Sequence[Entry],
    times: PageTimes,
    days_off: frozenset[date],
    overdue: Entry | None = None,
) -> LedgerPicture:
    """Return the picture of a ledger; `days_off` of the calendar.

    `overdue`: the limit that was missed and is still waited for.
    """
    where, now = ZoneInfo(times.zone), times.now
    over = {id(one): now if one is overdue else one.done_at for one in entries}
    ends = [over[id(one)] or _end(one, now) for one in entries]
    begin = _midnight(min(one.start for one in entries), where)
    end = _midnight(max((*ends, *(one.due for one in entries))), where) + DAY
    count = max((end - begin).days, 1)
    plot = max(LEAST_WIDTH, count * DAY_UNITS if count < WEEKLY_FROM else count * 14)
    scale = plot / (count * DAY.total_seconds())

    def x(moment: datetime) -> float:
        return round(LEFT + (moment - begin).total_seconds() * scale, 1)

    days = tuple(_days(begin, count, plot / count, days_off))
    bars = tuple(_bars(entries, times, [over[id(one)] for one in entries], x))
    ends_of_words = (one.label + width_of(one.result) + GAP for one in bars)
    return LedgerPicture(
        width=ceil(max(LEFT + plot + RIGHT, *ends_of_words)),
        height=bars[-1].y + _height(bars[-1].name) + 26,
        days=days,
        bars=bars,
        now=x(now) if begin <= now <= end else None,
    )


def overdue_limit(
    entries: Sequence[Entry], waiting: WaitingShown | None
) -> Entry | None:
    """Return the missed limit that a case still waits for; None if there is none."""
    missed = [
        one
        for one in entries
        if one.state == "missed"
        and one.done_at is None
        and waiting is not None
        and (one.awaited, one.party) == (waiting.awaited, waiting.party)
    ]
    return missed[-1] if missed else None


def _days(
    begin: datetime, count: int, width: float, days_off: frozenset[date]
) -> Iterator[AxisDay]:
    for n in range(count):
        day = begin + n * DAY
        yield AxisDay(
            day=day,
            x=round(LEFT + n * width, 1),
            width=round(width, 1),
            named=count < WEEKLY_FROM or day.weekday() == 0,
            off=day.date() in days_off,
            month=_month(day, is_first=n == 0),
        )


def _month(day: datetime, *, is_first: bool) -> str:
    # Else the next month is named over the name of this one.
    if is_first and day.day > 1 and (day + 4 * DAY).month != day.month:
        return "end"
    return "start" if is_first or day.day == 1 else ""


def _bars(
    entries: Sequence[Entry],
    times: PageTimes,
    over: Sequence[datetime | None],
    x: Scale,
) -> Iterator[LedgerBar]:
    """Yield the bar of each limit, under the one before."""
    y = TOP
    for number, (entry, late) in enumerate(zip(entries, over, strict=True)):
        pieces, done, last = _drawn(entry, times.now, late, x)
        name = _lines(say("awaited", entry.awaited, times.language))
        yield LedgerBar(
            number=number,
            entry=entry,
            name=name,
            result=_result(entry, times),
            y=y,
            pieces=pieces,
            due=x(entry.due),
            done=done,
            label=last + GAP,
        )
        y += _height(name)


def _height(name: Sequence[str]) -> int:
    return ROW + LINE * (len(name) - 1)


def _lines(name: str) -> tuple[str, ...]:
    """Break a name where it would reach the bars."""
    lines: list[str] = []
    for word in name.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, "t-b") <= LEFT - GAP:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def _result(entry: Entry, times: PageTimes) -> str:
    """Say how a limit stands, and of a running one how much is left."""
    state = say("timeline", f"limit-{entry.state}", times.language)
    return f"{state} · {times.left(entry.due)}" if entry.state == "running" else state


def _drawn(
    entry: Entry, now: datetime, over: datetime | None, x: Scale
) -> tuple[tuple[Piece, ...], float | None, float]:
    """Return the pieces of a bar, where it was done, and where all of it ends."""
    until = min(_end(entry, now), max(entry.due, entry.start))
    pieces = [
        _piece("left", entry.start, max(entry.due, until), x),
        _piece("used", entry.start, until, x),
    ]
    pieces += [
        _piece("extended", one.due_before, entry.due, x)
        for one in entry.extensions[-1:]
        if one.due_before < entry.due
    ]
    pieces += [
        _piece("paused", one.since, one.until or min(now, entry.due), x)
        for one in entry.pauses
        # What stands still after a limit is over counts for lateness, and is no bar.
        if one.since < max(_end(entry, now), until)
    ]
    if entry.state == "missed" and over is not None:
        pieces.append(_piece("over", entry.due, over, x))
    done = entry.done_at or (entry.ended_at if entry.state in {"met", "void"} else None)
    ends = (entry.due, _end(entry, now), done, over)
    last = max(x(one) for one in ends if one is not None)
    shown = tuple(one for one in pieces if one.width > 0)
    return shown, x(done) if done else None, last


def _piece(kind: str, begin: datetime, end: datetime, x: Scale) -> Piece:
    return Piece(kind, x(begin), round(x(end) - x(begin), 1))


def _end(entry: Entry, now: datetime) -> datetime:
    """Return until when a limit has run: to its end, or until now."""
    return entry.ended_at or max(min(now, entry.due), entry.start)


def _midnight(moment: datetime, zone: ZoneInfo) -> datetime:
    there = moment.astimezone(zone)
    return there.replace(hour=0, minute=0, second=0, microsecond=0)
