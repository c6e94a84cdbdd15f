"""Cases by the numbers that people read and type, where the record has their ids."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from domain.case_number import typed
from interface.api.request_context import RequestContext
from projections.queue.case_conditions import Filters
from projections.queue.case_search import case_numbers, listed


def numbers(context: RequestContext, cases: Iterable[UUID]) -> dict[UUID, str]:
    """Return the numbers of cases; a case of another log has none here."""
    with context.system.database.get_connection() as connection:
        return case_numbers(connection, list(dict.fromkeys(cases)))


def case_named(context: RequestContext, text: str) -> UUID:
    """Return the case of an id, or of a number that somebody typed.

    Raises ValueError for what is neither, and for a number of no case that the reader
    may see, or of several.
    """
    try:
        return UUID(text)
    except ValueError:
        number = typed(text)
    filters = Filters(
        now=context.system.clock(),
        platform=context.caller.platform,
        reader=context.actor,
        number=number,
    )
    found = listed(context.system.database, filters, sort="opened", limit=2)
    if len(found) != 1:
        raise ValueError(text)
    return found[0].case_id
