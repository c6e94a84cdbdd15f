"""Limits: by the clock, in working days and in business windows, with their edges."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from application.rules.calendars import working_days
from domain.deadlines.time_limits import (
    Calendar,
    Limit,
    LimitUnit,
    due,
    extended,
    parse_limit,
    resumed,
    window_time,
)

CN = working_days("CN", "Asia/Shanghai")
HOLIDAYS = Path(__file__).parent / "data" / "holiday-cn"


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


@pytest.mark.standard("5 calendar time, working days and business windows")
@pytest.mark.parametrize(
    ("start", "limit", "end"),
    [
        ("2026-03-02T10:00", "1 working day", "2026-03-04T00:00"),
        ("2026-03-02T23:59:59", "1 working day", "2026-03-04T00:00"),
        ("2026-03-06T10:00", "1 working day", "2026-03-10T00:00"),
        ("2026-03-07T10:00", "1 working day", "2026-03-10T00:00"),
        ("2026-02-13T10:00", "1 working day", "2026-02-15T00:00"),
        ("2026-02-14T10:00", "1 working day", "2026-02-25T00:00"),
        ("2026-12-31T10:00", "1 working day", "2027-01-05T00:00"),
        ("2026-03-02T10:00", "5 working days", "2026-03-10T00:00"),
        ("2026-03-02T10:00", "24 hours", "2026-03-03T10:00"),
        ("2026-02-26T10:00", "3 days", "2026-03-01T10:00"),
        ("2026-01-31T10:00", "1 working day", "2026-02-03T00:00"),
        ("2026-09-30T10:00", "1 working day", "2026-10-09T00:00"),
        ("2026-10-09T10:00", "1 working day", "2026-10-11T00:00"),
        ("2027-12-31T10:00", "1 day", "2028-01-01T10:00"),
        ("2026-03-02T14:01", "4 window hours", "2026-03-03T09:01"),
        ("2026-03-02T14:00", "4 window hours", "2026-03-02T18:00"),
        ("2026-03-02T08:59", "4 window hours", "2026-03-02T13:00"),
        ("2026-03-02T18:00", "4 window hours", "2026-03-03T13:00"),
        ("2026-03-02T23:59", "9 window hours", "2026-03-03T18:00"),
        ("2026-03-02T17:59:59", "10 window hours", "2026-03-04T09:59:59"),
        ("2026-02-28T17:00", "4 window hours", "2026-03-01T12:00"),
        ("2026-12-31T17:00", "4 window hours", "2027-01-01T12:00"),
    ],
)
def test_a_limit_ends(start: str, limit: str, end: str) -> None:
    assert due(shanghai(start), parse_limit(limit), CN) == shanghai(end)


@pytest.mark.parametrize("text", ["0 days", "-1 days", "1.5 hours", "soon", "3 weeks"])
def test_a_limit_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        parse_limit(text)


@pytest.mark.standard("5 calendar time, working days and business windows")
def test_working_days_equal_the_official_calendar_on_every_day() -> None:
    official: dict[date, bool] = {}
    for year in range(2007, 2028):
        path = HOLIDAYS / f"{year}.json"
        listed = json.loads(path.read_text())["days"] if path.exists() else []
        official |= {date.fromisoformat(d["date"]): d["isOffDay"] for d in listed}
    days = [date(2007, 1, 1) + timedelta(days=n) for n in range(7305)]
    assert days[-1] == date(2026, 12, 31)
    wrong = [
        day
        for day in days
        if (day in CN.days_off) != official.get(day, day.weekday() >= 5)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("start", "limit", "paused", "again", "end"),
    [
        # Three days, a day of them used up.
        ("03-02T10:00", "3 days", "03-03T10:00", "03-10T15:00", "03-12T15:00"),
        ("03-02T10:00", "24 hours", "03-02T11:00", "03-02T11:30", "03-03T10:30"),
        # Tuesday to Thursday; paused on Tuesday two whole working days are left.
        ("03-02T10:00", "3 working days", "03-03T10:00", "03-06T10:00", "03-11T00:00"),
        ("03-02T10:00", "3 working days", "03-03T10:00", "03-03T11:00", "03-06T00:00"),
        # Paused on its last day, a working day is left and not the rest of a day.
        ("03-02T10:00", "1 working day", "03-03T10:00", "03-06T23:59", "03-10T00:00"),
        # 14:01 to 18:00 and a minute more; paused at 17:00 there is 1h01 left.
        ("03-02T14:01", "4 window hours", "03-02T17:00", "03-04T20:00", "03-05T10:01"),
        ("03-02T14:01", "4 window hours", "03-02T20:00", "03-03T08:00", "03-03T09:01"),
        # Nothing was left.
        ("03-02T10:00", "24 hours", "03-03T10:00", "03-05T10:00", "03-05T10:00"),
    ],
)
def test_a_clock_that_stood_still_goes_on(
    start: str, limit: str, paused: str, again: str, end: str
) -> None:
    began, stopped, went_on, ends = (
        shanghai(f"2026-{one}") for one in (start, paused, again, end)
    )
    length = parse_limit(limit)
    assert resumed(due(began, length, CN), length, stopped, went_on, CN) == ends


@pytest.mark.parametrize(
    ("before", "extension", "end"),
    [
        ("2026-03-05T10:00", "2 days", "2026-03-07T10:00"),
        ("2026-03-04T00:00", "1 working day", "2026-03-05T00:00"),
        ("2026-03-07T00:00", "1 working day", "2026-03-10T00:00"),
        ("2026-03-02T18:00", "4 window hours", "2026-03-03T13:00"),
    ],
)
def test_an_extension_follows_the_end_without_a_gap(
    before: str, extension: str, end: str
) -> None:
    later = extended(shanghai(before), parse_limit(extension), CN)
    assert later == shanghai(end)


def test_a_window_keeps_its_local_time_when_the_clocks_change() -> None:
    berlin = Calendar(name="-", zone="Europe/Berlin", days_off=frozenset())
    saturday = datetime(2026, 3, 28, 17, tzinfo=UTC)
    sunday = due(saturday, parse_limit("1 window hour"), berlin)
    assert sunday == datetime(2026, 3, 29, 8, tzinfo=UTC)


CALENDARS = (
    CN,
    Calendar(
        name="-",
        zone="America/New_York",
        days_off=CN.days_off,
        opens=time(1, 30),
        closes=time(23, 59, 59),
    ),
)
LIMITS = st.builds(Limit, st.integers(1, 60), st.sampled_from(LimitUnit))
INSTANTS = st.datetimes(
    datetime(2019, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2030, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
SPANS = st.timedeltas(timedelta(), timedelta(days=40))


@given(INSTANTS, LIMITS, SPANS, st.sampled_from(CALENDARS))
def test_a_limit_ends_later_the_later_it_starts_and_the_longer_it_is(
    start: datetime, limit: Limit, wait: timedelta, calendar: Calendar
) -> None:
    end = due(start, limit, calendar)
    longer = Limit(limit.amount + 1, limit.unit)
    assert start < end < due(start, longer, calendar)
    assert end <= due(start + wait, limit, calendar)
    assert end.utcoffset() == timedelta()


@pytest.mark.standard("5 calendar time, working days and business windows")
@given(INSTANTS, st.integers(1, 60), st.sampled_from(CALENDARS))
def test_a_window_limit_takes_exactly_its_hours(
    start: datetime, hours: int, calendar: Calendar
) -> None:
    end = due(start, Limit(hours, LimitUnit.WINDOW_HOUR), calendar)
    assert window_time(start, end, calendar) == timedelta(hours=hours)


@given(INSTANTS, LIMITS, SPANS, st.sampled_from(CALENDARS))
def test_no_pause_changes_nothing(
    start: datetime, limit: Limit, used: timedelta, calendar: Calendar
) -> None:
    end = due(start, limit, calendar)
    assume(start + used < end)
    assert resumed(end, limit, start + used, start + used, calendar) == end


@given(INSTANTS, LIMITS, SPANS, SPANS, SPANS, st.sampled_from(CALENDARS))
def test_a_pause_never_shortens_and_a_longer_one_never_ends_earlier(
    start: datetime,
    limit: Limit,
    used: timedelta,
    pause: timedelta,
    more: timedelta,
    calendar: Calendar,
) -> None:
    end = due(start, limit, calendar)
    paused_at = start + used
    again = paused_at + pause
    new = resumed(end, limit, paused_at, again, calendar)
    assert new >= max(end, again)
    assert resumed(end, limit, paused_at, again + more, calendar) >= new


@given(INSTANTS, LIMITS, SPANS, st.sampled_from(CALENDARS))
def test_a_pause_at_the_very_start_starts_the_limit_anew(
    start: datetime, limit: Limit, pause: timedelta, calendar: Calendar
) -> None:
    end = due(start, limit, calendar)
    anew = due(start + pause, limit, calendar)
    assert resumed(end, limit, start, start + pause, calendar) == anew


@given(INSTANTS, LIMITS, LIMITS, st.sampled_from(CALENDARS))
def test_an_extension_is_never_less_than_the_longer_limit(
    start: datetime, limit: Limit, more: Limit, calendar: Calendar
) -> None:
    more = Limit(more.amount, limit.unit)
    together = Limit(limit.amount + more.amount, limit.unit)
    end = extended(due(start, limit, calendar), more, calendar)
    assert end == due(start, together, calendar)
