"""Claims the next case of the queue, which may lag behind what others have claimed."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from litestar import Response

from domain.mediators.commands import Assign
from domain.refusals import NotFound, NotNow, Stale
from domain.roles import Party
from interface.api.request_context import RequestContext
from interface.api.responses.case import SellerCase
from projections.queue import Filters, Place, listed, place

PAGE = 20
TRIES = 3


def unclaimed(context: RequestContext) -> Iterator[UUID]:
    """Yield what waits for the platform and nobody has, the most urgent first."""
    filters = Filters(
        now=context.system.clock(),
        platform=context.caller.platform,
        live=True,
        assignee="",
        waiting_party=Party.PLATFORM,
    )
    after: Place | None = None
    while True:
        with context.system.database.get_connection() as connection:
            rows = listed(connection, filters, sort="due", limit=PAGE, after=after)
        yield from (row.case_id for row in rows)
        if len(rows) < PAGE:
            return
        after = place(rows[-1], "due")


def take(context: RequestContext, case: UUID) -> Response[SellerCase] | None:
    """Take a case as it was read, so that nobody has it; None if somebody does."""
    command = Assign(mediator=context.caller.subject)
    for _ in range(TRIES):
        read = context.system.disputes.find(case)
        if read.dispute.assignee is not None:
            return None
        try:
            return context.take(case, command, read.version)
        except Stale:
            continue
        except (NotNow, NotFound):
            return None
    return None
