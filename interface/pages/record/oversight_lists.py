"""Lists of those who oversee: grants, erasures, legal holds."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from litestar import Request, Response, get
from litestar.di import NamedDependency
from msgspec import Struct

from application.access.grants import Grants, Place
from application.log.entry_proofs import log_entries
from application.privacy.erasure_requests import ErasureRequests
from application.record.row_scope import Beyond, beyond
from domain.roles import Role
from interface.api.cursors import Begins, list_named, opened, page
from interface.api.event_query import EventQuery, facts_page
from interface.api.read_your_writes import shows
from interface.api.recorded_reads import Read
from interface.api.request_context import RequestContext
from interface.api.responses.erasure_state import ErasuresPage, erasure_shown
from interface.api.routes.grants import GrantsPage
from interface.pages.record.case_names import numbers
from interface.pages.record.record_page import PATH, record_of, record_page
from projections.audit.audit_trail import AUDIT_TRAIL

ROWS = 50
GRANTS = f"{PATH}/grants"
ERASURES = f"{PATH}/erasures"
HOLDS = f"{PATH}/holds"
KINDS = ("legal-hold-placed", "legal-hold-lifted")


class ListAttempt(Struct, frozen=True, kw_only=True):
    """A form below a list that was refused: what was typed, and what is wrong."""

    status: int = 200
    told: str = ""
    typed: dict[str, str] = {}
    flaws: dict[str, str] = {}


@get(GRANTS, sync_to_thread=True, opt=record_of(Read.GRANTS))
def grants_page(
    request: Request[Any, Any, Any], context: NamedDependency[RequestContext]
) -> Response[str]:
    """List grants, the last given first; those that are over too."""
    return list_of_grants(request, context, None)


def list_of_grants(
    request: Request[Any, Any, Any],
    context: RequestContext,
    attempt: ListAttempt | None,
) -> Response[str]:
    """Return the page of grants, with one that was refused, if there is one."""
    grants, platform = Grants(context.system.database), context.caller.platform
    found = page(
        GrantsPage,
        lambda after, many: grants.listed(platform, many, after),
        lambda grant: grant,
        lambda grant: (grant.given_at, grant.grant_id),
        ROWS,
        _begins(request, context, GRANTS, Place),
    )
    needed = context.system.settings.audit_grants
    return _listed(
        request,
        context,
        "grants.html",
        GRANTS,
        found,
        needed=needed,
        **_acting(context, attempt),
    )


@get(ERASURES, sync_to_thread=True, opt=record_of(Read.ERASURES))
def erasures_page(
    request: Request[Any, Any, Any], context: NamedDependency[RequestContext]
) -> Response[str]:
    """List erasures, the last requested first."""
    return list_of_erasures(request, context, None)


def list_of_erasures(
    request: Request[Any, Any, Any],
    context: RequestContext,
    attempt: ListAttempt | None,
) -> Response[str]:
    """Return the page of erasures, with one that was refused, if there is one."""
    requests = ErasureRequests(context.system.database)
    found = page(
        ErasuresPage,
        lambda after, many: requests.listed(context.caller.platform, many, after),
        erasure_shown,
        lambda one: (one.requested_at, one.erasure_id),
        ROWS,
        _begins(request, context, ERASURES, Place),
    )
    more = _acting(context, attempt)
    return _listed(request, context, "erasures.html", ERASURES, found, **more)


@get(HOLDS, sync_to_thread=True, opt=record_of(Read.SEARCH) | shows(AUDIT_TRAIL))
def holds_page(
    request: Request[Any, Any, Any], context: NamedDependency[RequestContext]
) -> Response[str]:
    """List legal holds that were placed, or lifted, in the order of the record."""
    asked = request.query_params.get("type", "")
    kind = asked if asked in KINDS else KINDS[0]
    search = EventQuery(type=kind).search(context)
    begins = _begins(request, context, f"{HOLDS}?type={kind}", int)
    found = facts_page(context, search, ROWS, begins)
    positions = [one.position for one in found.items]
    with beyond(Beyond.LOG), context.system.database.get_connection() as connection:
        entries = log_entries(connection, positions)
    here = f"{HOLDS}?{urlencode({'type': kind})}"
    return _listed(
        request,
        context,
        "holds.html",
        here,
        found,
        kinds=KINDS,
        kind=kind,
        entries=entries,
        numbers=numbers(context, (one.dispute for one in found.items)),
    )


def _acting(context: RequestContext, attempt: ListAttempt | None) -> dict[str, Any]:
    """Return what the forms of supervisors are made with."""
    return {
        "acts": context.actor.role is Role.SUPERVISOR,
        "attempt": attempt or ListAttempt(),
        "status": attempt.status if attempt else 200,
        "me": context.caller.subject,
        "key": uuid4,
    }


def _begins(
    request: Request[Any, Any, Any], context: RequestContext, name: str, kind: Any
) -> Begins[Any]:
    whose = f"{context.caller.platform or ''} {context.caller.subject}"
    return opened(request.query_params.get("cursor"), kind, list_named(name, "", whose))


def _listed(
    request: Request[Any, Any, Any],
    context: RequestContext,
    template: str,
    again: str,
    found: Any,
    **values: Any,
) -> Response[str]:
    joined = "&" if "?" in again else "?"
    more = urlencode({"cursor": found.next}) if found.next else ""
    return record_page(
        request,
        context,
        template,
        here=again.partition("?")[0],
        found=found.items,
        is_later="cursor" in request.query_params,
        again=again,
        next=f"{again}{joined}{more}" if more else None,
        now=context.system.clock(),
        **values,
    )
