"""What whoever runs the installation has to know: one page, which refreshes itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import uuid4

from litestar import Request, Response, get
from litestar.di import NamedDependency
from psycopg import Connection

from application.deliveries.delivery_log import undelivered
from application.jobs.status import REBUILD, JobKind, reports
from application.notices.notice_delivery import unserved
from application.record.row_scope import Beyond, beyond
from domain.refusals import NotAllowed
from domain.roles import Role
from interface.api.bulkheads import Work, work
from interface.api.health_readers import is_operator, may_read_health
from interface.api.recorded_reads import only_by, unrecorded
from interface.api.request_context import RequestContext
from interface.health import examined
from interface.pages.operation.named_parts import part_words
from interface.pages.operation.sessions import processes
from interface.pages.operation.told_outcome import outcome_of
from interface.pages.page import page
from interface.pages.page_options import PAGE
from interface.pages.page_times import PageTimes
from projections.health.examination import Examination
from projections.health.found_views import found_views
from projections.health.health_finding import Finding, Severity
from projections.health.operation_figures import operation_figures

PATH = "/operator"
MOST_ROWS = 200
"""Of what was given up, and of cases set aside; the command line lists all."""

OPERATION = (
    only_by(Role.SUPERVISOR, Role.AUDITOR, Role.REGULATOR)
    | unrecorded("it is how the installation is, and no content of cases")
    | PAGE
)
TONES = {Severity.UNREADY: "late", Severity.WARNING: "soon", Severity.NOTE: "run"}


def check_reader(context: RequestContext) -> bool:
    """Tell whether the reader runs the installation. Raises NotAllowed for others."""
    runs_it = is_operator(context.caller, context.system.settings)
    if not runs_it and not may_read_health(context.caller):
        raise NotAllowed(role=context.caller.role)
    return runs_it


@get(PATH, sync_to_thread=True, opt=OPERATION | work(Work.HEALTH))
def operation_page(
    request: Request[Any, Any, Any], context: NamedDependency[RequestContext]
) -> Response[str]:
    """Show how the installation is: what is wrong, late, halted or given up."""
    return operation_page_of(request, context)


def operation_page_of(
    request: Request[Any, Any, Any],
    context: RequestContext,
    *,
    failed: Mapping[str, str] | None = None,
) -> Response[str]:
    """Return the page, which tells what has just come of another chance.

    `failed`: what was typed into a form that was refused, and its `flaw`.
    """
    outcome = None if failed else outcome_of(request.query_params)
    runs_it, system = check_reader(context), context.system
    found, now = examined(system), system.clock()
    with beyond(Beyond.HEALTH), system.database.get_connection() as connection:
        figures = operation_figures(connection, now)
        shown = {
            **_of_cases(connection, runs_it=runs_it),
            "processes": processes(connection),
            "rebuild": next(
                (one for one in reports(connection) if one.part == REBUILD), None
            ),
        }
    return page(
        request,
        "operation/operation.html",
        here=PATH,
        found=found,
        findings=_ordered(found),
        tones=TONES,
        figures=figures,
        log_parts=[one for one in found.log.parts if one.kind is not JobKind.OTHER],
        part_words=partial(part_words, language=context.language),
        runs_it=runs_it,
        status=400 if failed else 200,
        said=outcome.said(context.language) if outcome else None,
        failed=failed or {},
        times=PageTimes(system.zone, now, context.language),
        key=uuid4,
        **shown,
    )


def _of_cases(connection: Connection[Any], *, runs_it: bool) -> dict[str, Any]:
    """Return what names cases and endpoints of platforms: for operators alone."""
    if not runs_it:
        return {"aside": (), "undelivered": (), "unserved": ()}
    views = found_views(connection)
    return {
        "aside": [one for view in views for one in view.parked][:MOST_ROWS],
        "undelivered": [
            one for one in undelivered(connection) if one.dead or one.waiting
        ][:MOST_ROWS],
        "unserved": unserved(connection)[:MOST_ROWS],
    }


def _ordered(found: Examination) -> list[Finding]:
    """Return the findings, the worst first."""
    return sorted(found.findings, key=lambda one: [*TONES].index(one.severity))
