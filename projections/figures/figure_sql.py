"""Counts the metrics over the rows of the transparency view, in SQL.

Pieces of SQL come from `metrics.toml`, which belongs to the program, and column names
from the cuts that `period.CUTS` lists. What a caller sends is only ever a parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from psycopg import Connection
from psycopg.errors import InvalidParameterValue
from psycopg.rows import dict_row

from projections.figures.metrics import FigureUnit, Metric
from projections.figures.sql_dialect import POSTGRES, Dialect
from projections.reports.period import CALENDAR_CUTS, BadQuestion, Question
from projections.reports.report_cuts import local, part_of, place_of

Group = tuple[str, ...]
"""The names of a group of a report, one for each cut."""


def counted(
    connection: Connection[Any], question: Question, metrics: Sequence[Metric]
) -> Iterator[tuple[Group, Metric, Mapping[str, Any]]]:
    """Yield (group, metric, numbers) for metrics that are dated by one column.

    The numbers are `numerator`, `outside` (cases of the period that it leaves out), and
    where they apply `denominator`, `median`, `p90` and `mean`.
    """
    # One query for all of them: the table is read once for each date and not once for
    # each of some forty figures.
    dated = metrics[0].dated
    columns = ", ".join(
        f'{sql} AS "{metric.id} {name}"'
        for metric in metrics
        for name, sql in _columns(metric)
    )
    query = (
        f"SELECT {place_of(question, dated)} AS place, {columns}"
        f" FROM {cases(question, dated)} WHERE {conditions(question, dated)} GROUP BY 1"
    )
    for row in _rows(connection, query, question):
        for metric in metrics:
            prefix = f"{metric.id} "
            yield (
                tuple(row["place"]),
                metric,
                {
                    name.removeprefix(prefix): number
                    for name, number in row.items()
                    if name.startswith(prefix)
                },
            )


def parts(
    connection: Connection[Any], question: Question, metrics: Sequence[Metric]
) -> Iterator[tuple[Group, Metric, str, int]]:
    """Yield (group, metric, part, number) for metrics that are broken down.

    They are dated by one column, so that the table is read once for all of them.
    """
    dated = metrics[0].dated
    named = {metric.id: metric for metric in metrics}
    found = ", ".join(
        f"CASE WHEN {metric.counted} THEN {part_of(metric.broken_down or '')} END"
        for metric in metrics
    )
    amounts = ", ".join(f"({metric.measured or 1})::numeric" for metric in metrics)
    query = (
        "SELECT place, figure, part, sum(amount)::bigint AS number FROM ("
        f"SELECT {place_of(question, dated)} AS place,"
        f" unnest('{{{','.join(named)}}}'::text[]) AS figure,"
        f" unnest(ARRAY[{found}]) AS part, unnest(ARRAY[{amounts}]) AS amount"
        f" FROM {cases(question, dated)} WHERE {conditions(question, dated)}"
        ") AS each WHERE part IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    for row in _rows(connection, query, question):
        metric = named[row["figure"]]
        yield tuple(row["place"]), metric, row["part"], row["number"]


def undated(
    connection: Connection[Any], question: Question, metrics: Iterable[Metric]
) -> dict[str, int]:
    """Count, for each metric, the cases that meet it but have no date for a period."""
    columns = ", ".join(
        f"count(*) FILTER (WHERE ({metric.counted}) AND {metric.dated} IS NULL)"
        f' AS "{metric.id}"'
        for metric in metrics
        # A length of time has its dates.
        if metric.unit is not FigureUnit.DAYS
    )
    where = " AND ".join(filters(question)) or "true"
    query = f"SELECT {columns} FROM transparency WHERE {where}"
    (row,) = _rows(connection, query, question)
    return {name: number for name, number in row.items() if number}


def _columns(metric: Metric) -> Iterator[tuple[str, str]]:
    yield "numerator", f"count(*) FILTER (WHERE {metric.counted})"
    if metric.out_of:
        yield "denominator", f"count(*) FILTER (WHERE {metric.out_of})"
    yield "outside", f"count(*) FILTER (WHERE {metric.outside})"
    if metric.unit is FigureUnit.DAYS:
        ordered = f"WITHIN GROUP (ORDER BY {metric.measured})"
        only = f"FILTER (WHERE {metric.counted})"
        yield "median", f"percentile_cont(0.5) {ordered} {only}"
        yield "p90", f"percentile_cont(0.9) {ordered} {only}"
        yield "mean", f"avg({metric.measured}) {only}"


def cases(question: Question, dated: str) -> str:
    """Return the rows of cases, for a FROM clause; by the size of sellers, with it.

    Raises BadQuestion.
    """
    if "seller-size" not in question.cuts:
        return "transparency"
    # Counted and joined: a window over whole rows would sort them on the disk.
    sizes = (
        "(SELECT platform, seller, count(*) AS seller_cases FROM transparency"
        f" WHERE {conditions(question, dated)} AND seller IS NOT NULL GROUP BY 1, 2)"
    )
    return f"transparency LEFT JOIN {sizes} AS sizes USING (platform, seller)"


def conditions(question: Question, dated: str) -> str:
    """Return the SQL for the rows that a question is about. Raises BadQuestion."""
    found = filters(question)
    if question.bounds is not None:
        # The last pair decides, in the zone of each case, so no index can serve it. The
        # first pair is wider and lets an index be used; no zone is a day away from UTC.
        found += [
            f"{dated} >= %(since)s AT TIME ZONE 'UTC' - interval '1 day'",
            f"{dated} < %(until)s AT TIME ZONE 'UTC' + interval '1 day'",
            f"{local(dated)} >= %(since)s",
            f"{local(dated)} < %(until)s",
        ]
    elif set(question.cuts) & set(CALENDAR_CUTS):
        # A case without the date belongs to no month; `undated` counts it.
        found.append(f"{dated} IS NOT NULL")
    return " AND ".join(found) or "true"


def filters(question: Question, dialect: Dialect = POSTGRES) -> list[str]:
    """Return the SQL for what a question filters by."""
    given = {
        "category": question.category,
        "system": question.system,
        "platform": question.platform,
    }
    return [
        f"{name} = {dialect.parameter(name)}"
        for name, value in given.items()
        if value is not None
    ]


def _rows(
    connection: Connection[Any], query: str, question: Question
) -> list[dict[str, Any]]:
    return rows(connection, query, question, {})


def rows(
    connection: Connection[Any],
    query: str,
    question: Question,
    more: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Ask with the parameters of a question, and more. Raises BadQuestion."""
    since, until = question.bounds or (None, None)
    parameters = {
        "zone": question.zone,
        "since": since,
        "until": until,
        "category": question.category,
        "system": question.system,
        "platform": question.platform,
        **more,
    }
    try:
        with connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query.encode(), parameters).fetchall()
    except InvalidParameterValue:
        # It passed `is_zone`, but the server has a time zone database of its own.
        said = "is unknown to PostgreSQL"
        raise BadQuestion("zone", str(question.zone), said) from None
