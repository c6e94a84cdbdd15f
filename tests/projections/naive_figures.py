"""Every figure a second time, in plain Python, from the events of histories.

Written from the definitions in words and from the domain, apart from `milestones`,
`paused_time`, `metrics.toml` and the cube, and as slowly as that is clear.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.admission.events import Admitted, ReferredToAuthority, Refused
from domain.appeal.events import AppealDecided, AppealRefused
from domain.escalation.events import Escalated
from domain.negotiation.events import SellerResponded
from domain.performance.events import Defaulted
from domain.ruling.events import HumanReviewRequested, Ruled
from domain.sanctions.events import SanctionImposed
from domain.suspension.events import Suspended
from tests.projections.event_history import DECIDED, HERE, OWING, History
from tests.projections.history_readings import (
    Test,
    about,
    admitted_or_refused,
    advanced,
    agreed,
    answered,
    appeal_changed,
    appealed,
    claim,
    claimed,
    closed,
    due,
    escalated_since,
    in_favour,
    last,
    of_last,
    of_seller,
    opened,
    outcome,
    paid,
    performed,
    platform_late,
    recovered,
    refused,
    remedies,
    ruled,
    sanction_kinds,
    seller_appealed,
    unfounded,
    unpaid,
    yes,
)


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
        base = numbers.get("denominator", len(counted))
        numbers["outside"] = len(histories) - base
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


def all_performed(h: History) -> bool:
    """Tell whether the case is closed, owed something, and all of it was performed."""
    kept = {"settled", "ruled", "enforced"}
    return closed(h) is not None and bool(h.owed) and outcome(h) in kept


CLAIMS = "met", "partly", "not-met"
CURRENCY: Test = lambda h: "CNY"  # noqa: ARG005, E731 - every history is in yuan
REVIEWED = last(Ruled)
RESULT = of_last(AppealDecided, "result")
FIGURES: dict[str, Naive] = {
    "opened": Naive(opened, yes),
    "opened-reasons": Naive(opened, yes, part=about),
    "admitted": Naive(
        opened, lambda h: h.all(Admitted), lambda h: h.all(Admitted, Refused)
    ),
    "refused": Naive(opened, lambda h: h.all(Refused), part=of_last(Refused, "ground")),
    "refusal-rate": Naive(opened, refused, admitted_or_refused),
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
    "resolved": Naive(closed, out(OWING), part=in_favour),
    "discontinued": Naive(closed, out({"withdrawn", "referred"}), out(HERE)),
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
        last(Ruled),
        ruled,
        part=lambda h: f"{of_last(Ruled, 'liability')(h)}: {remedies(h)}",
    ),
    "automation": Naive(last(Ruled), ruled, part=of_last(Ruled, "automation")),
    "human-reviews": Naive(last(Ruled), lambda h: h.all(HumanReviewRequested), ruled),
    "human-reviews-decided": Naive(REVIEWED, History.reviewed, part=History.reviewed),
    "human-review-change-rate": Naive(
        REVIEWED, lambda h: h.reviewed() == "changed", History.reviewed
    ),
    "appealed": Naive(appealed, yes),
    "appeals-decided": Naive(last(AppealDecided), yes, part=RESULT),
    "reversal-rate": Naive(last(AppealDecided), appeal_changed, yes),
    "appeals-refused": Naive(last(AppealRefused), yes),
    "seller-appeals": Naive(seller_appealed, yes, part=about),
    "seller-appeals-decided": Naive(last(AppealDecided), of_seller, part=RESULT),
    "days-to-seller-appeal-decision": Naive(
        last(AppealDecided), of_seller, since=seller_appealed
    ),
    "reached-ruling": Naive(opened, lambda h: h.all(Ruled), yes),
    "reached-performance": Naive(opened, all_performed, yes),
    "reached-appeal": Naive(opened, lambda h: appealed(h) is not None, yes),
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


def answered_once_notified(history: History) -> bool:
    """Tell whether the seller knew when answering: a later notice is of the ruling."""
    at = last(SellerResponded)(history)
    return at is not None and history.notified is not None and at >= history.notified


STAGES: dict[str, Naive] = {
    "days-to-admission": Naive(admitted_or_refused, yes, since=opened),
    "days-to-response": Naive(
        last(SellerResponded), answered_once_notified, since=lambda h: h.notified
    ),
    "days-to-agreement": Naive(agreed, yes, since=last(SellerResponded)),
    "days-to-ruling": Naive(
        last(Ruled), lambda h: not escalated_since(h), since=last(Escalated)
    ),
    "days-open": Naive(closed, yes, since=opened),
    "days-to-performance": Naive(closed, lambda h: h.owed, since=due),
    "days-to-appeal-decision": Naive(last(AppealDecided), yes, since=appealed),
}
