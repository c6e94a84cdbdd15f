"""The moment of a case that its page shows: a fact by its number, an entry, a time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from application.cases.as_of import By
from application.cases.case import Case
from domain.case.dispute import Phase
from interface.api.problems import Failure
from interface.api.request_context import RequestContext
from interface.api.routes.replay import at_moment
from interface.pages.record.fact_story import StoryFact
from interface.pages.record.typed_times import typed_time

_NUMBER = re.compile(r"\d{1,18}", re.ASCII)

MOST_MARKS = 40
"""With more facts than these, marks would be too small to be told apart."""


LEAST_APART, LEAST_APART_DATED = 6.0, 9.0
"""Per cent of the slider between two days that are named; with their years more."""


class PhasePart(Struct, frozen=True):
    """A phase, how many facts it lasted, and whether it was that of the moment."""

    phase: Phase
    facts: int
    is_current: bool


class CaseMoment(Struct, frozen=True, kw_only=True):
    """The fact after which a case is looked at. `flaw`: what was asked for is none."""

    version: int
    last: int
    flaw: str = ""
    typed: str = ""

    @property
    def has_marks(self) -> bool:
        """Tell whether each fact has a mark above the slider."""
        return self.last <= MOST_MARKS


class DayMark(Struct, frozen=True):
    """The first fact of a day, and how far along the slider it stands (per cent).

    `is_current`: the moment lies between this mark and the next one.
    """

    fact: StoryFact
    day: str
    along: str
    is_current: bool


def day_marks(
    facts: Sequence[StoryFact], version: int, zone: str, now: datetime
) -> tuple[DayMark, ...]:
    """Return the days of a long case that have room beside each other.

    If one of them is of another year than now, all of them are named with theirs.
    """
    days: dict[date, StoryFact] = {}
    for one in facts:
        days.setdefault(one.recorded_at.astimezone(ZoneInfo(zone)).date(), one)
    this_year = now.astimezone(ZoneInfo(zone)).year
    is_dated = any(day.year != this_year for day in days)
    apart = LEAST_APART_DATED if is_dated else LEAST_APART
    found: list[tuple[date, StoryFact, float]] = []
    for day, one in days.items():
        along = 100 * (one.version - 1) / max(len(facts) - 1, 1)
        if not found or along - found[-1][2] >= apart:
            found.append((day, one, along))
    at = max(n for n, one in enumerate(found) if one[1].version <= version or n == 0)
    return tuple(
        DayMark(
            one,
            f"{day:%Y-%m-%d}" if is_dated else f"{day:%m-%d}",
            f"{along:.2f}%",
            n == at,
        )
        for n, (day, one, along) in enumerate(found)
    )


def case_moment(
    context: RequestContext,
    case: Case,
    facts: Sequence[StoryFact],
    asked: Mapping[str, str],
) -> CaseMoment:
    """Return the moment that an address names by `at` or `entry`; else the latest."""
    last = case.version
    typed = asked.get("at", "").strip()
    entry = asked.get("entry", "").strip()
    if entry and not typed:
        found = [one.version for one in facts if _is_entry(one, entry)]
        version, flaw = (found[0], "") if found else (last, "entry")
        return CaseMoment(version=version, last=last, flaw=flaw, typed=entry)
    if not typed:
        return CaseMoment(version=last, last=last)
    version, flaw = version_at(context, case, typed)
    return CaseMoment(version=version or last, last=last, flaw=flaw, typed=typed)


def version_at(context: RequestContext, case: Case, text: str) -> tuple[int, str]:
    """Return the last fact that was known at a moment, and what is wrong with it.

    The moment is said as the API takes it, or as a time in the platform's zone. Only a
    number that no fact has is refused: whoever types it would take the last for it.
    """
    if _NUMBER.fullmatch(text) and int(text) > case.version:
        return 0, "beyond"
    try:
        then = at_moment(context, case, "at", _as_moment(context, text), By.RECORDED_AT)
    except Failure as failure:
        return 0, "never" if failure.code == "never-happened" else "moment"
    version = then.version
    return version, "" if version else "early"


def phase_parts(facts: Sequence[StoryFact], version: int) -> tuple[PhasePart, ...]:
    """Return the phases of a case in their order, as parts of its facts."""
    parts: list[list[StoryFact]] = []
    for one in facts:
        if parts and parts[-1][-1].phase == one.phase:
            parts[-1].append(one)
        else:
            parts.append([one])
    return tuple(
        PhasePart(
            part[0].phase, len(part), part[0].version <= version <= part[-1].version
        )
        for part in parts
    )


def _as_moment(context: RequestContext, text: str) -> str:
    try:
        return typed_time(text, context.system.zone).astimezone(UTC).isoformat()
    except ValueError:
        return text


def _is_entry(fact: StoryFact, entry: str) -> bool:
    return fact.proof is not None and str(fact.proof.index) == entry
