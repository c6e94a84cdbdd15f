"""One limit in the deadline ledger of a case, with its pauses and extensions."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from domain.deadlines.deadline import Awaited, Key
from domain.deadlines.time_limits import LimitName
from domain.roles import Party

LimitState = Literal["running", "held", "met", "missed", "void"]


class Span(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When a clock stood still (UTC), and because of which event."""

    since: datetime
    version: int
    until: datetime | None = None


class Extension(Struct, frozen=True, kw_only=True):
    """By which event a limit was extended, and the end it had before (UTC)."""

    version: int
    due_before: datetime


class Entry(Struct, frozen=True, kw_only=True):
    """One limit that ran. `state`: running, held, met, missed or void.

    `ended_by` is the version of the event that ended it; `done_at` when what was
    awaited was done after all. `late` and `late_net` are seconds past the end, the
    second without what stood still meanwhile.
    """

    awaited: Awaited
    party: Party
    item: int | None
    started_by: int
    start: datetime
    limit: LimitName
    length: str
    calendar: str
    due: datetime
    state: LimitState = "running"
    ended_by: int | None = None
    ended_at: datetime | None = None
    done_at: datetime | None = None
    late: float | None = None
    late_net: float | None = None
    pauses: tuple[Span, ...] = ()
    extensions: tuple[Extension, ...] = ()

    @property
    def key(self) -> Key:
        """Return what tells this limit from others that run at the same time."""
        return self.awaited, self.party, self.item
