"""Who was late in a case, with the time that stood still and without it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from domain.deadlines.ledger_entry import Entry

Verdict = Literal["in-time", "late", "late-by-pause", "running", "held", "void"]


class LateLimit(Struct, frozen=True, kw_only=True):
    """A limit of the ledger, and how late it was met.

    `gross` is all that passed after its end, `net` what is left of that without what
    stood still. A limit that is missed and not yet met is late until now (`is_open`).
    """

    entry: Entry
    verdict: Verdict
    gross: timedelta | None = None
    net: timedelta | None = None
    is_open: bool = False

    @property
    def paused(self) -> timedelta | None:
        """Return what stood still after the end of the limit."""
        return None if self.gross is None or self.net is None else self.gross - self.net


def late_limits(entries: Sequence[Entry], now: datetime) -> tuple[LateLimit, ...]:
    """Return the limits of a ledger, in its order."""
    return tuple(_late(one, now) for one in entries)


def _late(entry: Entry, now: datetime) -> LateLimit:
    if entry.state != "missed":
        verdicts: dict[str, Verdict] = {
            "met": "in-time",
            "running": "running",
            "held": "held",
            "void": "void",
        }
        return LateLimit(entry=entry, verdict=verdicts[entry.state])
    if entry.late is None:
        gross = max(now - entry.due, timedelta())
        return LateLimit(entry=entry, verdict="late", gross=gross, is_open=True)
    gross = timedelta(seconds=entry.late)
    net = timedelta(seconds=entry.late if entry.late_net is None else entry.late_net)
    verdict: Verdict = "late" if net else "late-by-pause"
    return LateLimit(entry=entry, verdict=verdict, gross=gross, net=net)
