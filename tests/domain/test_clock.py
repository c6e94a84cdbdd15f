"""Limits: by the clock and in working days, with their edges."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from application.rulebook import working_days
from domain.clock import due, parse_limit

CN = working_days("CN", "Asia/Shanghai")
HOLIDAYS = Path(__file__).parents[3] / "shared" / "data" / "holiday-cn"


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


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
    ],
)
def test_a_limit_ends(start: str, limit: str, end: str) -> None:
    assert due(shanghai(start), parse_limit(limit), CN) == shanghai(end)


@pytest.mark.parametrize("text", ["0 days", "-1 days", "1.5 hours", "soon", "3 weeks"])
def test_a_limit_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        parse_limit(text)


@pytest.mark.skipif(not HOLIDAYS.is_dir(), reason="the official calendars lie outside")
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
