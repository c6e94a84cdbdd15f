"""One case under a draft: people act when they did, and the clock by the draft's rules.

What people did is kept as it happened: filings, answers, offers, rulings, payments, and
notices that reached them. What follows from rules alone is made anew: the limits that
each act begins, how pauses and extensions move them, what silence past them leads to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from msgspec import Struct

from application.record.envelope import Recorded
from domain.case.context import Context, Rulebook
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.case.evolve import evolve
from domain.deadlines.deadline import Key
from domain.deadlines.events import DeadlineMissed
from domain.deadlines.timeouts import events_of, overdue
from domain.evidence.events import EvidenceClosed
from domain.notices.events import NoticeServed, NoticeUndelivered
from domain.roles import CLOCK, Role
from projections.simulation.begun_limits import with_limits
from projections.simulation.possible_acts import is_possible


class Happening(Struct, frozen=True):
    """An event of a case; `by_itself`: it followed from a time limit alone."""

    version: int
    at: datetime
    recorded_at: datetime
    event: DisputeEvent
    by_itself: bool


class Replayed(Struct, frozen=True):
    """A case under a draft; `skipped`: acts that the draft leaves no place for."""

    events: tuple[Happening, ...]
    dispute: Dispute
    skipped: int


def as_recorded(events: Sequence[Recorded]) -> tuple[Happening, ...]:
    """Return the events of a case as they were recorded."""
    return tuple(
        Happening(one.version, one.at, one.recorded_at, one.event, of_clock)
        for of_clock, group in _groups(events)
        for one in group
    )


def replay(events: Sequence[Recorded], book: Rulebook, until: datetime) -> Replayed:
    """Replay all events of a case by the rules of a draft, up to a moment."""
    return _Replay(events, book).run(events, until)


class _Replay:
    def __init__(self, events: Sequence[Recorded], book: Rulebook) -> None:
        self._book, self._filed = book, events[0]
        self._noticed = _noticed(events)
        self._dispute, self._now = Dispute(), events[0].recorded_at
        self._done: list[Happening] = []
        self._skipped = 0

    def run(self, events: Sequence[Recorded], until: datetime) -> Replayed:
        for of_clock, group in _groups(events):
            if of_clock:
                continue
            moment = group[0].recorded_at
            self._pass_limits(moment)
            self._now = max(self._now, moment)
            if is_possible(group[0], self._dispute):
                self._act(group)
            else:
                self._skipped += 1
        # What is still running when people have done their last may end the case.
        self._pass_limits(until)
        return Replayed(tuple(self._done), self._dispute, self._skipped)

    def _act(self, group: Sequence[Recorded]) -> None:
        for one in group:
            # What follows in the same decision, such as closing, may be done already.
            if one is not group[0] and not is_possible(one, self._dispute):
                continue
            event = with_limits(
                one.event, one.recorded_at, self._dispute, self._context()
            )
            self._add(event, one.at, by_itself=False)

    def _pass_limits(self, until: datetime) -> None:
        """Let the clock do what it does with each limit that has passed by then."""
        while (moment := self._next_look()) is not None and moment <= until:
            self._now = moment
            for event in events_of(overdue(self._dispute, self._context())):
                over = isinstance(event, DeadlineMissed | EvidenceClosed)
                due = event.due if over else None  # type: ignore[union-attr]
                self._add(event, due or moment, by_itself=True)

    def _next_look(self) -> datetime | None:
        """Return when the next limit is found to have passed.

        As late as it was in the record; a limit that only the draft has, at its end.
        """
        looks = (
            self._noticed.get((one.key, one.due), one.due)
            for one in self._dispute.deadlines
        )
        first = min(looks, default=None)
        return None if first is None else max(first, self._now)

    def _add(self, event: DisputeEvent, at: datetime, *, by_itself: bool) -> None:
        self._dispute = evolve(self._dispute, event)
        version = len(self._done) + 1
        self._done.append(Happening(version, at, self._now, event, by_itself))

    def _context(self) -> Context:
        # The category is the filing's: a case keeps it to its end.
        filed = self._filed.event
        return Context(
            actor=CLOCK,
            now=self._now,
            rules=self._book,
            category=getattr(filed, "category", ""),
            reason=getattr(filed, "reason", ""),
            filed=self._filed.at,
        )


def _groups(
    events: Sequence[Recorded],
) -> Iterator[tuple[bool, tuple[Recorded, ...]]]:
    """Yield the events of each decision, and whether the clock alone has led to it."""
    # One command is one decision, and passing limits has ids of its own.
    for _, found in groupby(events, key=lambda one: one.command_id):
        group = tuple(found)
        first = group[0]
        of_clock = first.actor.role is Role.CLOCK and not isinstance(
            first.event, NoticeServed | NoticeUndelivered
        )
        yield of_clock, group


def _noticed(events: Sequence[Recorded]) -> dict[tuple[Key, datetime], datetime]:
    """Return when each limit that passed was found to have passed.

    Nobody loses time that they could not know of, so what silence leads to begins when
    it is recorded. A worker that was late is as late in a replay.
    """
    found: dict[tuple[Key, datetime], datetime] = {}
    dispute = Dispute()
    for of_clock, group in _groups(events):
        for one in group:
            if of_clock:
                for limit in dispute.deadlines:
                    if limit.due <= one.recorded_at:
                        found.setdefault((limit.key, limit.due), one.recorded_at)
            dispute = evolve(dispute, one.event)
    return found
