"""Adds up the cells of the figure cube: the numbers of a report, without its cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from psycopg import Connection

from projections.figures import figure_sql
from projections.figures.cube_question import Cells
from projections.figures.cube_terms import (
    DAY,
    NO_MONTH,
    counts,
    dated_metrics,
    outside,
    total,
)
from projections.figures.figure_sql import Group
from projections.figures.metrics import FigureUnit, Metric, metrics
from projections.reports.period import Question

Counted = tuple[Group, Metric, dict[str, Any]]


def counted(
    connection: Connection[Any], question: Question, cells: Cells
) -> Iterator[Counted]:
    """Yield (group, metric, numbers), as `figure_sql.counted` does, without quantiles.

    Days have their `mean` and, for whoever looks for quantiles, their number.
    """
    query = (
        f"SELECT {cells.place} AS place, dated, {_sums()}"
        f" FROM {cells.of('figure_cells')} WHERE {cells.conditions} GROUP BY 1, 2"
    )
    alike = dict(dated_metrics())
    for row in figure_sql.rows(connection, query, question, {}):
        for metric in alike[row["dated"]]:
            yield tuple(row["place"]), metric, _numbers(metric, row)


def parts(
    connection: Connection[Any], question: Question, cells: Cells
) -> Iterator[tuple[Group, str, str, int]]:
    """Yield (group, figure, part, number) for all figures that are broken down."""
    query = (
        f"SELECT {cells.place} AS place, figure, part, sum(cases)::bigint AS cases,"
        f" sum(amount)::bigint AS amount FROM {cells.of('figure_parts')}"
        f" WHERE {cells.conditions}"
        " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    money = {one.id for one in metrics() if one.unit is FigureUnit.MONEY}
    for row in figure_sql.rows(connection, query, question, {}):
        number = row["amount"] if row["figure"] in money else row["cases"]
        yield tuple(row["place"]), row["figure"], row["part"], number


def undated(
    connection: Connection[Any], question: Question, cells: Cells
) -> dict[str, int]:
    """Count, for each figure, the cases that it has but whose date nobody knows."""
    conditions = [f"slice = '{cells.slice}'", f"month = '{NO_MONTH}'"]
    conditions += figure_sql.filters(question)
    query = (
        f"SELECT dated, {_sums()} FROM {cells.of('figure_cells')}"
        f" WHERE {' AND '.join(conditions)} GROUP BY 1"
    )
    found = {}
    alike = dict(dated_metrics())
    for row in figure_sql.rows(connection, query, question, {}):
        for metric in alike[row["dated"]]:
            number = _numbers(metric, row)["numerator"]
            if number and metric.unit is not FigureUnit.DAYS:
                found[metric.id] = number
    return found


@cache
def _sums() -> str:
    names = [name for one in metrics() for name in counts(one)]
    sums = [f"sum({name})::bigint AS {name}" for name in names]
    sums += [f"sum({name}) AS {name}" for one in metrics() if (name := total(one))]
    # Cases without the date are kept only where a figure has them: none is left out.
    known = f"FILTER (WHERE month <> '{NO_MONTH}')"
    sums += [
        f"coalesce(sum(cases - {tuple(counts(one))[-1]}) {known}, 0)::bigint"
        f" AS {outside(one)}"
        for one in metrics()
    ]
    return ", ".join(sums)


def _numbers(metric: Metric, row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("numerator", "denominator")
    numbers = dict(zip(names, (row[name] for name in counts(metric)), strict=False))
    numbers["outside"] = row[outside(metric)]
    if (name := total(metric)) and numbers["numerator"]:
        numbers["mean"] = row[name] / numbers["numerator"] / DAY
    return numbers
