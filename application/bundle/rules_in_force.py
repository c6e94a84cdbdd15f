"""The rules that were in force in a case, as they were written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from application.record.canonical_json import canonical_json
from application.record.envelope import Recorded
from application.rules.adopted_rules import AdoptedRules, Texts
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
    events: Sequence[Recorded], books: Rulebooks, adopted: AdoptedRules
) -> Iterator[tuple[str, bytes]]:
    """Yield the rules that decided a case, as its events name them.

    That is by digest, or, in events of earlier versions, by the id of a profile. Raises
    ProfileWrong for rules that were taken away.
    """
    yield from _by_id([one for one in events if one.rules is None], books)
    yield from _by_digest(events, adopted)


def _by_digest(
    events: Sequence[Recorded], adopted: AdoptedRules
) -> Iterator[tuple[str, bytes]]:
    """Yield rule sets, their parts, and their days off in the years of the case."""
    named = {one.rules.hex() for one in events if one.rules is not None}
    sets = _texts(adopted, named)
    for digest, text in sorted(sets.items()):
        yield f"rules/sets/{digest}.json", text
    stated = [msgspec.json.decode(text) for text in sets.values()]
    for digest, text in _texts(adopted, {*_files(stated)}).items():
        yield f"rules/files/{digest}", text
    for one in stated:
        for text in _years_off(one["calendar"], events, adopted):
            yield f"rules/files/{sha256(text).hexdigest()}", text


PARTS = ("codes", "policy", "proof", "texts")


def _files(sets: Iterable[Any]) -> Iterator[str]:
    """Yield the hashes of what rule sets name; older ones name no regulations."""
    for one in sets:
        yield from (one[part]["sha256"] for part in PARTS)
        yield from (cited["sha256"] for cited in one.get("regulations", ()))


def _texts(adopted: AdoptedRules, digests: set[str]) -> Texts:
    found = adopted.texts(digests)
    for gone in sorted(digests - {*found}):
        raise ProfileWrong(f"{gone}: the text of these rules is lost or was changed")
    return found


def _years_off(
    calendar: Any, events: Sequence[Recorded], adopted: AdoptedRules
) -> Iterator[bytes]:
    """Yield the days off of each year in which a case and its limits ran."""
    digest, zone = calendar["sha256"], ZoneInfo(calendar["zone"])
    days: list[str] = msgspec.json.decode(_texts(adopted, {digest})[digest])
    years = {moment.astimezone(zone).year for moment in _moments(events)}
    for year in range(min(years), max(years) + 1):
        if str(year) in calendar["years"]:
            yield canonical_json([day for day in days if day.startswith(f"{year}-")])


def _moments(events: Sequence[Recorded]) -> list[datetime]:
    deadlines = [one for recorded in events for one in _deadlines(recorded)]
    return [*(one.at for one in events), *(one.due for one in deadlines)]


def _by_id(events: Sequence[Recorded], books: Rulebooks) -> Iterator[tuple[str, bytes]]:
    ids = sorted(_named_policies(events))
    if ids:
        yield "rules/codes.toml", books.texts["codes"].encode()
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
    years = {calendar.day(moment).year for moment in _moments(events)}
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
