"""Where each view stands, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from application.jobs.view_skips import Skip
from projections.health.health_finding import Finding, Kind, Severity
from projections.health.parked_cases import ParkedCase, said_aside
from projections.view_audit.view_difference import beyond

MAX_LAG = 10_000
"""Events that a view may be behind before the system counts as not ready: a view takes
this many in a few seconds."""


class ViewHealth(Struct, frozen=True, kw_only=True):
    """Where a view stands. `lag`: events behind; `parked`: cases set aside.

    `skipped`: events that it passes over, because two people said so. `audited_at`:
    when it was last held against the record as a whole, `audited_upto`: up to which
    position; None: never. `differs`: the first row that is not what the record says,
    until a whole round finds none. `unusable`: why this program
    cannot use it, such as a table that is gone.
    """

    name: str
    position: int
    lag: int
    parked: int
    halted: str | None
    skipped: int = 0
    audited_at: datetime | None = None
    audited_upto: int | None = None
    differs: str | None = None
    unusable: str | None = None


def skip_finding(skip: Skip) -> Finding:
    """Return the finding of an event that a view passes over."""
    # What was approved is as it should be; a proposal waits for somebody.
    severity = Severity.WARNING if skip.approved_by is None else Severity.NOTE
    said = f"{skip.follower} {skip}"
    return Finding(skip.follower, Kind.SKIPPED, said, severity)


def view_findings(
    view: ViewHealth, aside: Sequence[ParkedCase] = ()
) -> Iterator[Finding]:
    """Yield what is wrong with a view; `aside` are the first cases set aside by it."""
    name = view.name
    if view.unusable:
        yield Finding(name, Kind.UNUSABLE, view.unusable)
        return
    if view.halted:
        said = f"{name} halted at {view.halted} (redress views)"
        yield Finding(name, Kind.HALTED, said)
    if view.lag < 0:
        # It would pass over the next events without a word.
        end = view.position + view.lag
        yield Finding(name, Kind.DIFFERS, f"{name}: {beyond(view.position, end)}")
    if view.differs:
        said = f"{name} is not what the record says: {view.differs}"
        yield Finding(name, Kind.DIFFERS, said)
    if view.parked:
        yield Finding(name, Kind.PARKED, f"{name} set {said_aside(view.parked, aside)}")
    if view.lag > MAX_LAG:
        yield Finding(name, Kind.BEHIND, f"{name} is {view.lag} events behind")
