"""The deadline ledger of a case: every limit that ran, and what became of it.

It is recomputed from the events alone: start, rule, clock, calendar, pauses,
extensions, due, met or missed, by whom, and how late, gross and net of the time that
stood still.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from msgspec.structs import replace

from domain.appeal.events import AppealDecided, AppealRefused
from domain.case.events import DisputeEvent
from domain.deadlines.deadline import Deadline, Key
from domain.deadlines.effects import Pausing, ends
from domain.deadlines.events import ClocksResumed, DeadlineExtended, DeadlineMissed
from domain.deadlines.ledger_entry import Entry, Extension, LimitState, Span
from domain.deadlines.table import DEADLINES
from domain.evidence.events import EvidenceClosed
from domain.performance.events import ObligationConfirmed
from domain.suspension.events import Resumed


class Happened(Protocol):
    """A recorded event, as far as the ledger needs it (times in UTC)."""

    @property
    def version(self) -> int:
        """Return the event's number in its case."""

    @property
    def at(self) -> datetime:
        """Return when the event happened."""

    @property
    def recorded_at(self) -> datetime:
        """Return when the event was recorded."""

    @property
    def event(self) -> DisputeEvent:
        """Return the bare event."""


OPEN = frozenset({"running", "held"})
Resuming = ClocksResumed | Resumed | AppealRefused | AppealDecided


def deadline_ledger(events: Iterable[Happened]) -> tuple[Entry, ...]:
    """Return every limit of a case, in the order in which they began."""
    entries: list[Entry] = []
    for recorded in events:
        started = {one.key: one for one in getattr(recorded.event, "deadlines", ())}
        entries = [
            # Most limits of a case are over: nothing can happen to these any more.
            _after(entry, recorded, started) if _may_change(entry) else entry
            for entry in entries
        ]
        # A deadline under a key that is still open is the new end of the same limit,
        # after a pause or an extension; `_after` has taken it over already.
        known = {entry.key for entry in entries if entry.state in OPEN}
        entries += [
            _entry(deadline, recorded)
            for key, deadline in started.items()
            if key not in known
        ]
    return tuple(entries)


def _may_change(entry: Entry) -> bool:
    return entry.state in OPEN or (entry.state == "missed" and not entry.done_at)


def _entry(deadline: Deadline, recorded: Happened) -> Entry:
    return Entry(
        awaited=deadline.awaited,
        party=deadline.party,
        item=deadline.item,
        started_by=recorded.version,
        start=deadline.start,
        limit=deadline.limit,
        length=deadline.length,
        calendar=deadline.calendar,
        due=deadline.due,
    )


def _after(entry: Entry, recorded: Happened, started: dict[Key, Deadline]) -> Entry:
    """Return one limit as it is after an event.

    `ends` says the same of a limit that is met, missed, held, moved or void; the order
    of these tests tells them apart.
    """
    restarted = started.get(entry.key)
    # A held limit only goes on when an event brings its new end. This comes before
    # `ends`, because the event that resumes a limit does not end it.
    if entry.state == "held" and restarted is not None:
        return _resumed(entry, recorded, restarted)
    if entry.state not in OPEN:
        return _done_late(entry, recorded)
    if not ends(recorded.event, entry.key):
        return entry
    if entry.state == "held":
        # A second pause, such as a suspension during an inspection, holds no limit
        # twice. Anything else that ends it leaves nothing that could go on.
        pausing = isinstance(recorded.event, Pausing)
        return entry if pausing else _ended(_let_go(entry, recorded), recorded)
    # Before the other restarts: more time by the policy is shown as an extension.
    if isinstance(recorded.event, DeadlineExtended) and restarted is not None:
        extension = Extension(version=recorded.version, due_before=entry.due)
        return replace(
            entry,
            due=restarted.due,
            length=restarted.length,
            extensions=(*entry.extensions, extension),
        )
    # An appeal holds what runs, but uses its own party's time to appeal up.
    if isinstance(recorded.event, Pausing) and not _meets(recorded.event, entry):
        held = Span(since=recorded.at, version=recorded.version)
        return replace(entry, state="held", pauses=(*entry.pauses, held))
    # 4.3.2: a side that is asked for more evidence keeps its limit, with a later end.
    if restarted is not None:
        return replace(entry, due=restarted.due)
    return _ended(entry, recorded)


def _resumed(entry: Entry, recorded: Happened, restarted: Deadline) -> Entry:
    return replace(_let_go(entry, recorded), state="running", due=restarted.due)


def _let_go(entry: Entry, recorded: Happened) -> Entry:
    last = replace(entry.pauses[-1], until=recorded.at)
    return replace(entry, pauses=(*entry.pauses[:-1], last))


def _ended(entry: Entry, recorded: Happened) -> Entry:
    missed = isinstance(recorded.event, DeadlineMissed)
    met = not missed and _meets(recorded.event, entry)
    state: LimitState = "missed" if missed else "met" if met else "void"
    # A right that nobody used was given up: nobody is late with it.
    if missed and DEADLINES[entry.awaited].is_right:
        state = "void"
    return replace(entry, state=state, ended_by=recorded.version, ended_at=recorded.at)


def _done_late(entry: Entry, recorded: Happened) -> Entry:
    """Note when what was missed was done after all, and how late it was done."""
    if entry.state != "missed" or entry.done_at:
        return entry
    entry = _with_pause(entry, recorded)
    if not ends(recorded.event, entry.key):
        return entry
    # What the clock records for a silent party is not that party's late deed.
    if _notes_silence(recorded.event) or not _meets(recorded.event, entry):
        return entry
    late = recorded.at - entry.due
    return replace(
        entry,
        done_at=recorded.at,
        late=late.total_seconds(),
        late_net=max(
            timedelta(), late - stood_still(entry, recorded.at)
        ).total_seconds(),
    )


def _meets(event: DisputeEvent, entry: Entry) -> bool:
    """Tell whether an event is what was awaited, and not what made it void."""
    return isinstance(event, DEADLINES[entry.awaited].met_by)


def _notes_silence(event: DisputeEvent) -> bool:
    """Tell whether an event only says that a time is over."""
    match event:
        case DeadlineMissed() | EvidenceClosed() | ClocksResumed():
            return True
        case ObligationConfirmed(deemed=deemed):
            return deemed
        case _:
            return False


def _with_pause(entry: Entry, recorded: Happened) -> Entry:
    """Note when clocks stood still while what was missed was still to be done.

    This time is taken off the lateness: the case was held up for everyone.
    """
    last = entry.pauses[-1] if entry.pauses else None
    # One span at a time: a pause within a pause is not counted twice.
    if isinstance(recorded.event, Pausing) and (last is None or last.until):
        span = Span(since=recorded.at, version=recorded.version)
        return replace(entry, pauses=(*entry.pauses, span))
    if isinstance(recorded.event, Resuming) and last is not None and last.until is None:
        over = replace(last, until=recorded.at)
        return replace(entry, pauses=(*entry.pauses[:-1], over))
    return entry


def stood_still(entry: Entry, until: datetime) -> timedelta:
    """Return how long clocks stood still between the end of a limit and a moment."""
    return sum(
        (
            # Only what lies after the end: an earlier pause has moved the end already.
            min(span.until or until, until) - max(span.since, entry.due)
            for span in entry.pauses
            if (span.until or until) > entry.due
        ),
        timedelta(),
    )
