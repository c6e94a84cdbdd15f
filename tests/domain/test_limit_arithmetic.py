"""How limits are explained: the days that are told add up to what the clock counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.deadlines.deadline import Awaited
from domain.deadlines.ledger_entry import Entry, Span
from domain.deadlines.limit_arithmetic import DayRun, pauses_within, working_days
from domain.deadlines.time_limits import (
    Calendar,
    Limit,
    LimitName,
    LimitUnit,
    due,
    extended,
    resumed,
)
from domain.roles import Party

YEAR = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
WEEKENDS = frozenset(day for day in YEAR if day.weekday() >= 5)
HOLIDAY = frozenset(date(2026, 10, day) for day in range(1, 9))
MADE_UP = date(2026, 10, 10)
CALENDAR = Calendar(
    name="test", zone="Asia/Shanghai", days_off=(WEEKENDS | HOLIDAY) - {MADE_UP}
)
TIMES = st.datetimes(datetime(2026, 8, 1), datetime(2026, 11, 1)).map(  # noqa: DTZ001
    lambda one: one.replace(tzinfo=UTC)
)


def entry(start: datetime, until: datetime, length: str, **more: Any) -> Entry:
    return Entry(
        awaited=Awaited.EVIDENCE,
        party=Party.BUYER,
        item=None,
        started_by=1,
        start=start,
        limit=LimitName.EVIDENCE,
        length=length,
        calendar="test",
        due=until,
        **more,
    )


def working(amount: int) -> Limit:
    return Limit(amount, LimitUnit.WORKING_DAY)


def test_days_off_are_skipped_and_made_up_days_count() -> None:
    start = datetime(2026, 9, 29, 4, tzinfo=UTC)
    found = working_days(
        entry(start, due(start, working(3), CALENDAR), "3 working days"), CALENDAR
    )
    assert found is not None
    assert (found.first, found.last) == (date(2026, 9, 30), date(2026, 10, 10))
    assert found.skipped == (DayRun(date(2026, 10, 1), date(2026, 10, 8)),)
    assert found.made_up == (DayRun(MADE_UP, MADE_UP),)


@given(TIMES, st.integers(1, 20), st.integers(1, 5))
def test_what_is_told_adds_up(start: datetime, amount: int, more: int) -> None:
    first = due(start, working(amount), CALENDAR)
    for until, length, total in (
        (first, str(working(amount)), amount),
        (
            extended(first, working(more), CALENDAR),
            f"{working(amount)} + {working(more)}",
            amount + more,
        ),
    ):
        found = working_days(entry(start, until, length), CALENDAR)
        assert found is not None
        days = (found.last - found.first).days + 1
        off = sum((run.last - run.first).days + 1 for run in found.skipped)
        assert days - off == total
        ends = CALENDAR.instant(found.last + timedelta(days=1))
        assert until == ends


@given(TIMES, st.integers(2, 20), st.data())
def test_a_pause_leaves_days_out_or_nothing_is_told(
    start: datetime, amount: int, data: st.DataObject
) -> None:
    before = due(start, working(amount), CALENDAR)
    since = data.draw(st.datetimes(*_naive(start, before)).map(_utc))
    until = since + timedelta(hours=data.draw(st.integers(1, 300)))
    after = resumed(before, working(amount), since, until, CALENDAR)
    span = Span(since=since, version=2, until=until)
    one = entry(start, after, str(working(amount)), pauses=(span,))
    found = working_days(one, CALENDAR)
    # A whole day that was given back for what was left of one adds up to no length.
    if found is not None:
        assert after == CALENDAR.instant(found.last + timedelta(days=1))


def test_another_calendar_explains_nothing() -> None:
    start = datetime(2026, 9, 29, 4, tzinfo=UTC)
    older = Calendar(name="older", zone="Asia/Shanghai", days_off=WEEKENDS)
    until = due(start, working(3), older)
    assert working_days(entry(start, until, "3 working days"), CALENDAR) is None
    assert working_days(entry(start, until, "3 days"), CALENDAR) is None


def test_what_stands_still_after_the_end_is_no_pause_of_the_limit() -> None:
    start = datetime(2026, 3, 2, 4, tzinfo=UTC)
    until = start + timedelta(days=3)
    within = Span(since=start + timedelta(days=1), version=2, until=until)
    later = Span(since=until + timedelta(hours=1), version=5)
    missed = entry(start, until, "3 days", state="missed", pauses=(within, later))
    assert pauses_within(missed) == (within,)


def _naive(*moments: datetime) -> list[datetime]:
    return [one.replace(tzinfo=None) for one in moments]


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
