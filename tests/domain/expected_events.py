"""Events as they should be recorded, written out by hand; times are Shanghai's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from importlib.metadata import version
from typing import Any

from msgspec.structs import replace

from domain.appeal.events import AppealFiled, AppealGround
from domain.deadlines.deadline import Awaited, Deadline
from domain.deadlines.time_limits import LimitName
from domain.escalation.events import Escalated, Trigger
from domain.evidence.events import BurdenAssigned
from domain.filing.events import Filed
from domain.money import Money
from domain.negotiation.events import SellerResponded
from domain.roles import Party
from domain.ruling.events import Ruled
from domain.ruling.reasons import Reason, RuleCited
from domain.terms import Obligation, Terms

SHANGHAI = timezone(timedelta(hours=8))
CALENDAR = "CN@holidays-" + ".".join(version("holidays").split(".")[:2])


def shanghai(time: str) -> datetime:
    """Return a time of 2026 in Shanghai, such as "03-02 10:00", in UTC."""
    return (
        datetime.fromisoformat(f"2026-{time}").replace(tzinfo=SHANGHAI).astimezone(UTC)
    )


def deadline(
    awaited: str,
    party: str,
    length: str,
    *,
    until: str,
    since: str = "03-02 10:00",
    limit: str | None = None,
    item: int | None = None,
) -> Deadline:
    """Return a deadline; its limit is called what is awaited, unless said otherwise."""
    return Deadline(
        awaited=Awaited(awaited),
        party=Party(party),
        start=shanghai(since),
        due=shanghai(until),
        limit=LimitName(limit or awaited),
        length=length,
        calendar=CALENDAR,
        item=item,
    )


PAID = Terms(kind="refund", amount=Money(12_900, "CNY"))
REASON = Reason(
    issue="Was the kettle defective?",
    finding="The photos show the crack.",
    rule=RuleCited(id="sample-platform", version="1", article="3"),
)
FIRST_PROOF = BurdenAssigned(
    party=Party.BUYER,
    rule=RuleCited(id="proof", version="1", article="visible-defect"),
)


def owes(amount: int, **changes: Any) -> Obligation:
    """Return that the seller owes an amount, in minor units, as obligation 1."""
    one = Obligation(
        number=1,
        debtor=Party.SELLER,
        duty="pay",
        limit=LimitName.PERFORMANCE_MONEY,
        amount=Money(amount, "CNY"),
    )
    return replace(one, **changes)


def payment(*, since: str, until: str) -> Deadline:
    """Return the deadline of a payment by the seller that is obligation 1."""
    return deadline(
        "performance",
        "seller",
        "24 hours",
        since=since,
        until=until,
        limit="performance-money",
        item=1,
    )


def filed(**changes: Any) -> Filed:
    """Return how the sample filing is recorded on 2 March at 10:00."""
    one = Filed(
        platform="shop",
        channel="order-page",
        category="quality",
        reason="defect",
        policy="cn-default/1",
        number=1,
        buyer="b-1",
        seller="s-1",
        order="o-1",
        line="1",
        paid=Money(12_900, "CNY"),
        claim=PAID,
        facts="The kettle leaks.",
        contact="b1@example.com",
        evidence_note="Photos follow.",
        deadlines=(
            deadline("admission", "platform", "1 working day", until="03-04 00:00"),
        ),
    )
    return replace(one, **changes)


def responded(position: str, *, since: str, until: str, **more: Any) -> SellerResponded:
    """Return an answer that leaves three days to agree."""
    agree = deadline("negotiation", "both", "3 days", since=since, until=until)
    return SellerResponded(position=position, deadlines=(agree,), **more)


def escalated(trigger: Trigger, by: Party, *, since: str, until: str) -> Escalated:
    """Return an escalation that asks both sides for evidence."""
    asked = tuple(
        deadline("evidence", side, "3 days", since=since, until=until)
        for side in ("buyer", "seller")
    )
    return Escalated(trigger=trigger, by=by, deadlines=asked)


def ruled(**changes: Any) -> Ruled:
    """Return the sample ruling as it is recorded: the seller pays everything back."""
    one = Ruled(
        liability="seller",
        remedies=(PAID,),
        reasons=(REASON,),
        obligations=(owes(12_900),),
        decided_by="m-1",
    )
    return replace(one, **changes)


def appeal_filed(by: Party, *, since: str, until: str, **changes: Any) -> AppealFiled:
    """Return the sample appeal, to be decided within seven days."""
    decision = deadline(
        "appeal-decision", "platform", "7 days", since=since, until=until
    )
    one = AppealFiled(
        by=by,
        ground=AppealGround.ERROR,
        statement="The photo is another's.",
        since=shanghai(since),
        deadlines=(decision,),
    )
    return replace(one, **changes)
