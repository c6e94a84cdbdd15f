"""The platforms among which a reader of all of them chooses."""

from __future__ import annotations

from interface.api.request_context import RequestContext
from projections.queue.queue_platforms import queue_platforms


def known_platforms(context: RequestContext) -> tuple[str, ...]:
    """Return the platforms that have cases; none for a reader of a single one."""
    if context.caller.platform is not None:
        return ()
    with context.system.database.get_connection() as connection:
        return queue_platforms(connection)
