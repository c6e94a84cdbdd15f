"""A party's notices of all its cases, the latest first."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from interface.api.cursors import list_named, opened
from interface.api.read_your_writes import shows
from interface.api.request_context import RequestContext
from interface.api.routes.queue import notices_of
from interface.pages.page import page
from interface.pages.page_times import PageTimes
from interface.pages.party.party_options import PARTY, PATH
from projections.notices import NOTICES

INBOX = f"{PATH}/notices"
ROWS = 50


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
        next=f"{INBOX}?{urlencode({'cursor': found.next})}" if found.next else None,
        begins_later=cursor is not None,
        times=PageTimes(system.zone, system.clock(), context.language),
    )
