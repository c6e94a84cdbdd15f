"""Days off and make-up working days that were announced after a calendar's edition."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Annotated, Any

from msgspec import Meta, Struct
from msgspec.structs import replace

from domain.deadlines.time_limits import Calendar
from domain.policy import toml_decoder
from domain.policy.toml_decoder import Mistakes, place


class Announcement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an authority announced: which days are off, which are worked instead."""

    title: str
    announced: date
    days_off: tuple[date, ...] = ()
    working_days: tuple[date, ...] = ()

    @property
    def days(self) -> tuple[date, ...]:
        """Return every day that it is about."""
        return self.days_off + self.working_days


class CalendarAddition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a version adds to a calendar and to the versions before. Read with `load`.

    `calendar` is a name as policy profiles have it, such as "CN".
    """

    calendar: str
    version: Annotated[int, Meta(ge=1)]
    announcements: tuple[Announcement, ...]

    @property
    def id(self) -> str:
        """Return calendar and version as they are written: "CN+2"."""
        return f"{self.calendar}+{self.version}"


class AddedDays(Struct, frozen=True, kw_only=True):
    """An announcement, and the version since which the calendar has its days."""

    version: int
    title: str
    announced: date
    days_off: tuple[date, ...]
    working_days: tuple[date, ...]


def load(
    text: str, *, calendars: Collection[str], years: Collection[int]
) -> CalendarAddition:
    """Read a version from TOML. Raises Mistaken, a ValueError, with every mistake.

    `calendars` are the names that there are, `years` those that they cover.
    """
    raw = toml_decoder.parsed(text)
    mistakes = Mistakes()
    parsers = {"announcements": _announcements}
    values = toml_decoder.fields(raw, CalendarAddition, "", mistakes, parsers)
    name = values.get("calendar")
    if name is not None and name not in calendars:
        mistakes.add("calendar", f"there is no {name!r}")
    for at, wrong in _misfits(values.get("announcements", ()), years):
        mistakes.add(at, wrong)
    mistakes.refuse()
    return CalendarAddition(**values)


def with_additions(
    calendar: Calendar, additions: Sequence[CalendarAddition]
) -> Calendar:
    """Return a calendar with the versions added to it, the oldest first.

    A later version decides where two speak of one day. The edition names the last one:
    "CN@holidays-0.109+2".
    """
    days_off = set(calendar.days_off)
    name = calendar.name
    for addition in additions:
        name = f"{calendar.name}+{addition.version}"
        for one in addition.announcements:
            days_off.update(one.days_off)
            days_off.difference_update(one.working_days)
    return replace(calendar, name=name, days_off=frozenset(days_off))


def added_days(additions: Sequence[CalendarAddition]) -> Iterator[AddedDays]:
    """Yield every announcement of some versions."""
    for addition in additions:
        for one in addition.announcements:
            yield AddedDays(
                version=addition.version,
                title=one.title,
                announced=one.announced,
                days_off=one.days_off,
                working_days=one.working_days,
            )


def _announcements(
    raw: Any, at: str, mistakes: Mistakes
) -> tuple[Announcement, ...] | None:
    if not isinstance(raw, list) or not raw:
        mistakes.add(at, "not a list of announcements ([[announcements]])")
        return None
    read = [_announcement(one, f"{at}[{n}]", mistakes) for n, one in enumerate(raw)]
    found = tuple(one for one in read if one is not None)
    # Else the places of the others would be counted wrong.
    return found if len(found) == len(read) else None


def _announcement(raw: Any, at: str, mistakes: Mistakes) -> Announcement | None:
    before = len(mistakes.found)
    parsers = {
        "title": _title,
        "announced": _date,
        "days_off": _dates,
        "working_days": _dates,
    }
    values = toml_decoder.fields(raw, Announcement, at, mistakes, parsers)
    if len(mistakes.found) > before:
        return None
    return Announcement(**values)


def _title(raw: Any, at: str, mistakes: Mistakes) -> str | None:
    if isinstance(raw, str) and raw.strip():
        return raw
    mistakes.add(at, f"{raw!r} names no announcement")
    return None


def _date(raw: Any, at: str, mistakes: Mistakes) -> date | None:
    # A time of day is a date to Python, too.
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    mistakes.add(at, f"{raw!r} is not a date, as 2026-09-03 without quotes is")
    return None


def _dates(raw: Any, at: str, mistakes: Mistakes) -> tuple[date, ...] | None:
    if not isinstance(raw, list):
        mistakes.add(at, "not a list of dates")
        return None
    read = [_date(one, f"{at}[{n}]", mistakes) for n, one in enumerate(raw)]
    return tuple(one for one in read if one is not None)


def _misfits(
    announcements: Sequence[Announcement], years: Collection[int]
) -> Iterator[tuple[str, str]]:
    """Yield the entries that say nothing, or that speak of one day twice."""
    named: dict[date, str] = {}
    for number, one in enumerate(announcements):
        at = f"announcements[{number}]"
        if not one.days:
            yield at, "names neither days_off nor working_days"
        for there, day in _places(one, at):
            if day.year not in years:
                first, last = min(years), max(years)
                yield there, f"{day} is not in the years {first} to {last}"
            if day in named:
                yield there, f"{day} stands in {named[day]} already"
            named.setdefault(day, there)


def _places(one: Announcement, at: str) -> Iterator[tuple[str, date]]:
    for field in ("days_off", "working_days"):
        for number, day in enumerate(getattr(one, field)):
            yield place(at, f"{field}[{number}]"), day
