"""Every figure a second time, in plain Python, from the events of histories.

Written from the definitions in words and from the domain, apart from `milestones`,
`paused_time`, `metrics.toml` and the cube, and as slowly as that is clear.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from domain.admission.events import Admitted, ReferredToAuthority, Refused
from domain.appeal.events import AppealDecided, AppealFiled, AppealResult
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.case.evolve import fold
from domain.deadlines.events import ClocksPaused, ClocksResumed, DeadlineMissed
from domain.enforcement.case_ledger import Account, balance
from domain.enforcement.events import AdvanceRecovered, EnforcementExecuted
from domain.escalation.events import Escalated
from domain.filing.events import Filed
from domain.negotiation.events import OfferAccepted, SellerResponded
from domain.notices.events import NoticeKind, NoticeServed
from domain.performance.events import Closed, Defaulted
from domain.roles import Party
from domain.ruling.events import HumanReviewRequested, Ruled
from domain.sanctions.events import SanctionImposed
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


Test = Callable[[History], Any]


def opened(h: History) -> datetime | None:
    return h.events[0].at


def closed(h: History) -> datetime | None:
    return h.closing.at if h.closing else None


def admitted_or_refused(h: History) -> datetime | None:
    return h.all(Admitted, Refused)[0].at if h.all(Admitted, Refused) else None


def agreed(h: History) -> datetime | None:
    return h.agreements[-1].at if h.agreements else None


def appealed(h: History) -> datetime | None:
    return h.all(AppealFiled)[0].at if h.all(AppealFiled) else None


def last(*kinds: type) -> Callable[[History], datetime | None]:
    return lambda h: h.at(*kinds)


def due(h: History) -> datetime | None:
    found = [one for one in (agreed(h), h.at(Ruled)) if one]
    return max(found) if found else None


def outcome(h: History) -> str | None:
    return str(h.closing.event.outcome) if h.closing else None


def claim(h: History) -> str | None:
    return str(h.closing.event.claim) if h.closing else None


def unfounded(h: History) -> bool:
    refusal = h.last(Refused)
    if outcome(h) == "refused" and refusal is not None:
        return refusal.event.ground in {"no-basis", "abusive"}
    return outcome(h) in DECIDED and claim(h) == "not-met"


def performed(h: History) -> str:
    if outcome(h) == "enforced":
        return "enforced"
    if outcome(h) == "enforcement-failed":
        return "failed"
    return "after-default" if h.all(Defaulted) else "voluntary"


def remedies(h: History) -> str:
    ruled = h.last(Ruled)
    return " ".join(sorted(one.kind for one in ruled.event.remedies)) if ruled else ""


def advanced(h: History) -> int:
    return sum(
        one.event.amount.amount
        for one in h.all(EnforcementExecuted)
        if one.event.method == "advance" and one.event.amount
    )


def recovered(h: History) -> int:
    return sum(one.event.amount.amount for one in h.all(AdvanceRecovered))


def paid(h: History) -> int:
    return max(0, balance(h.dispute.postings, Account.BUYER))


def unpaid(h: History) -> int:
    return sum(
        max(0, duty.owed.amount.amount - duty.paid)
        for duty in h.dispute.duties
        if duty.owed.debtor is Party.SELLER
        and duty.owed.duty in {"pay", "pay-back"}
        and duty.owed.amount
        and not (duty.confirmed or duty.enforced)
    )


def claimed(h: History) -> int:
    amount = h.filed.claim.amount if h.filed.claim else None
    return amount.amount if amount else 0


def of_last(kind: type, field: str) -> Test:
    def found(h: History) -> str:
        one = h.last(kind)
        return str(getattr(one.event, field)) if one else "unknown"

    return found


def answered(h: History) -> bool:
    return bool(h.all(SellerResponded))


def platform_late(h: History) -> bool:
    return any(one.event.party is Party.PLATFORM for one in h.all(DeadlineMissed))


def yes(h: History) -> bool:
    return bool(h.events)


def ruled(h: History) -> bool:
    return bool(h.all(Ruled))


def escalated_since(h: History) -> bool:
    """Tell whether the case was escalated again after its last ruling."""
    kinds = [type(one.event) for one in h.all(Ruled, Escalated)]
    return kinds[-1:] == [Escalated]


def appeal_changed(h: History) -> bool:
    found = h.last(AppealDecided)
    return found is not None and found.event.result is not AppealResult.UPHELD


def sanction_kinds(h: History) -> str:
    return " ".join(sorted({one.event.kind for one in h.all(SanctionImposed)}))


@dataclass(frozen=True)
class Naive:
    """A figure: dated how, which cases, out of which, into which parts."""

    dated: Callable[[History], datetime | None]
    counted: Test
    out_of: Test | None = None
    part: Test | None = None
    money: Callable[[History], int] | None = None
    since: Callable[[History], datetime | None] | None = None
    net: bool = False

    def of(self, histories: Sequence[History]) -> dict[str, Any]:
        """Return the numbers of the figure over histories of one group."""
        counted = [h for h in histories if self._counts(h)]
        numbers: dict[str, Any] = {"numerator": len(counted)}
        if self.out_of:
            numbers["denominator"] = sum(map(bool, map(self.out_of, histories)))
        if self.part:
            parts: Counter[str] = Counter()
            for h in counted:
                parts[self.part(h)] += self.money(h) if self.money else 1
            numbers["parts"] = dict(parts)
        if self.since:
            days = [self._days(h) for h in counted]
            numbers["days"] = days
        return numbers

    def _counts(self, h: History) -> bool:
        if self.since and (self.since(h) is None or self.dated(h) is None):
            return False
        return bool(self.counted(h))

    def _days(self, h: History) -> float:
        assert self.since is not None
        since, until = self.since(h), self.dated(h)
        assert since is not None
        assert until is not None
        length = until - since - (h.still(since, until) if self.net else timedelta())
        return length / timedelta(days=1)


def out(among: set[str]) -> Test:
    return lambda h: outcome(h) in among


def met(*results: str) -> Test:
    return lambda h: claim(h) in results


CLAIMS = ("met", "partly", "not-met")
CURRENCY: Test = lambda h: "CNY"  # noqa: ARG005, E731 - every history is in yuan
REVIEWED = last(Ruled)
FIGURES: dict[str, Naive] = {
    "opened": Naive(opened, yes),
    "admitted": Naive(
        opened, lambda h: h.all(Admitted), lambda h: h.all(Admitted, Refused)
    ),
    "refused": Naive(opened, lambda h: h.all(Refused), part=of_last(Refused, "ground")),
    "admission-in-time": Naive(
        opened,
        lambda h: h.all(Admitted, Refused) and not h.missed("admission"),
        lambda h: h.all(Admitted, Refused) or h.missed("admission"),
    ),
    "repeat-complaints": Naive(opened, lambda h: h.filed.number > 1, yes),
    "referred": Naive(
        opened,
        lambda h: h.all(ReferredToAuthority),
        part=of_last(ReferredToAuthority, "authority"),
    ),
    "answered": Naive(opened, answered, part=of_last(SellerResponded, "position")),
    "response-missed": Naive(opened, lambda h: h.missed("response")),
    "response-in-time": Naive(
        opened,
        lambda h: answered(h) and not h.missed("response"),
        lambda h: answered(h) or h.missed("response"),
    ),
    "response-in-time-with-pending": Naive(
        opened,
        lambda h: h.notified and not h.missed("response"),
        lambda h: h.notified,
    ),
    "escalated": Naive(
        opened, lambda h: h.all(Escalated), part=of_last(Escalated, "trigger")
    ),
    "escalation-rate": Naive(
        opened,
        lambda h: h.all(Escalated),
        lambda h: answered(h) or h.missed("response") or h.all(Escalated),
    ),
    "ruled": Naive(last(Ruled), ruled, part=lambda h: h.liability),
    "ruling-in-time": Naive(last(Ruled), lambda h: not h.missed("ruling"), ruled),
    "ruled-by-machine": Naive(
        last(Ruled), lambda h: of_last(Ruled, "automation")(h) == "automated", ruled
    ),
    "closed": Naive(closed, yes, part=outcome),
    "closed-in-time": Naive(
        closed, lambda h: out(HERE)(h) and not platform_late(h), out(HERE)
    ),
    "withdrawn": Naive(closed, out({"withdrawn"}), out(HERE)),
    "unfounded": Naive(closed, unfounded, out({"refused", *DECIDED})),
    "unfounded-of-all": Naive(closed, unfounded, out(HERE)),
    "repeat-unfounded": Naive(closed, lambda h: unfounded(h) and h.filed.number > 1),
    "settlement-rate": Naive(closed, out({"settled"}), out({"settled", "ruled"})),
    "settlement-rate-of-all": Naive(
        closed, out({"settled"}), out({"settled", "ruled", "withdrawn", "refused"})
    ),
    "claim-met": Naive(closed, met("met")),
    "claim-partly-met": Naive(closed, met("partly")),
    "claim-not-met": Naive(closed, met("not-met")),
    "claim-met-rate": Naive(closed, met("met"), met(*CLAIMS)),
    "claim-met-rate-with-partly": Naive(closed, met("met", "partly"), met(*CLAIMS)),
    "performed-in-time": Naive(
        closed,
        lambda h: out({"settled", "ruled"})(h) and not h.missed("performance"),
        out({"settled", "ruled"}),
    ),
    "claimed": Naive(closed, claimed, part=CURRENCY, money=claimed),
    "awarded": Naive(
        closed,
        lambda h: h.granted is not None,
        part=CURRENCY,
        money=lambda h: h.granted or 0,
    ),
    "paid": Naive(closed, paid, part=CURRENCY, money=paid),
    "unpaid": Naive(closed, unpaid, part=CURRENCY, money=unpaid),
    "ruled-remedies": Naive(last(Ruled), ruled, part=remedies),
    "ruled-liability-remedies": Naive(
        last(Ruled), ruled, part=lambda h: f"{h.liability}: {remedies(h)}"
    ),
    "automation": Naive(last(Ruled), ruled, part=of_last(Ruled, "automation")),
    "human-reviews": Naive(last(Ruled), lambda h: h.all(HumanReviewRequested), ruled),
    "human-reviews-decided": Naive(REVIEWED, History.reviewed, part=History.reviewed),
    "human-review-change-rate": Naive(
        REVIEWED, lambda h: h.reviewed() == "changed", History.reviewed
    ),
    "appealed": Naive(appealed, yes),
    "appeals-decided": Naive(
        last(AppealDecided), yes, part=of_last(AppealDecided, "result")
    ),
    "reversal-rate": Naive(last(AppealDecided), appeal_changed, yes),
    "compliance-rate": Naive(closed, out({"settled", "ruled"}), out(OWING)),
    "performed": Naive(closed, lambda h: h.owed and out(OWING)(h), part=performed),
    "compliance-rate-of-owed": Naive(
        closed,
        lambda h: h.owed and performed(h) == "voluntary" and out(OWING)(h),
        lambda h: h.owed and out(OWING)(h),
    ),
    "defaulted": Naive(closed, lambda h: h.all(Defaulted)),
    "suspended": Naive(opened, lambda h: h.all(Suspended)),
    "sanctioned": Naive(opened, lambda h: h.all(SanctionImposed), part=sanction_kinds),
    "advanced": Naive(opened, advanced, part=CURRENCY, money=advanced),
    "recovered": Naive(opened, recovered, part=CURRENCY, money=recovered),
    "outstanding": Naive(
        opened,
        lambda h: advanced(h) > recovered(h),
        part=CURRENCY,
        money=lambda h: advanced(h) - recovered(h),
    ),
}
STAGES: dict[str, Naive] = {
    "days-to-admission": Naive(admitted_or_refused, yes, since=opened),
    "days-to-response": Naive(last(SellerResponded), yes, since=lambda h: h.notified),
    "days-to-agreement": Naive(agreed, yes, since=last(SellerResponded)),
    "days-to-ruling": Naive(
        last(Ruled), lambda h: not escalated_since(h), since=last(Escalated)
    ),
    "days-open": Naive(closed, yes, since=opened),
    "days-to-performance": Naive(closed, lambda h: h.owed, since=due),
    "days-to-appeal-decision": Naive(last(AppealDecided), yes, since=appealed),
}
