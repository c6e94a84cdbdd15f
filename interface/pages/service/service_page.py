"""Where a program of the platform begins: the cases, its acts, its webhooks, keys."""

from __future__ import annotations

from collections import Counter
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from domain.case.dispute import Phase
from domain.case.lifecycle import LIFECYCLE
from domain.roles import Role
from interface.api.actions.action_words import words_of
from interface.api.commands.command_table import ROUTES
from interface.api.read_your_writes import shows
from interface.api.recorded_reads import only_by
from interface.api.request_context import RequestContext
from interface.pages.page import page
from interface.pages.page_options import PAGE
from interface.pages.page_times import PageTimes
from projections.queue.case_conditions import Filters
from projections.queue.case_counts import counted
from projections.queue.queue_view import QUEUE

PATH = "/service"
MOST_WEBHOOKS = 50


@get(PATH, sync_to_thread=True, opt=only_by(Role.PLATFORM) | shows(QUEUE) | PAGE)
def service_page(
    request: Request[Any, Any, Any], context: NamedDependency[RequestContext]
) -> Response[str]:
    """Show what the platform's program sees, does and is told, as the API has it."""
    system, caller = context.system, context.caller
    phases = _phases(context)
    return page(
        request,
        "service/service.html",
        phases=phases,
        total=sum(number for _, number in phases),
        acts=_acts(context),
        webhooks=(
            system.webhooks.listed(caller.platform, MOST_WEBHOOKS)
            if caller.platform
            else ()
        ),
        times=PageTimes(system.zone, system.clock(), context.language),
    )


def _phases(context: RequestContext) -> list[tuple[str, int]]:
    """Return how many cases of the platform are in each phase."""
    filters = Filters(
        now=context.system.clock(),
        platform=context.caller.platform,
        reader=context.actor,
    )
    found = Counter[str]()
    for row in counted(context.system.database, filters):
        found[row.phase] += row.cases
    return [(one, found[one]) for one in Phase if found[one]]


def _acts(context: RequestContext) -> list[tuple[str, str]]:
    """Return what the program itself may do on a case: paths below it, with words."""
    words = words_of(context.system.rulebooks.codes, context.language)
    return [
        (route.path, words.action(route.name))
        for command, row in LIFECYCLE.items()
        if Role.PLATFORM in row.roles
        for route in ROUTES.get(command, ())
    ]
