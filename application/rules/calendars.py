"""Calendars: the official days off, and what was announced too late for them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path

import holidays

from application.operator_error import OperatorError
from domain.deadlines.time_limits import Calendar
from domain.policy import calendar_additions
from domain.policy.calendar_additions import CalendarAddition

FIRST_YEAR, LAST_YEAR = 2000, 2060
"""The years that a calendar covers.

Years that were officially announced are exact. Later years follow the lunar calendar,
without make-up days, until an edition of the library knows the announcement.
"""


class CalendarWrong(OperatorError):
    """An addition to a calendar cannot be used; the message names file and entries."""


def read_addition(text: str) -> CalendarAddition:
    """Read a version of a calendar. Raises Mistaken, a ValueError."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    return calendar_additions.load(text, calendars=countries(), years=years)


def additions_in(folder: Path) -> dict[str, tuple[CalendarAddition, ...]]:
    """Read all versions by their calendar, the oldest first. Raises CalendarWrong."""
    read: list[tuple[Path, CalendarAddition]] = []
    for entry in sorted(folder.glob("*.toml")):
        try:
            read.append((entry, read_addition(entry.read_text("utf-8"))))
        except ValueError as error:
            raise CalendarWrong(f"{entry}: {error}") from None
    found: dict[str, tuple[CalendarAddition, ...]] = {}
    for entry, one in sorted(read, key=lambda pair: pair[1].version):
        older = found.get(one.calendar, ())
        if one.version <= len(older):
            wrong = f"there is a {one.id} already; a change is a new version"
            raise CalendarWrong(f"{entry}: version: {wrong}")
        # Versions build on each other: the edition would name days that it lacks.
        if one.version > len(older) + 1:
            wrong = f"{one.id} needs {one.calendar}+{len(older) + 1}, which is missing"
            raise CalendarWrong(f"{entry}: version: {wrong}")
        found[one.calendar] = (*older, one)
    return found


@cache
def countries() -> frozenset[str]:
    """Return the codes of the countries that have a calendar."""
    return frozenset(holidays.list_supported_countries())


@cache
def working_days(country: str, zone: str) -> Calendar:
    """Build a country's calendar, make-up working days included."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    official = holidays.country_holidays(country, years=years)
    first = date(FIRST_YEAR, 1, 1)
    # As if every year were a leap year: some days too many do no harm.
    days = (first + timedelta(days=n) for n in range(366 * len(years)))
    return Calendar(
        name=f"{country}@holidays-{version('holidays')}",
        zone=zone,
        days_off=frozenset(day for day in days if not official.is_working_day(day)),
    )
