"""Which cases the queue lists, and how many there are under each of its tabs."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from domain.roles import Role
from interface.api.case_filters import assignee_named
from interface.api.request_context import RequestContext
from interface.api.responses.case_list import CasesPage
from interface.api.routes.queue_counts import QueueCountsShown
from interface.pages.desk.queue_filters import QueueFilters
from projections.queue.case_conditions import Filters
from projections.queue.case_counts import counted

LEAST_SEARCHED = 2
"""Characters; one is in nearly every case."""


class QueueTab(Struct, frozen=True, kw_only=True):
    """A tab: its name, what it asks for, and how many cases it has.

    `many` is None where counting them would read every closed case.
    """

    name: str
    overdue: bool | None = None
    closed: bool | None = None
    many: int | None

    def is_of(self, asked: QueueFilters) -> bool:
        """Tell whether the tab is the one that is shown."""
        return (asked.overdue, asked.closed) == (self.overdue, self.closed)


def asked_cases(context: RequestContext, asked: QueueFilters) -> Filters:
    """Return the cases that the address of the queue asks for."""
    return Filters(
        now=context.system.clock(),
        platform=context.caller.platform,
        reader=context.actor,
        live=not asked.closed,
        phase=asked.phase,
        assignee=assignee_named(context.caller, asked.assignee or None),
        waiting_party=asked.waiting_on,
        overdue=asked.overdue,
        second_look=asked.second,
        text=asked.q if len(asked.q) >= LEAST_SEARCHED else None,
        without_appeals=True if context.actor.role is Role.MEDIATOR else None,
    )


def own_cases(
    context: RequestContext, counts: QueueCountsShown, filters: Filters
) -> int:
    """Return how many live cases the reader has."""
    subject = context.caller.subject
    for one in counts.assignees:
        if one.assignee == subject:
            return one.total
    return _many(context, replace(_all_open(filters), assignee=subject))


def second_looks(context: RequestContext, filters: Filters) -> int:
    """Return how many rulings wait for a second person."""
    return _many(context, replace(_all_open(filters), second_look=True))


def tabs(
    context: RequestContext, filters: Filters, found: CasesPage, cursor: str | None
) -> tuple[QueueTab, ...]:
    """Return the tabs: open cases, those of them that are late or not, closed ones."""
    live = replace(filters, live=True, overdue=None)
    rows = counted(context.system.database, live)
    total, late = sum(one.cases for one in rows), sum(one.overdue for one in rows)
    return (
        QueueTab(name="all", many=total),
        QueueTab(name="late", overdue=True, many=late),
        QueueTab(name="in-time", overdue=False, many=total - late),
        QueueTab(
            name="closed", closed=True, many=_closed(context, filters, found, cursor)
        ),
    )


def _closed(
    context: RequestContext, filters: Filters, found: CasesPage, cursor: str | None
) -> int | None:
    if filters.text is None:
        return _many(context, replace(filters, live=False, overdue=None))
    is_whole = not filters.live and found.next is None and cursor is None
    return len(found.items) if is_whole else None


def _all_open(filters: Filters) -> Filters:
    """Return all open cases of the reader, whatever else is asked for."""
    return Filters(
        now=filters.now,
        platform=filters.platform,
        reader=filters.reader,
        live=True,
        without_appeals=filters.without_appeals,
    )


def _many(context: RequestContext, filters: Filters) -> int:
    return sum(
        row.cases for row in counted(context.system.database, filters, late=False)
    )
