"""The history of a case, and what can be read off its events without any view."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from domain.admission.events import Admitted, Refused
from domain.appeal.events import AppealDecided, AppealResult
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.case.evolve import fold
from domain.deadlines.events import ClocksPaused, ClocksResumed, DeadlineMissed
from domain.filing.events import Filed
from domain.negotiation.events import OfferAccepted, SellerResponded
from domain.notices.events import NoticeKind, NoticeServed
from domain.performance.events import Closed
from domain.ruling.events import HumanReviewRequested, Ruled
from domain.suspension.events import Resumed, Suspended

E = TypeVar("E", bound=DisputeEvent)
HOME = ZoneInfo("Asia/Shanghai")
HERE = {
    *("settled", "ruled", "enforced", "enforcement-failed"),
    *("withdrawn", "refused", "referred"),
}
DECIDED = {"ruled", "enforced", "enforcement-failed"}
OWING = {"settled", *DECIDED}


@dataclass(frozen=True)
class Happened:
    """An event and when it happened."""

    at: datetime
    event: Any


class History:
    """What happened in one case, and what a reader would say of it."""

    def __init__(self, events: Sequence[Happened]) -> None:
        self.events = events
        self.filed: Filed = events[0].event
        self.dispute = fold((one.event for one in events), Dispute())

    def all(self, *kinds: type) -> list[Happened]:
        return [one for one in self.events if isinstance(one.event, kinds)]

    def last(self, *kinds: type) -> Happened | None:
        return next(reversed(self.all(*kinds)), None)

    def at(self, *kinds: type) -> datetime | None:
        found = self.last(*kinds)
        return found.at if found else None

    @property
    def notified(self) -> datetime | None:
        found = [
            one.at
            for one in self.all(NoticeServed)
            if one.event.notice is NoticeKind.ADMISSION
        ]
        return found[-1] if found else None

    @property
    def closing(self) -> Happened | None:
        """Return the closing, unless something has opened the case again since."""
        refused = False
        closing = None
        for one in self.events:
            event = one.event
            refused = refused or isinstance(event, Refused)
            if isinstance(event, Closed):
                closing = one
            elif isinstance(event, Admitted | HumanReviewRequested):
                closing = None
            elif isinstance(event, AppealDecided):
                stands = event.result is AppealResult.UPHELD or refused
                closing = closing if stands else None
        return closing

    @property
    def agreements(self) -> list[Happened]:
        return [
            one
            for one in self.all(SellerResponded, OfferAccepted)
            if (isinstance(one.event, OfferAccepted) and one.event.settles)
            or (isinstance(one.event, SellerResponded) and one.event.obligations)
        ]

    @property
    def deciding(self) -> list[Happened]:
        """Return what set liability: rulings, and appeals that changed them."""
        refused = bool(self.all(Refused))
        return [
            one
            for one in self.all(Ruled, AppealDecided)
            if isinstance(one.event, Ruled)
            or (one.event.result is not AppealResult.UPHELD and not refused)
        ]

    @property
    def liability(self) -> str | None:
        if not self.deciding:
            return None
        return str(self.deciding[-1].event.liability or "none")

    @property
    def owed(self) -> bool:
        found = [*self.agreements, *self.deciding]
        return any(one.event.obligations for one in found)

    @property
    def granted(self) -> int | None:
        """Return the money that the last agreement or decision gives the buyer."""
        given = [*self.agreements, *self.deciding]
        if not given:
            return None
        last = max(given, key=self.events.index).event
        if isinstance(last, SellerResponded):
            amounts = [one.amount for one in last.obligations]
        elif isinstance(last, OfferAccepted):
            amounts = [last.terms.amount]
        else:
            amounts = [one.amount for one in last.remedies]
        return sum(one.amount for one in amounts if one)

    def missed(self, awaited: str) -> bool:
        return any(one.event.awaited == awaited for one in self.all(DeadlineMissed))

    def reviewed(self) -> str | None:
        """Return what the last human review of a ruling came to."""
        before: Ruled | None = None
        asked, result = False, None
        for one in self.all(Ruled, HumanReviewRequested):
            if isinstance(one.event, HumanReviewRequested):
                asked = True
                continue
            if asked and before is not None:
                result = "upheld" if _alike(before, one.event) else "changed"
            before = one.event
        return result

    def still(self, since: datetime, until: datetime) -> timedelta:
        """Return for how long the case stood still in between."""
        total = timedelta()
        for begun, ended in self._pauses():
            total += max(timedelta(), min(ended, until) - max(begun, since))
        return total

    def _pauses(self) -> Iterator[tuple[datetime, datetime]]:
        depth, begun = 0, self.events[0].at
        for one in self.events:
            if isinstance(one.event, Suspended | ClocksPaused):
                begun = begun if depth else one.at
                depth += 1
            elif depth and isinstance(one.event, Resumed | ClocksResumed | Closed):
                depth = 0 if isinstance(one.event, Closed) else depth - 1
                if not depth:
                    yield begun, one.at
        if depth:
            yield begun, datetime.max.replace(tzinfo=self.events[0].at.tzinfo)


def _alike(one: Ruled, other: Ruled) -> bool:
    def about(ruled: Ruled) -> tuple[Any, ...]:
        money = sum(terms.amount.amount for terms in ruled.remedies if terms.amount)
        return ruled.liability, sorted(terms.kind for terms in ruled.remedies), money

    return about(one) == about(other)


def month_of(at: datetime) -> str:
    return f"{at.astimezone(HOME):%Y-%m}"


def quantile(values: list[float], share: float) -> float:
    values = sorted(values)
    rank = (len(values) - 1) * share
    low = int(rank)
    high = min(low + 1, len(values) - 1)
    return values[low] + (rank - low) * (values[high] - values[low])
