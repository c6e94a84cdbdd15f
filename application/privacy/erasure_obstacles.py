"""What forbids an erasure: cases that are live, under legal hold, or to be kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from application.cases.case import Case
from application.cases.disputes import Disputes
from application.record.envelope import Precision
from domain.case.dispute import Phase
from domain.performance.events import Closed
from domain.privacy.decide import retained_until
from domain.roles import Actor, Role


class Obstacle(Struct, frozen=True, kw_only=True):
    """A case that forbids an erasure: "live", "held", or "retained" until a time.

    "shared": its texts have one key with somebody else's, from an earlier version.
    """

    case: UUID
    why: str
    holds: tuple[str, ...] = ()
    until: datetime | None = None

    def __str__(self) -> str:
        """Return the obstacle in one line."""
        if self.until is not None:
            return f"{self.case} is to be kept until {self.until.isoformat()}"
        if self.holds:
            return f"{self.case} is under legal hold: {', '.join(self.holds)}"
        if self.why == "shared":
            return f"{self.case} has one key with another person's texts"
        return f"{self.case} is {self.why}"


def obstacles(disputes: Disputes, cases: Sequence[Case]) -> Iterator[Obstacle]:
    """Yield what forbids the erasure of data in these cases now."""
    actor = Actor(role=Role.SUPERVISOR)
    for case in cases:
        if case.dispute.holds:
            bases = tuple(one.basis for one in case.dispute.holds)
            yield Obstacle(case=case.case, why="held", holds=bases)
        if case.dispute.phase is not Phase.CLOSED:
            yield Obstacle(case=case.case, why="live")
            continue
        context = disputes.context(case, actor)
        until = retained_until(closed_at(case), context.rules.policy)
        if context.now < until:
            yield Obstacle(case=case.case, why="retained", until=until)


def closed_at(case: Case) -> datetime:
    """Return when a closed case was closed, or recorded if its source does not say."""
    recorded = next(
        one for one in reversed(case.events) if isinstance(one.event, Closed)
    )
    # A time that is too early would end the retention that the law asks for too early.
    vague = recorded.imported and recorded.imported.precision is Precision.NOT_BEFORE
    return recorded.recorded_at if vague else recorded.at
