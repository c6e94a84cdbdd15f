"""One case twice: as it was recorded, and as a draft would have led it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from application.record.envelope import Recorded
from domain.case.context import Rulebook
from domain.case.dispute import Dispute, Phase
from domain.case.evolve import evolve
from domain.deadlines.ledger import deadline_ledger
from domain.escalation.events import Escalated
from domain.filing.events import Filed, Withdrawn
from projections.simulation.draft_replay import Happening, as_recorded, replay

MISSED, STAGE = "missed/", "stage/"
"""How the names of figures begin that are about a limit, or about a phase."""

ESCALATED, WITHDRAWN, OPEN, PARTED = "escalated", "withdrawn", "open", "parted"

_HOUR = 3600


class CaseCourse(Struct, frozen=True):
    """What became of a case. `limits`: those that ran, and whether one was missed.

    `escalated` and `withdrawn`: by silence alone. `hours`: in each phase, until it was
    closed first; none for the phase that it is still in.
    """

    limits: Mapping[str, bool]
    escalated: bool
    withdrawn: bool
    closed: bool
    hours: Mapping[str, float]


class ComparedCase(Struct, frozen=True):
    """A case and its two courses; `skipped`: acts that the draft has no place for."""

    case: UUID
    category: str
    recorded: CaseCourse
    draft: CaseCourse
    skipped: int


def compared(
    events: Sequence[Recorded], book: Rulebook, until: datetime
) -> ComparedCase:
    """Replay a case by the rules of a draft, and hold it against what was recorded."""
    again = replay(events, book, until)
    filed = events[0].event
    return ComparedCase(
        case=events[0].case,
        category=filed.category if isinstance(filed, Filed) else "",
        recorded=course(as_recorded(events)),
        draft=course(again.events),
        skipped=again.skipped,
    )


def course(events: Sequence[Happening]) -> CaseCourse:
    """Return what became of a case by its events."""
    limits: dict[str, bool] = {}
    for entry in deadline_ledger(events):
        name = f"{entry.awaited}/{entry.party}"
        limits[name] = limits.get(name, False) or entry.state == "missed"
    # Staff and parties escalate and withdraw as well; that is no silence.
    alone = [one.event for one in events if one.by_itself]
    hours, closed = _hours(events)
    return CaseCourse(
        limits=limits,
        escalated=any(isinstance(one, Escalated) for one in alone),
        withdrawn=any(isinstance(one, Withdrawn) for one in alone),
        closed=closed,
        hours=hours,
    )


def value(figure: str, one: ComparedCase, *, draft: bool) -> bool | float | None:
    """Return what a case adds to a figure; None: the figure is not about the case."""
    of = one.draft if draft else one.recorded
    if figure.startswith(MISSED):
        return of.limits.get(figure.removeprefix(MISSED))
    if figure.startswith(STAGE):
        return of.hours.get(figure.removeprefix(STAGE))
    return {
        ESCALATED: of.escalated,
        WITHDRAWN: of.withdrawn,
        OPEN: not of.closed,
        PARTED: draft and one.skipped > 0,
    }.get(figure)


def _hours(events: Sequence[Happening]) -> tuple[Mapping[str, float], bool]:
    """Return the hours in each phase up to the first closing, and whether it closed."""
    hours: dict[str, float] = {}
    dispute, since = Dispute(), events[0].at
    for one in events:
        before = dispute.phase
        dispute = evolve(dispute, one.event)
        if dispute.phase is before:
            continue
        # What a late clock notes happened before what people did meanwhile.
        now = max(since, one.at)
        # A phase that a single decision passes through is none that a case was in.
        if spent := (now - since).total_seconds() / _HOUR:
            hours[before] = hours.get(before, 0.0) + spent
        since = now
        if dispute.phase is Phase.CLOSED:
            return hours, True
    return hours, False
