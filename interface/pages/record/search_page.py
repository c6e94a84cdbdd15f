"""The search over all facts of the record: filters in the address, a table, a file."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from application.imports.mapping import EVENTS
from application.log.entry_proofs import log_entries
from application.record.row_scope import Beyond, beyond
from application.texts import say
from domain.case.outcome import Outcome
from domain.roles import Party
from interface.api.csv_tables import csv_answer
from interface.api.cursors import list_named, opened
from interface.api.errors import on_failure
from interface.api.event_query import facts_page
from interface.api.problems import Failure
from interface.api.read_your_writes import shows
from interface.api.recorded_reads import Read
from interface.api.request_context import RequestContext
from interface.api.responses.fact_list import FactsPage, fact_table
from interface.pages.forms.sent_form import SentForm
from interface.pages.page_texts import page_words
from interface.pages.record.case_names import numbers
from interface.pages.record.event_filters import (
    FIRST,
    MORE,
    TERMS,
    BadFilters,
    EventFilters,
    filters_of,
)
from interface.pages.record.known_platforms import known_platforms
from interface.pages.record.record_page import PATH, SEARCHED, record_of, record_page
from interface.pages.record.rule_terms import rule_words
from interface.pages.sealed_terms import asked_terms, sealer_of, search_posted
from projections.audit.audit_trail import AUDIT_TRAIL

ROWS = 50
ROWS_OF_FILE = 1_000
FILE_PATH = f"{PATH}/events.csv"
SEARCH = record_of(Read.SEARCH) | shows(AUDIT_TRAIL) | TERMS.opt

Choices = dict[str, list[tuple[str, str]]]


@post(PATH, status_code=303, sync_to_thread=False, opt=SEARCHED)
def search_record(
    request: Request[Any, Any, Any], form: NamedDependency[SentForm]
) -> Redirect:
    """Lead to what is searched for; the address says nobody's name."""
    return search_posted(request, form, TERMS, PATH)


@get(PATH, sync_to_thread=True, opt=SEARCH)
def search_page(
    request: Request[Any, Any, Any], context: NamedDependency[RequestContext]
) -> Response[str]:
    """Show the facts that meet the filters, in the order of the record."""
    filters = filters_of(asked_terms(request))
    cursor = request.query_params.get("cursor")
    try:
        found = _found(context, filters, cursor, ROWS)
    except (BadFilters, Failure) as error:
        flaws = _flaws(request, context, error)
        rest = filters.without(flaws)
        others = _others(context, rest) if isinstance(error, BadFilters) else None
        return _page(request, context, filters, others, flaws, rest)
    return _page(request, context, filters, found, {})


@get(FILE_PATH, sync_to_thread=True, opt=SEARCH)
def search_file(
    request: Request[Any, Any, Any], context: NamedDependency[RequestContext]
) -> Response[Any]:
    """Return what the search finds as a table, a thousand facts at once."""
    filters = filters_of(asked_terms(request))
    cursor = request.query_params.get("cursor")
    try:
        found = _found(context, filters, cursor, ROWS_OF_FILE)
    except BadFilters as bad:
        raise Failure("malformed", faults=bad.problems) from None
    return csv_answer(context, fact_table(context, found.items), found.next)


def _found(
    context: RequestContext, filters: EventFilters, cursor: str | None, rows: int
) -> FactsPage:
    whose = f"{context.caller.platform or ''} {context.caller.role}"
    whose += f" {context.caller.subject}"
    begins = opened(cursor, int, list_named(PATH, filters.query(), whose))
    return facts_page(context, filters.search(context), rows, begins)


def _others(context: RequestContext, rest: EventFilters) -> FactsPage | None:
    """Return what meets the filters in which nothing is wrong."""
    try:
        return _found(context, rest, None, ROWS)
    except (BadFilters, Failure):
        return None


def _flaws(
    request: Request[Any, Any, Any],
    context: RequestContext,
    error: BadFilters | Failure,
) -> dict[str, str]:
    """Return what is wrong, in words, by the names of the filters."""
    if isinstance(error, Failure):
        failure, names = error, set[str]()
    else:
        failure, names = Failure("malformed", faults=error.problems), error.names
    told = on_failure(request, failure).content
    said = {one.pointer.removeprefix("/"): one.detail for one in told.errors}
    # What is chosen from a list needs no codes named.
    names |= said.keys() & {"type", "category"}
    return said | {
        name: page_words(f"record.flaw-{name}", context.language) for name in names
    }


def _page(
    request: Request[Any, Any, Any],
    context: RequestContext,
    filters: EventFilters,
    found: FactsPage | None,
    flaws: dict[str, str],
    linked: EventFilters | None = None,
) -> Response[str]:
    sealer, links = sealer_of(request), linked or filters
    platforms = [(one, one) for one in known_platforms(context)]
    return record_page(
        request,
        context,
        "search.html",
        status=400 if flaws else 200,
        filters=filters,
        first=[
            one
            for one in FIRST
            if one != "platform" or context.caller.platform is None or one in flaws
        ],
        more=MORE,
        choices=_choices(context) | ({"platform": platforms} if platforms else {}),
        only=platforms[0][0] if len(platforms) == 1 and not filters.given else "",
        names_platform=context.caller.platform is None,
        flaws=flaws,
        found=found.items if found else (),
        entries=_entries(context, found),
        numbers=numbers(context, (one.dispute for one in found.items) if found else ()),
        is_later="cursor" in request.query_params,
        next=links.address(sealer, PATH, cursor=found.next)
        if found and found.next
        else None,
        file=links.address(sealer, FILE_PATH),
        again=links.address(sealer, PATH),
        rule_words=partial(rule_words, context),
        dispute_link=lambda one: (
            f"{PATH}/cases/{one.dispute}?{urlencode({'at': one.version})}"
            f"#fact-{one.version}"
        ),
    )


def _entries(context: RequestContext, found: FactsPage | None) -> dict[int, int]:
    positions = [one.position for one in found.items] if found else []
    with beyond(Beyond.LOG), context.system.database.get_connection() as connection:
        return log_entries(connection, positions)


def _choices(context: RequestContext) -> Choices:
    """Return the codes of the filters that have some, with their words."""
    language, codes = context.language, context.system.rulebooks.codes
    categories = [
        (f"{name}/{reason}" if reason else name, words)
        for name, one in codes.categories.items()
        for reason, words in (
            ("", getattr(one, language)),
            *(
                (code, f"{getattr(one, language)} · {getattr(label, language)}")
                for code, label in one.reasons.items()
            ),
        )
    ]
    return {
        "type": [(code, say("facts", code, language)) for code in EVENTS],
        "category": categories,
        "outcome": [(one, say("outcomes", one, language)) for one in Outcome],
        "late": [
            (one, say("parties", one, language)) for one in Party if one != "both"
        ],
    }
