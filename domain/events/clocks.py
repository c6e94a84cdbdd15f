"""Notices served, deadlines missed and moved, and time that stands still."""

from __future__ import annotations

from datetime import datetime

from domain.deadlines import Awaited, Deadline
from domain.events.event import Event
from domain.outcomes import NoticeKind, PauseCause, SuspensionCause
from domain.personal import Personal
from domain.roles import Party


class NoticeServed(Event, frozen=True, kw_only=True, tag="notice-served"):
    """A notice reached a party over a channel; the first one starts the limits."""

    notice: NoticeKind
    party: Party
    channel: str
    recipient: str | None = None
    deadlines: tuple[Deadline, ...] = ()


class DeadlineMissed(Event, frozen=True, kw_only=True, tag="deadline-missed"):
    """A party let a deadline pass. It happened at `due`, whenever it was noted."""

    awaited: Awaited
    party: Party
    due: datetime | None = None
    item: int | None = None
    deadlines: tuple[Deadline, ...] = ()


class DeadlineExtended(Event, frozen=True, kw_only=True, tag="deadline-extended"):
    """A limit got more time; `deadlines` holds it with its new end."""

    awaited: Awaited
    party: Party
    item: int | None = None
    why: Personal[str]
    deadlines: tuple[Deadline, ...] = ()


class ClocksPaused(Event, frozen=True, kw_only=True, tag="clocks-paused"):
    """What runs stands still from `since` on, such as while goods are inspected."""

    cause: PauseCause
    item: int | None = None
    since: datetime
    deadlines: tuple[Deadline, ...] = ()


class ClocksResumed(Event, frozen=True, kw_only=True, tag="clocks-resumed"):
    """What stood still goes on; `deadlines` holds the new ends."""

    cause: PauseCause
    item: int | None = None
    deadlines: tuple[Deadline, ...] = ()


class SuspensionRequested(Event, frozen=True, kw_only=True, tag="suspension-requested"):
    """One side asks for a pause of `days`; it begins when the other asks too."""

    by: Party
    days: int


class Suspended(Event, frozen=True, kw_only=True, tag="suspended"):
    """The whole case stands still from `since` on."""

    cause: SuspensionCause
    by: Party
    note: Personal[str] | None = None
    since: datetime
    deadlines: tuple[Deadline, ...] = ()


class SuspensionProved(Event, frozen=True, kw_only=True, tag="suspension-proved"):
    """Who went to court or the police has shown it."""

    by: Party
    proof: Personal[str]
    deadlines: tuple[Deadline, ...] = ()


class Resumed(Event, frozen=True, kw_only=True, tag="resumed"):
    """The case goes on; `deadlines` holds the new ends."""

    cause: str
    deadlines: tuple[Deadline, ...] = ()
