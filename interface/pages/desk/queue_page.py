"""The queue as a page: what waits, for whom, until when, and claiming the next case."""

from __future__ import annotations

from functools import partial
from typing import Any, cast
from urllib.parse import urlencode
from uuid import uuid4

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect
from msgspec.structs import replace

from domain.case.dispute import Phase
from domain.roles import Party, Role
from interface.api.case_claim import claimed
from interface.api.case_filters import assignee_named
from interface.api.cursors import list_named, opened
from interface.api.errors import on_failure
from interface.api.problems import Failure, ProblemDetails
from interface.api.read_your_writes import shows
from interface.api.request_context import RequestContext
from interface.api.responses.case_list import listing
from interface.api.routes.queue_counts import QueueCountsShown, counts_of
from interface.pages.desk.mediator_choice import workload
from interface.pages.desk.queue_filters import DESK, PATH, QueueFilters
from interface.pages.desk.queue_groups import grouped, urgency_of
from interface.pages.desk.saved_filters import saved_filters
from interface.pages.forms.sent_form import SentForm
from interface.pages.page import page
from interface.pages.page_options import FORM
from interface.pages.page_times import PageTimes
from projections.queue.case_conditions import Filters
from projections.queue.case_counts import counted
from projections.queue.case_pages import Place
from projections.queue.queue_view import QUEUE
from projections.queue.unclaimed_cases import Skills

ROWS = 50
LEAST_SEARCHED = 2
"""Characters; one is in nearly every case."""


@get(PATH, sync_to_thread=True, opt=DESK | shows(QUEUE))
def queue_page(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    assignee: FromQuery[str] = "",
    phase: FromQuery[Phase | None] = None,
    waiting_on: FromQuery[Party | None] = None,
    overdue: FromQuery[bool | None] = None,
    q: FromQuery[str] = "",
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """Show the queue, the most urgent first."""
    asked = QueueFilters(
        assignee=assignee,
        phase=phase,
        waiting_on=waiting_on,
        overdue=overdue,
        q=q.strip(),
    )
    return _queue(request, context, asked, cursor)


@post(f"{PATH}/claim", status_code=303, sync_to_thread=True, opt=DESK | FORM)
def claim_next_page(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    form: NamedDependency[SentForm],
) -> Response[Any]:
    """Take the next case, and open it; a form that is sent twice takes one case."""
    keyed = replace(context, headers={"idempotency-key": form.get("key")})
    try:
        case = claimed(keyed, Skills(categories=None, language=None), None)
    except Failure as failure:
        told: ProblemDetails = on_failure(request, failure).content
        return _queue(request, context, QueueFilters(), None, told=told)
    return Redirect(f"{PATH}/cases/{case.case}", status_code=303)


def _queue(
    request: Request[Any, Any, Any],
    context: RequestContext,
    asked: QueueFilters,
    cursor: str | None,
    told: ProblemDetails | None = None,
) -> Response[str]:
    system, filters = context.system, _filters(context, asked)
    whose = f"{context.caller.role} {context.caller.subject}"
    begins = opened(cursor, Place, list_named(PATH, asked.link(), whose))
    found = listing(system, filters, "due", ROWS, begins, language=context.language)
    counts, now = counts_of(context), filters.now
    return page(
        request,
        "desk/queue.html",
        status=told.status if told else 200,
        here=PATH,
        asked=asked,
        groups=grouped(found.items, now),
        urgency_of=urgency_of,
        next=f"{asked.link()}{'&' if '?' in asked.link() else '?'}"
        f"{urlencode({'cursor': found.next})}"
        if found.next
        else None,
        begins_later=cursor is not None,
        counts=counts,
        own=_own(context, counts, filters),
        tabs=_tabs(context, filters),
        times=PageTimes(system.zone, now, context.language),
        key=uuid4,
        told=told,
        saved=saved_filters(request),
        is_supervisor=context.actor.role is Role.SUPERVISOR,
        subject=context.caller.subject,
        workload=partial(workload, language=context.language),
    )


def _filters(context: RequestContext, asked: QueueFilters) -> Filters:
    text = asked.q if len(asked.q) >= LEAST_SEARCHED else None
    return Filters(
        now=context.system.clock(),
        platform=context.caller.platform,
        reader=context.actor,
        live=True,
        phase=asked.phase,
        assignee=assignee_named(context.caller, asked.assignee or None),
        waiting_party=asked.waiting_on,
        overdue=asked.overdue,
        text=text,
        without_appeals=True if context.actor.role is Role.MEDIATOR else None,
    )


def _own(context: RequestContext, counts: QueueCountsShown, filters: Filters) -> int:
    """Return how many live cases the reader has."""
    subject = context.caller.subject
    for one in counts.assignees:
        if one.assignee == subject:
            return one.total
    own = Filters(
        now=filters.now,
        platform=filters.platform,
        reader=filters.reader,
        live=True,
        assignee=subject,
        without_appeals=filters.without_appeals,
    )
    return sum(row.cases for row in counted(context.system.database, own))


def _tabs(
    context: RequestContext, filters: Filters
) -> tuple[tuple[str, bool | None, int | None], ...]:
    """Return each tab's name, its filter, and how many cases it has.

    A search is not counted: it would read every case once more.
    """
    if filters.text is not None:
        total = late = None
    else:
        rows = counted(context.system.database, replace(filters, overdue=None))
        total, late = sum(one.cases for one in rows), sum(one.overdue for one in rows)
    rest = None if total is None else total - cast("int", late)
    return (("all", None, total), ("late", True, late), ("in-time", False, rest))
