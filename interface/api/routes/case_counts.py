"""Counting cases."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from msgspec import Struct

from domain.case.dispute import Phase
from domain.case.outcome import Outcome
from domain.roles import Actor, Party, Role
from interface.api.case_filters import (
    CaseNumber,
    ChangedSince,
    SearchText,
    case_filters,
)
from interface.api.openapi.case_examples import COUNTS
from interface.api.openapi.operations import READ_PROBLEMS, Reading, answering
from interface.api.read_your_writes import After, waits_for
from interface.api.recorded_reads import Read, read_of
from interface.api.request_context import RequestContext
from projections.queue.case_conditions import Filters
from projections.queue.case_counts import CaseCounts, counted
from projections.queue.queue_view import QUEUE

PARTIES = (Role.BUYER, Role.SELLER)


class CountsShown(Struct, frozen=True, kw_only=True):
    """How many cases the filters find, and of what kind.

    `to_handle` waits for the caller: for the party itself, or for the platform where
    staff asks. A case that waits for both parties counts under "both".
    """

    total: int
    live: int
    overdue: int
    to_handle: int
    phases: dict[str, int]
    waiting_on: dict[str, int]


class CaseCountsController(Controller):
    """How many cases there are."""

    path = "/v1/disputes"
    tags = ("disputes",)

    @get(
        "/counts",
        operation_class=answering(Reading, COUNTS),
        responses=READ_PROBLEMS,
        operation_id="countDisputes",
        summary="Count disputes",
        sync_to_thread=True,
        opt=read_of(Read.CASES) | waits_for(QUEUE),
    )
    def counts(
        self,
        context: NamedDependency[RequestContext],
        phase: FromQuery[Phase | None] = None,
        category: FromQuery[str | None] = None,
        reason: FromQuery[str | None] = None,
        overdue: FromQuery[bool | None] = None,
        live: FromQuery[bool | None] = None,
        seller: FromQuery[str | None] = None,
        buyer: FromQuery[str | None] = None,
        party: FromQuery[str | None] = None,
        order: FromQuery[str | None] = None,
        assignee: FromQuery[str | None] = None,
        case_number: CaseNumber = None,
        waiting_on: FromQuery[Party | None] = None,
        changed_since: ChangedSince = None,
        text: SearchText = None,
        tag: FromQuery[str | None] = None,
        outcome: FromQuery[Outcome | None] = None,
        decider: FromQuery[str | None] = None,
        liability: FromQuery[str | None] = None,
        min_amount: FromQuery[str | None] = None,
        max_amount: FromQuery[str | None] = None,
        currency: FromQuery[str | None] = None,
        closed_since: FromQuery[datetime | None] = None,
        closed_until: FromQuery[datetime | None] = None,
        platform: FromQuery[str | None] = None,
        after: After = None,
    ) -> CountsShown:
        """Count one's own cases (parties) or all (staff), by the list's filters."""
        del after  # the guard has waited
        filters = case_filters(
            context,
            phase=phase,
            category=category,
            reason=reason,
            overdue=overdue,
            live=live,
            seller=seller,
            buyer=buyer,
            party=party,
            order=order,
            assignee=assignee,
            case_number=case_number,
            waiting_on=waiting_on,
            changed_since=changed_since,
            text=text,
            tag=tag,
            outcome=outcome,
            decider=decider,
            liability=liability,
            amounts=(min_amount, max_amount, currency),
            closed=(closed_since, closed_until),
            platform=platform,
        )
        return _counts(context, filters)


def _counts(context: RequestContext, filters: Filters) -> CountsShown:
    rows = counted(context.system.database, filters)
    phases, waiting = Counter[str](), Counter[str]()
    for row in rows:
        phases[row.phase] += row.cases
        if row.waiting_party is not None and row.phase is not Phase.CLOSED:
            waiting[row.waiting_party] += row.cases
    return CountsShown(
        total=phases.total(),
        live=phases.total() - phases[Phase.CLOSED],
        overdue=sum(row.overdue for row in rows),
        to_handle=sum(row.cases for row in rows if _is_for(row, context.actor)),
        phases=dict(sorted(phases.items())),
        waiting_on=dict(sorted(waiting.items())),
    )


def _is_for(row: CaseCounts, actor: Actor) -> bool:
    if row.phase is Phase.CLOSED:
        return False
    if actor.role in PARTIES:
        return row.waiting_party in {actor.party, Party.BOTH}
    # Appeals are decided by supervisors.
    barred = row.phase is Phase.APPEAL and actor.role is Role.MEDIATOR
    return row.waiting_party == Party.PLATFORM and not barred
