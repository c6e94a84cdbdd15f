"""The queue as a page: what waits, for whom, until when, and claiming the next case."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect
from msgspec import Struct
from msgspec.structs import replace

from domain.roles import Role
from interface.api.case_claim import claimed
from interface.api.cursors import list_named, opened
from interface.api.errors import on_failure
from interface.api.problems import Failure, ProblemDetails
from interface.api.read_your_writes import shows
from interface.api.request_context import RequestContext
from interface.api.responses.case_list import CasesPage, listing
from interface.api.routes.queue_counts import counts_of
from interface.pages.desk.given_case import GivenCase, given_case
from interface.pages.desk.queue_filters import (
    DESK,
    PATH,
    TERMS,
    QueueFilters,
    QueueLinks,
    filters_in,
    unknown_in,
)
from interface.pages.desk.queue_groups import grouped, urgency_of
from interface.pages.desk.queue_tabs import asked_cases, own_cases, second_looks, tabs
from interface.pages.desk.saved_filters import saved_filters
from interface.pages.desk.unknown_values import UnknownValue, unknown_values
from interface.pages.forms.sent_form import SentForm
from interface.pages.page import page
from interface.pages.page_options import FORM
from interface.pages.page_times import PageTimes
from interface.pages.sealed_terms import asked_terms, sealer_of, search_posted
from projections.queue.case_conditions import Filters
from projections.queue.case_pages import ListSort, Place
from projections.queue.queue_view import QUEUE
from projections.queue.unclaimed_cases import Skills

ROWS = 50


class QueueState(Struct, frozen=True, kw_only=True):
    """What the queue shows beside its cases.

    `refused`: why no case was claimed. `given`: the case that is given to somebody, or
    that has just been. `unknown`: values that no filter has. `unkept`: the name under
    which a filter was not kept, and why.
    """

    cursor: str | None = None
    refused: ProblemDetails | None = None
    given: GivenCase | None = None
    unknown: tuple[UnknownValue, ...] = ()
    unkept: tuple[str, str] = ("", "")

    @property
    def status(self) -> int:
        """Return the status of the page."""
        if self.refused is not None:
            return self.refused.status
        if self.given is not None and self.given.flaw:
            return self.given.status
        return 400 if self.unkept[1] or self.unknown else 200


@post(PATH, status_code=303, sync_to_thread=False, opt=DESK | FORM)
def search_queue(
    request: Request[Any, Any, Any], form: NamedDependency[SentForm]
) -> Redirect:
    """Lead to the queue as it is searched; the address says nobody's name."""
    return search_posted(request, form, TERMS, PATH)


@get(PATH, sync_to_thread=True, opt=DESK | shows(QUEUE) | TERMS.opt)
def queue_page(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    cursor: FromQuery[str | None] = None,
    give: FromQuery[UUID | None] = None,
    given: FromQuery[UUID | None] = None,
) -> Response[str]:
    """Show the queue, the most urgent first; `give`: with a form to give a case."""
    said = asked_terms(request)
    asked = filters_in(said)
    chosen = give or given
    state = QueueState(
        cursor=cursor,
        unknown=unknown_values(unknown_in(said), context.language),
        given=given_case(context, chosen, is_done=give is None) if chosen else None,
    )
    return queue_of(request, context, asked, state)


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
        state = QueueState(refused=told)
        return queue_of(request, context, QueueFilters(), state)
    return Redirect(f"{PATH}/cases/{case.case}?done=assignment", status_code=303)


def queue_of(
    request: Request[Any, Any, Any],
    context: RequestContext,
    asked: QueueFilters,
    state: QueueState,
) -> Response[str]:
    """Return the queue, so filtered, with what else it shows."""
    filters = asked_cases(context, asked)
    links = QueueLinks(asked, sealer_of(request))
    found, counts = _found(context, asked, filters, state.cursor), counts_of(context)
    return page(
        request,
        "desk/queue.html",
        status=state.status,
        here=PATH,
        asked=asked,
        links=links,
        state=state,
        groups=grouped(found.items, filters.now),
        urgency_of=urgency_of,
        next=links.with_query({}, {"cursor": found.next}) if found.next else None,
        counts=counts,
        own=own_cases(context, counts, filters),
        second_looks=second_looks(context, filters),
        tabs=tabs(context, filters, found, state.cursor),
        times=PageTimes(context.system.zone, filters.now, context.language),
        key=uuid4,
        saved=saved_filters(request),
        is_supervisor=context.actor.role is Role.SUPERVISOR,
        subject=context.caller.subject,
    )


def _found(
    context: RequestContext, asked: QueueFilters, filters: Filters, cursor: str | None
) -> CasesPage:
    whose = f"{context.caller.role} {context.caller.subject}"
    begins = opened(cursor, Place, list_named(PATH, asked.name, whose))
    # What is closed is due for nobody: the case that was closed last comes first.
    sort: ListSort = "closed" if asked.closed else "due"
    language = context.language
    return listing(context.system, filters, sort, ROWS, begins, language=language)
