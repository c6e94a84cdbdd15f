"""The numbers of a report's figures: from the figure cube, or from the cases' rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from psycopg import Connection
from psycopg.rows import scalar_row

from projections.figures import cube_counts, cube_quantiles, figure_sql
from projections.figures.cube_question import Cells, cells
from projections.figures.cube_terms import dated_metrics
from projections.figures.figure_sql import Group
from projections.figures.metrics import metrics
from projections.reports.period import Question

Numbers = dict[str, Any]
"""`numerator`, `outside`; with it `denominator`, `median`, `p90`, `mean`, `parts`."""

Numbered = Mapping[Group, Mapping[str, Numbers]]
"""The numbers of each group of a report, by the figures' ids."""

_Found = defaultdict[Group, dict[str, Numbers]]


def numbers(
    connection: Connection[Any], question: Question, *, from_rows: bool = False
) -> Numbered:
    """Return the numbers of all figures. Raises BadQuestion.

    `from_rows` counts the cases even where the cube has the answer. So do all as long
    as the cube lacks changes of cases.
    """
    found: _Found = defaultdict(dict)
    where = _cells(connection, question, from_rows=from_rows)
    if where is None:
        for _, alike in dated_metrics():
            for place, metric, each in figure_sql.counted(connection, question, alike):
                found[place][metric.id] = {**each}
        _add_row_parts(connection, question, found)
    else:
        for place, metric, each in cube_counts.counted(connection, question, where):
            found[place][metric.id] = each
        every = cube_quantiles.quantiles(connection, question, where)
        for (place, figure), more in every.items():
            found[place][figure] |= more
        for place, figure, part, number in cube_counts.parts(
            connection, question, where
        ):
            found[place][figure].setdefault("parts", {})[part] = number
    return found


def undated(
    connection: Connection[Any], question: Question, *, from_rows: bool = False
) -> dict[str, int]:
    """Count, for each figure, the cases that meet it but have no date for a period."""
    where = _cells(connection, question, from_rows=from_rows)
    if where is None:
        return figure_sql.undated(connection, question, metrics())
    return cube_counts.undated(connection, question, where)


def _cells(
    connection: Connection[Any], question: Question, *, from_rows: bool
) -> Cells | None:
    found = None if from_rows else cells(question)
    if found is None:
        return None
    with connection.cursor(row_factory=scalar_row) as cursor:
        query = "SELECT EXISTS (SELECT 1 FROM figures_pending)"
        return None if cursor.execute(query).fetchone() else found


def _add_row_parts(
    connection: Connection[Any], question: Question, found: _Found
) -> None:
    for _, alike in dated_metrics():
        broken = [one for one in alike if one.broken_down]
        if not broken:
            continue
        rows = figure_sql.parts(connection, question, broken)
        for place, metric, part, number in rows:
            found[place][metric.id].setdefault("parts", {})[part] = number
