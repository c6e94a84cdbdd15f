"""Samples of cases: drawn at random, and the same again with the same seed."""

from __future__ import annotations

from secrets import token_hex
from typing import Annotated
from urllib.parse import parse_qsl

from litestar.params import QueryParameter

from domain.roles import Role
from interface.api.request_context import RequestContext
from interface.api.responses.case_list import CasesPage, SampleDrawn, Says, shown
from projections.queue.case_conditions import Filters
from projections.queue.case_search import drawn

Seed = Annotated[
    str | None,
    QueryParameter(
        min_length=1,
        max_length=100,
        description="What a sample is drawn by; without it, one is made and told.",
    ),
]
_NO_FILTERS = {"sample", "seed", "format", "count", "sort", "limit", "after", "cursor"}


def sampled(
    context: RequestContext, filters: Filters, size: int, seed: str | None
) -> CasesPage:
    """Draw a sample of what the filters find, in the order of the draw."""
    seed = seed or token_hex(8)
    with context.system.database.get_connection() as connection:
        population, rows = drawn(connection, filters, size=size, seed=seed)
    reader = filters.reader
    says = Says(context.system, filters.now, context.language)
    is_party = reader is not None and reader.role in {Role.BUYER, Role.SELLER}
    return CasesPage(
        items=tuple(shown(row, says, tagged=not is_party) for row in rows),
        next=None,
        sample=SampleDrawn(
            size=len(rows),
            seed=seed,
            population=population,
            filters=_asked(context),
            drawn_at=filters.now,
        ),
    )


def _asked(context: RequestContext) -> dict[str, str]:
    """Return the filters as they were sent, and the platform of the caller's token."""
    own = context.caller.platform
    sent = dict(parse_qsl(context.query, keep_blank_values=True))
    asked = {name: value for name, value in sent.items() if name not in _NO_FILTERS}
    return asked | ({"platform": own} if own else {})
