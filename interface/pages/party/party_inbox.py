"""A party's notices of all its cases, the latest first."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from domain.case_number import case_number
from interface.api.cursors import list_named, opened
from interface.api.read_your_writes import shows
from interface.api.request_context import RequestContext
from interface.api.routes.queue import NoticeListed, notices_of
from interface.pages.fact_words import fact_words
from interface.pages.page import page
from interface.pages.page_texts import page_words
from interface.pages.page_times import PageTimes
from interface.pages.party.party_course import duties_of
from interface.pages.party.party_options import PARTY, PATH
from projections.notices import NOTICES

INBOX = f"{PATH}/notices"
ROWS = 50
MISSED = "deadline-missed"


@get(INBOX, sync_to_thread=True, opt=PARTY | shows(NOTICES))
def party_inbox(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """List the caller's notices."""
    caller = context.caller
    whose = f"{caller.platform} {caller.role} {caller.subject}"
    found = notices_of(context, ROWS, opened(cursor, int, list_named(INBOX, "", whose)))
    system = context.system
    return page(
        request,
        "party/notices.html",
        notices=found.items,
        done=_done(context, found.items),
        missed=_missed(context, found.items),
        next=f"{INBOX}?{urlencode({'cursor': found.next})}" if found.next else None,
        begins_later=cursor is not None,
        times=PageTimes(system.zone, system.clock(), context.language),
    )


def _missed(
    context: RequestContext, notices: tuple[NoticeListed, ...]
) -> dict[tuple[UUID, int], str]:
    """Return which limit of which case has passed, by case and version."""
    told: dict[tuple[UUID, int], str] = {}
    asked = [one for one in notices if one.about == MISSED]
    for case in {one.dispute for one in asked}:
        events = context.read_any(case).events
        number = case_number(case, events[0].at)
        facts = {one.version: one.event for one in events}
        told |= {
            (case, one.version): page_words(
                "cases.missed",
                context.language,
                number=number,
                what=fact_words(facts[one.version], context.language),
            )
            for one in asked
            if one.dispute == case and one.version in facts
        }
    return told


def _done(
    context: RequestContext, notices: tuple[NoticeListed, ...]
) -> frozenset[tuple[UUID, int]]:
    """Return the notices, by case and version, whose duty the reader has met."""
    party = context.actor.party
    asking = [one for one in notices if one.due]
    met: set[tuple[UUID, int]] = set()
    for case in {one.dispute for one in asking}:
        duties = duties_of(context.read_any(case), party)
        met |= {
            (case, one.version)
            for one in asking
            if one.dispute == case
            and (duty := duties.get((one.version, one.due)))
            and duty.state == "met"
        }
    return frozenset(met)
