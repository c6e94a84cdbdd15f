"""What happens in a case, event by event, and the view of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from application.record.envelope import Imported, Recorded
from domain.case.event import Event
from domain.filing.events import Filed
from domain.money import Money
from domain.roles import Actor, Role
from domain.ruling.events import Ruled
from domain.ruling.reasons import Reason, RuleCited
from domain.terms import Terms
from projections.case_view.fold import CaseView, fold

CASE = UUID(int=7)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
HALF = Terms(kind="refund", amount=Money(6450, "CNY"))
REASON = Reason(
    issue="Was it defective?",
    finding="It was.",
    rule=RuleCited(id="sample-platform", version="1", article="3"),
    relied_on=(1,),
)
MEDIATOR = Actor(role=Role.MEDIATOR, id="m-1")


def at(version: int) -> datetime:
    """Event n happened n hours after the start."""
    return START + timedelta(hours=version)


def given(*events: Event, imported: Imported | None = None) -> CaseView:
    return fold(
        Recorded(
            case=CASE,
            version=version,
            at=at(version),
            recorded_at=at(version),
            actor=MEDIATOR,
            command_id=UUID(int=version),
            policy="cn-default/1",
            imported=imported,
            event=event,  # type: ignore[arg-type]
        )
        for version, event in enumerate(events, start=1)
    )


FILED = Filed(
    platform="shop",
    channel="order-page",
    category="quality",
    reason="defect",
    policy="cn-default/1",
    buyer="b-1",
    seller="s-1",
    order="o-1",
    line="1",
    paid=Money(12900, "CNY"),
    claim=Terms(kind="refund", amount=Money(12900, "CNY")),
    facts="It leaks.",
    contact="b@example.com",
    evidence_note="Photos follow.",
)


def ruled(by: str | None = None) -> Ruled:
    return Ruled(
        liability="seller",
        remedies=(HALF,),
        reasons=(REASON,),
        obligations=(),
        decided_by=by,
    )
