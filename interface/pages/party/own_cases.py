"""A party's own cases: what waits for them first, then the others."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect
from msgspec import Struct
from msgspec.structs import replace

from domain.roles import Party, Role
from interface.api.cursors import list_named, opened
from interface.api.read_your_writes import shows
from interface.api.recorded_reads import Read, read_of
from interface.api.request_context import RequestContext
from interface.api.responses.case_list import CaseListed, CasesPage, listing
from interface.pages.desk.queue_groups import urgency_of
from interface.pages.forms.sent_form import SentForm
from interface.pages.page import page
from interface.pages.page_options import FORM
from interface.pages.page_times import PageTimes
from interface.pages.party.filing_steps import filings_begun
from interface.pages.party.party_options import PARTY, PATH
from interface.pages.sealed_terms import (
    Sealer,
    Terms,
    asked_terms,
    sealer_of,
    search_posted,
)
from projections.queue.case_conditions import Filters
from projections.queue.case_counts import counted
from projections.queue.case_pages import ListSort, Place
from projections.queue.queue_view import QUEUE

ROWS = 30
MOST_SAID = 40
"""So much of an unknown value is said again."""
TERMS = Terms("cases", frozenset({"q"}))
LEAST_SEARCHED = 2
"""Characters; one is in nearly every case."""


class Shown(StrEnum):
    """Which of their cases a party looks at."""

    OPEN = "open"
    YOURS = "yours"
    CLOSED = "closed"


class OwnFilters(Struct, frozen=True, kw_only=True):
    """What the address of the list asks for."""

    show: Shown = Shown.OPEN
    q: str = ""

    def fields(self) -> dict[str, str]:
        """Return what is asked for, as names and values of an address."""
        given = {"show": str(self.show)} if self.show is not Shown.OPEN else {}
        return given | ({"q": self.q} if self.q else {})


class OwnLinks(Struct, frozen=True):
    """The addresses of the list for one reader, in which nobody is named."""

    asked: OwnFilters
    sealer: Sealer

    def link(self, *, cursor: str | None = None, **changes: Any) -> str:
        """Return the address of the list with other filters."""
        given = replace(self.asked, **changes).fields()
        given |= {"cursor": cursor} if cursor else {}
        query = self.sealer.sealed(TERMS, given.items())
        return f"{PATH}?{query}" if query else PATH


@post(PATH, status_code=303, sync_to_thread=False, opt=PARTY | FORM)
def search_own_cases(
    request: Request[Any, Any, Any], form: NamedDependency[SentForm]
) -> Redirect:
    """Lead to the cases that are searched; the address does not say for what."""
    return search_posted(request, form, TERMS, PATH)


@get(
    PATH,
    sync_to_thread=True,
    opt=TERMS.opt | PARTY | shows(QUEUE) | read_of(Read.CASES, by=PARTY["roles"]),
)
def own_cases(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """List the caller's cases."""
    asked, unknown = _asked(asked_terms(request))
    links = OwnLinks(asked, sealer_of(request))
    own = _own(context, asked.q)
    party = context.actor.party
    waiting = replace(own, live=True, waiting_party=party)
    found = _page(context, asked, own, waiting, cursor)
    may_file = context.caller.role is Role.BUYER
    begins_first = asked.show is Shown.OPEN and cursor is None
    first = (
        listing(
            context.system, waiting, "due", ROWS, _begin(), language=context.language
        )
        if begins_first
        else CasesPage(items=(), next=None)
    )
    return page(
        request,
        "party/cases.html",
        status=400 if unknown else 200,
        unknown=unknown,
        asked=asked,
        links=links,
        first=first,
        # What waits for the reader stands above, on whichever page it would come.
        rows=[
            one
            for one in found.items
            if asked.show is not Shown.OPEN or not _waits(one, party)
        ],
        next=links.link(cursor=found.next) if found.next else None,
        begins_later=cursor is not None,
        counts=_counts(context, own, waiting) if not asked.q else {},
        times=PageTimes(context.system.zone, own.now, context.language),
        urgency_of=urgency_of,
        party=party,
        may_file=may_file,
        begun_before=filings_begun(context) if may_file and begins_first else (),
    )


def _asked(said: Mapping[str, str]) -> tuple[OwnFilters, str]:
    """Return what is asked for, and what names no list."""
    show, q = said.get("show") or Shown.OPEN, said.get("q", "").strip()
    if show in set(Shown):
        return OwnFilters(show=Shown(show), q=q), ""
    return OwnFilters(q=q), show[:MOST_SAID]


def _page(
    context: RequestContext,
    asked: OwnFilters,
    own: Filters,
    waiting: Filters,
    cursor: str | None,
) -> CasesPage:
    kinds: dict[Shown, tuple[Filters, ListSort]] = {
        Shown.OPEN: (replace(own, live=True), "due"),
        Shown.YOURS: (waiting, "due"),
        Shown.CLOSED: (replace(own, live=False), "closed"),
    }
    filters, sort = kinds[asked.show]
    whose = f"{context.caller.platform} {context.caller.role} {context.caller.subject}"
    begins = opened(cursor, Place, list_named(PATH, urlencode(asked.fields()), whose))
    return listing(
        context.system, filters, sort, ROWS, begins, language=context.language
    )


def _begin() -> Any:
    return opened(None, Place, PATH)


def _own(context: RequestContext, text: str) -> Filters:
    """Return the limits of what the caller may see, as the API has them."""
    caller = context.caller
    side = "buyer" if caller.role is Role.BUYER else "heard_by"
    return Filters(
        now=context.system.clock(),
        platform=caller.platform,
        reader=context.actor,
        text=text if len(text) >= LEAST_SEARCHED else None,
        **{side: caller.subject},  # type: ignore[arg-type]
    )


def _counts(
    context: RequestContext, own: Filters, waiting: Filters
) -> dict[Shown, int]:
    kinds = {
        Shown.OPEN: replace(own, live=True),
        Shown.YOURS: waiting,
        Shown.CLOSED: replace(own, live=False),
    }
    database = context.system.database
    return {
        kind: sum(one.cases for one in counted(database, filters))
        for kind, filters in kinds.items()
    }


def _waits(row: CaseListed, party: Party) -> bool:
    return row.waiting_on in {party, Party.BOTH}
