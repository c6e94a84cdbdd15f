"""An event as the audit trail shows it: who, when and by which rule.

It is read from the record each time; `audit_trail.py` keeps only what finds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from application.record.envelope import Recorded, topic
from domain.admission.events import Refused
from domain.appeal.events import AppealDecided
from domain.case.events import DisputeEvent
from domain.deadlines.events import DeadlineMissed
from domain.evidence.events import BurdenAssigned
from domain.filing.events import Filed
from domain.negotiation.events import SellerResponded
from domain.performance.events import Closed
from domain.ruling.events import Ruled
from projections.following.evolved_case import deciders


class TrailRow(Struct, frozen=True, kw_only=True):
    """One event. `at`: when it happened; `recorded_at`: when it was recorded (UTC).

    `precision` says how exact an imported `at` is. `rules`: the limits that began with
    the event, and the rules or grounds that it cites. `platform`, the parties,
    `category` and `order_id` are set for the first event of a case only.
    """

    case_id: UUID
    position: int
    version: int
    type: str
    at: datetime
    precision: str
    recorded_at: datetime
    actor_role: str
    actor_id: str | None
    on_behalf_of: str | None
    for_id: str | None
    command_id: UUID
    policy: str | None
    rules: tuple[str, ...]
    party: str | None
    due: datetime | None
    platform: str | None
    buyer: str | None
    seller: str | None
    category: str | None
    imported_from: str | None
    imported_record: str | None
    request: str | None
    order_id: str | None = None
    outcome: str | None = None
    deciders: tuple[str, ...] = ()


def trail_row(position: int, recorded: Recorded) -> TrailRow:
    """Return an event as it is shown."""
    event = recorded.event
    filed = event if isinstance(event, Filed) else None
    missed = event if isinstance(event, DeadlineMissed) else None
    return TrailRow(
        case_id=recorded.case,
        position=position,
        version=recorded.version,
        type=topic(event),
        at=recorded.at,
        precision=recorded.imported.precision if recorded.imported else "exact",
        recorded_at=recorded.recorded_at,
        actor_role=recorded.actor.role,
        actor_id=recorded.actor.id,
        on_behalf_of=recorded.actor.on_behalf_of,
        for_id=recorded.actor.for_id,
        command_id=recorded.command_id,
        policy=recorded.policy,
        rules=rules_of(recorded),
        party=missed.party if missed else getattr(event, "by", None),
        due=missed.due if missed else None,
        platform=filed.platform if filed else None,
        buyer=filed.buyer if filed else None,
        seller=filed.seller if filed else None,
        category=f"{filed.category}/{filed.reason}" if filed else None,
        imported_from=recorded.imported.system if recorded.imported else None,
        imported_record=recorded.imported.record if recorded.imported else None,
        request=recorded.request,
        order_id=filed.order if filed else None,
        outcome=event.outcome if isinstance(event, Closed) else None,
        deciders=deciders(recorded),
    )


def rules_of(recorded: Recorded) -> tuple[str, ...]:
    """Return the limits that began with an event, and the rules that it cites."""
    return tuple(_rules(recorded.event, recorded.policy))


def _rules(event: DisputeEvent, policy: str | None) -> Iterator[str]:
    for deadline in getattr(event, "deadlines", ()):
        yield f"{policy}#{deadline.limit}"
    match event:
        case Ruled(reasons=reasons):
            for reason in reasons:
                yield f"{reason.rule.id}/{reason.rule.version}"
        case AppealDecided(reasons=reasons, result=result):
            yield f"appeal:{result}"
            for reason in reasons:
                yield f"{reason.rule.id}/{reason.rule.version}"
        case BurdenAssigned(rule=rule):
            yield f"{rule.id}/{rule.version}"
        case Refused(ground=ground, rule=rule_applied):
            yield f"ground:{ground}"
            if rule_applied:
                yield rule_applied
        case DeadlineMissed(awaited=awaited):
            yield f"missed:{awaited}"
        case SellerResponded(position=position):
            yield f"position:{position}"
