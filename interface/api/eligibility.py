"""What a filing would lead to, and filing an ended case once more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from litestar import Response
from msgspec import Struct

from application.cases.next_case import next_case
from application.texts import say
from domain.case.decide import guard
from domain.case.dispute import Phase
from domain.filing.commands import FileDispute, Reopen
from domain.filing.decide import ROUTES, eligibility
from domain.identity import natural_key
from domain.refusals import NotNow, Stale
from interface.api.problems import Fault, fault
from interface.api.request_context import RequestContext, expected_versions
from interface.api.responses.case import SellerCase


class EligibilityShown(Struct, frozen=True, kw_only=True):
    """What a filing would lead to.

    `decided_by` "rule": refused at once on `ground`; "mediator": looked at. `until` is
    the last moment to file (UTC). `duplicate` is a live dispute on the same issue;
    `earlier` one that ended, which new facts re-open.
    """

    accepted: bool
    decided_by: str
    ground: str | None
    words: str
    until: datetime | None
    missing: tuple[Fault, ...]
    routes: tuple[str, ...]
    duplicate: str | None
    earlier: str | None


def case_of(command: FileDispute) -> UUID:
    """Return the id of the first case on an issue of an order line."""
    order = command.order
    return natural_key(command.platform, order.id, order.line, command.reason, 1)


def foreseen(context: RequestContext, command: FileDispute) -> EligibilityShown:
    """Say what would become of a filing; nothing is recorded."""
    disputes = context.system.disputes
    present = disputes.find(case_of(command))
    deciding = disputes.context(present, context.actor)
    guard(FileDispute, disputes.find(UUID(int=0)).dispute, deciding)
    found = eligibility(command, deciding)
    there = f"/v1/disputes/{present.case}" if present.events else None
    over = present.dispute.phase is Phase.CLOSED
    ground = "settled-or-pending" if there else found.ground
    accepted = ground is None and not found.problems
    outcome = "accepted" if accepted else "refused"
    return EligibilityShown(
        accepted=accepted,
        decided_by="mediator" if accepted else "rule",
        ground=ground,
        words=say("eligibility", outcome, context.language),
        until=found.until,
        missing=tuple(fault(one, context.language) for one in found.problems),
        routes=ROUTES if ground else (),
        duplicate=None if over else there,
        earlier=there if over else None,
    )


def reopened(
    context: RequestContext, ended: UUID, command: Reopen
) -> Response[SellerCase]:
    """File the next case on the issue of an ended one."""
    case = context.read(ended)
    versions = expected_versions(context.headers)
    if versions is not None and case.version not in versions:
        raise context.refused(ended, Stale(version=str(case.version)))
    try:
        new, filing = next_case(context.system.disputes, case, context.actor, command)
    except NotNow as refusal:
        raise context.refused(ended, refusal) from refusal
    return context.file(new, filing)
