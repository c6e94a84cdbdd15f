"""The answer to who lists cases: a page or a sample, as JSON or as a table."""

from __future__ import annotations

from typing import Any

from litestar import Response
from msgspec import Struct

from interface.api.csv_tables import csv_answer, is_csv
from interface.api.cursors import opened
from interface.api.problems import malformed
from interface.api.request_context import RequestContext
from interface.api.responses.case_list import CasesPage, listing
from interface.api.responses.case_sample import sampled
from interface.api.responses.case_table import case_table
from projections.queue.case_conditions import Filters
from projections.queue.case_pages import Place, Sort


class Listed(Struct, frozen=True):
    """Which of the cases that are found to list: a page, or a sample of all."""

    sort: Sort
    limit: int
    cursor: str | None
    count: bool
    sample: int | None
    seed: str | None


def listed(
    context: RequestContext, filters: Filters, how: Listed, form: str | None
) -> Response[Any]:
    """Answer the cases. Raises Failure for what does not go together."""
    shown = _shown(context, filters, how)
    if is_csv(context, form):
        return csv_answer(context, case_table(context, shown), shown.next)
    return Response(shown)


def _shown(context: RequestContext, filters: Filters, how: Listed) -> CasesPage:
    if how.sample is None:
        if how.seed is not None:
            raise malformed("seed", "only-with-sample")
        return listing(
            context.system,
            filters,
            how.sort,
            how.limit,
            opened(how.cursor, Place, context.list_name),
            language=context.language,
            count=how.count,
        )
    # A sample has no pages: its order is that of the draw.
    if how.cursor is not None:
        raise malformed("cursor", "not-with-this", **{"for": "sample"})
    return sampled(context, filters, how.sample, how.seed)
