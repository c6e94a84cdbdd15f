"""The rules that were in force in a case, as they were written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from application.record.envelope import Recorded
from application.rules.rulebook import ProfileWrong, Rulebooks
from domain.deadlines.deadline import Deadline
from domain.deadlines.time_limits import Calendar
from domain.policy.calendar_additions import AddedDays, CalendarAddition, added_days


class CalendarEdition(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The calendar: the editions that events name, and the days off of this one.

    `days_off` are those of the years in which the case and its limits ran; `additions`
    are the announcements about those years.
    """

    named: tuple[str, ...]
    edition: str | None
    zone: str | None
    days_off: tuple[date, ...]
    additions: tuple[AddedDays, ...] = ()


def rule_members(
    events: Sequence[Recorded], books: Rulebooks
) -> Iterator[tuple[str, bytes]]:
    """Yield the code tables, profiles and rules of proof that decided a case.

    Raises ProfileWrong for a profile that was taken away.
    """
    yield "rules/codes.toml", books.texts["codes"].encode()
    ids = sorted(_named_policies(events))
    for gone in sorted({*ids} - {*books.ids}):
        raise ProfileWrong(f"{gone}: cases need this profile; put it back")
    for policy_id in ids:
        yield f"rules/policy/{_file_name(policy_id)}", books.texts[policy_id].encode()
    for proof_id in sorted({books[one].proof.id for one in ids}):
        yield f"rules/proof/{_file_name(proof_id)}", books.texts[proof_id].encode()


def calendar_edition(events: Sequence[Recorded], books: Rulebooks) -> CalendarEdition:
    """Return the calendar by which limits ran."""
    deadlines = [one for recorded in events for one in _deadlines(recorded)]
    named = tuple(sorted({one.calendar for one in deadlines}))
    known = sorted(_named_policies(events) & set(books.ids))
    if not known:
        return CalendarEdition(named=named, edition=None, zone=None, days_off=())
    book = books[known[-1]]
    calendar = book.calendar
    moments = [*(one.at for one in events), *(one.due for one in deadlines)]
    years = {calendar.day(moment).year for moment in moments}
    return CalendarEdition(
        named=named,
        edition=calendar.name,
        zone=str(calendar.zone),
        days_off=_days_off(calendar, years),
        additions=tuple(_added(books.additions(book.policy.calendar), years)),
    )


def _named_policies(events: Sequence[Recorded]) -> set[str]:
    return {recorded.policy for recorded in events if recorded.policy}


def _deadlines(recorded: Recorded) -> tuple[Deadline, ...]:
    found: tuple[Deadline, ...] = getattr(recorded.event, "deadlines", ())
    return found


def _days_off(calendar: Calendar, years: set[int]) -> tuple[date, ...]:
    first, last = min(years), max(years)
    return tuple(day for day in sorted(calendar.days_off) if first <= day.year <= last)


def _added(
    additions: Sequence[CalendarAddition], years: set[int]
) -> Iterator[AddedDays]:
    first, last = min(years), max(years)
    for one in added_days(additions):
        if any(first <= day.year <= last for day in one.days_off + one.working_days):
            yield one


def _file_name(rule_id: str) -> str:
    """Return a name that any system can write: ids are words of whoever runs this."""
    return re.sub(r"[^a-z0-9-]", "-", rule_id.lower())[:64] + ".toml"
