"""Who was late in a case, with the time that stood still and without it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from domain.deadlines.ledger import stood_still
from domain.deadlines.ledger_entry import Entry

Verdict = Literal[
    "in-time", "late", "late-by-pause", "not-done", "running", "held", "void"
]


class LateLimit(Struct, frozen=True, kw_only=True):
    """A limit of the ledger, and how late it was met.

    `gross` is all that passed after its end, `net` what is left of that without what
    stood still. A limit that is missed and still waited for is late until now
    (`is_open`); one that was missed and never done has no length: it can be done no
    more.
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


def late_limits(
    entries: Sequence[Entry], now: datetime, still_open: Entry | None
) -> tuple[LateLimit, ...]:
    """Return the limits of a ledger, in its order."""
    return tuple(_late(one, now, is_open=one is still_open) for one in entries)


def _late(entry: Entry, now: datetime, *, is_open: bool) -> LateLimit:
    if entry.state != "missed":
        verdicts: dict[str, Verdict] = {
            "met": "in-time",
            "running": "running",
            "held": "held",
            "void": "void",
        }
        return LateLimit(entry=entry, verdict=verdicts[entry.state])
    if is_open:
        gross = max(now - entry.due, timedelta())
        net = max(gross - stood_still(entry, now), timedelta())
    elif entry.late is None:
        return LateLimit(entry=entry, verdict="not-done")
    else:
        gross = timedelta(seconds=entry.late)
        taken = entry.late if entry.late_net is None else entry.late_net
        net = timedelta(seconds=taken)
    verdict: Verdict = "late" if net else "late-by-pause"
    return LateLimit(
        entry=entry, verdict=verdict, gross=gross, net=net, is_open=is_open
    )
