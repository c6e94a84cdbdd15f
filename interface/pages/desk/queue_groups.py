"""The rows of the queue by urgency: what is overdue first, what stands still last.

What is overdue is so in whatever phase, as the counts of the queue have it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from domain.case.dispute import Phase
from interface.api.responses.case_list import CaseListed

SOON = timedelta(hours=24)
URGENCIES = ("late", "soon", "calm", "paused")
"""The groups in their order; each has a word, a shape and a colour of its own."""


class QueueGroup(Struct, frozen=True):
    """The cases of a page that are as urgent as each other."""

    urgency: str
    rows: tuple[CaseListed, ...]


def urgency_of(phase: Phase, due: datetime | None, now: datetime) -> str:
    """Return how urgent a case is. Without a limit, nothing presses."""
    if due is not None and due < now:
        return "late"
    if phase is Phase.SUSPENDED:
        return "paused"
    if due is None:
        return "calm"
    return "soon" if due - now <= SOON else "calm"


def grouped(rows: Iterable[CaseListed], now: datetime) -> tuple[QueueGroup, ...]:
    """Return the groups that have a case, each in the order of the list."""
    found: dict[str, list[CaseListed]] = {one: [] for one in URGENCIES}
    for row in rows:
        found[urgency_of(row.phase, row.due, now)].append(row)
    return tuple(QueueGroup(name, tuple(some)) for name, some in found.items() if some)
