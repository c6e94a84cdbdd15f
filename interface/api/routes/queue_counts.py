"""How much there is in the queue, and who has it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from litestar import Controller, get
from litestar.di import NamedDependency
from msgspec import Struct
from msgspec.structs import replace

from domain.roles import STAFF, Role
from interface.api.openapi.case_examples import QUEUE_COUNTS
from interface.api.openapi.operations import READ_PROBLEMS, Reading, answering
from interface.api.read_your_writes import After, waits_for
from interface.api.recorded_reads import only_by
from interface.api.request_context import RequestContext
from projections.queue.case_conditions import Filters
from projections.queue.case_counts import CaseCounts, assignees, counted
from projections.queue.queue_view import QUEUE


class LateCount(Struct, frozen=True, kw_only=True):
    """How many live cases, and how many of them are overdue."""

    total: int
    overdue: int


class AssigneeShown(Struct, frozen=True, kw_only=True):
    """How many live cases somebody has."""

    assignee: str
    total: int


class QueueCountsShown(Struct, frozen=True, kw_only=True):
    """How many live cases there are, by where they stand and whom they wait for.

    `assignees`: those with most cases first, at most 500 of them.
    """

    total: int
    overdue: int
    unclaimed: int
    phases: dict[str, LateCount]
    waiting_on: dict[str, LateCount]
    assignees: tuple[AssigneeShown, ...]


class QueueCountsController(Controller):
    """How much there is to do."""

    path = "/v1/queue/counts"
    tags = ("staff",)

    @get(
        operation_class=answering(Reading, QUEUE_COUNTS),
        responses=READ_PROBLEMS,
        operation_id="countQueue",
        summary="Count the queue",
        sync_to_thread=True,
        opt=only_by(*STAFF) | waits_for(QUEUE),
    )
    def counts(
        self, context: NamedDependency[RequestContext], after: After = None
    ) -> QueueCountsShown:
        """Count the live cases of the queue (mediators, supervisors).

        By phase and by who is waited for, each with how many are overdue, and by who
        has them. A case that waits for both parties counts under "both". Appeals are
        counted for supervisors only.
        """
        del after  # the guard has waited
        return counts_of(context)


def counts_of(context: RequestContext) -> QueueCountsShown:
    """Count the live cases that the caller's queue has."""
    database = context.system.database
    filters = Filters(
        now=context.system.clock(),
        platform=context.caller.platform,
        reader=context.actor,
        live=True,
        without_appeals=True if context.actor.role is Role.MEDIATOR else None,
    )
    rows = counted(database, filters)
    unclaimed = counted(database, replace(filters, assignee=""), late=False)
    total = sum(row.cases for row in rows)
    return QueueCountsShown(
        total=total,
        overdue=sum(row.overdue for row in rows),
        unclaimed=sum(row.cases for row in unclaimed),
        phases=_by(rows, "phase"),
        waiting_on=_by(rows, "waiting_party"),
        assignees=tuple(
            AssigneeShown(assignee=one.assignee, total=one.cases)
            for one in assignees(database, filters)
        ),
    )


def _by(rows: Sequence[CaseCounts], name: str) -> dict[str, LateCount]:
    cases, overdue = Counter[str](), Counter[str]()
    for row in rows:
        if (kind := getattr(row, name)) is not None:
            cases[kind] += row.cases
            overdue[kind] += row.overdue
    return {
        kind: LateCount(total=cases[kind], overdue=overdue[kind])
        for kind in sorted(cases)
    }
