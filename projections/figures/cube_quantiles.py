"""Finds the exact median and 90th percentile of lengths of time in the figure cube.

Counts say in which bucket the wanted one lies, and which one of it that is: first in
which row of buckets, then in which bucket of the row. Only the values of that bucket
are read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import accumulate, chain
from math import ceil, floor
from typing import Any

from msgspec import Struct
from psycopg import Connection

from projections.figures import figure_sql
from projections.figures.cube_question import Cells
from projections.figures.cube_terms import BOUNDS, COARSE, DAY, FINE, series_of
from projections.figures.figure_sql import Group
from projections.figures.metrics import FigureUnit, metrics
from projections.reports.period import Question

QUANTILES = {"median": 0.5, "p90": 0.9}

_MONTH = "(date_part('year', month) * 12 + date_part('month', month))::integer"
_BY_MONTH = (
    f"SELECT DISTINCT {{place}} AS place, cut, {_MONTH} AS month"
    " FROM {cells} WHERE {conditions}"
)
_CELLS = {
    "channel": _BY_MONTH,
    "outcome": _BY_MONTH,
    "reason": "SELECT {place} AS place, cut,"
    " date_part('year', month)::smallint AS year,"
    f" array_agg(DISTINCT {_MONTH}) AS months FROM {{cells}} WHERE {{conditions}}"
    " GROUP BY 1, 2, 3",
}
_IN_MONTH = (
    "SELECT micros FROM figure_times WHERE series = w.series AND {slice} = c.cut"
    " AND month = c.month AND micros >= w.low AND micros < w.high"
)
_VALUES = {
    "channel": _IN_MONTH.format(slice="channel"),
    "outcome": _IN_MONTH.format(slice="outcome"),
    "reason": "SELECT micros FROM figure_times WHERE series = w.series"
    " AND reason = c.cut AND year = c.year AND micros >= w.low AND micros < w.high"
    " AND month = ANY(c.months)",
}
"""Where a bucket's values are: each is one range of an index of `figure_times`."""

_MOST, _LEAST = 2**63 - 1, -(2**63)

Key = tuple[Group, str]
"""A figure in a group."""

Place = tuple[Group, int, int]
"""A row of buckets, or a bucket, of a series in a group."""


class _Rank(Struct, frozen=True):
    """The value of one rank: in which bucket, and which one there, from 0."""

    bucket: int
    offset: int


def quantiles(
    connection: Connection[Any], question: Question, cells: Cells
) -> dict[Key, dict[str, float]]:
    """Return the quantiles, in days, of each group and figure that has values."""
    rough = _rows_of_buckets(connection, question, cells)
    in_rows = {key: _ranks(found) for key, found in rough.items()}
    fine = _buckets(connection, question, cells, _places(in_rows))
    in_buckets = {
        key: {rank: _finer(fine, key, found) for rank, found in ranks.items()}
        for key, ranks in in_rows.items()
    }
    values = _values(connection, question, cells, _places(in_buckets))
    return {
        key: _quantiles(
            sum(rough[key].values()),
            {rank: _value(values, key, found) for rank, found in ranks.items()},
        )
        for key, ranks in in_buckets.items()
    }


def _quantiles(number: int, values: Mapping[int, int]) -> dict[str, float]:
    """Interpolate between two neighbours, as `percentile_cont` does."""
    found = {}
    for name, share in QUANTILES.items():
        rank = (number - 1) * share
        low, high = values[floor(rank)], values[ceil(rank)]
        found[name] = (low + (rank - floor(rank)) * (high - low)) / DAY
    return found


def _ranks(counts: Mapping[int, int]) -> dict[int, _Rank]:
    """Find the rows of buckets of the values that quantiles lie between."""
    number = sum(counts.values())
    wanted = ((number - 1) * share for share in QUANTILES.values())
    return {
        rank: _place(sorted(counts.items()), rank)
        for one in wanted
        for rank in (floor(one), ceil(one))
    }


def _place(counts: Iterable[tuple[int, int]], rank: int) -> _Rank:
    """Find where a rank lies, in places of which each has as many values."""
    places = [(place, number) for place, number in counts if number]
    below = list(accumulate((number for _, number in places), initial=0))
    found = bisect_right(below, rank) - 1
    return _Rank(places[found][0], rank - below[found])


def _finer(fine: Mapping[Place, Sequence[int]], key: Key, row: _Rank) -> _Rank:
    """Find the bucket of a rank within its row."""
    group, figure = key
    found = [fine.get((group, one, row.bucket)) for one in _series()[figure]]
    counts = [sum(pair) for pair in zip(*filter(None, found), strict=True)]
    within = _place(enumerate(counts), row.offset)
    return _Rank(FINE * row.bucket + within.bucket, within.offset)


def _value(values: Mapping[Place, Sequence[int]], key: Key, rank: _Rank) -> int:
    group, figure = key
    of = [values.get((group, one, rank.bucket), ()) for one in _series()[figure]]
    return sorted(chain(*of))[rank.offset]


def _places(ranks: Mapping[Key, Mapping[int, _Rank]]) -> list[Place]:
    # Figures gross and net of pauses share a series, which is read once for both.
    return sorted(
        {
            (group, series, rank.bucket)
            for (group, figure), found in ranks.items()
            for rank in found.values()
            for series in _series()[figure]
        }
    )


@cache
def _series() -> Mapping[str, Sequence[int]]:
    lengths = (one for one in metrics() if one.unit is FigureUnit.DAYS)
    return {metric.id: series_of(metric) for metric in lengths}


def _rows_of_buckets(
    connection: Connection[Any], question: Question, cells: Cells
) -> Mapping[Key, Mapping[int, int]]:
    """Count the values of each figure in each row of buckets."""
    query = (
        f"SELECT {cells.place} AS place, series, coarse, sum(cases) AS cases"
        f" FROM {cells.of('figure_buckets')} WHERE {cells.conditions} GROUP BY 1, 2, 3"
    )
    figures = defaultdict(list)
    for figure, names in _series().items():
        for name in names:
            figures[name].append(figure)
    found: dict[Key, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for row in figure_sql.rows(connection, query, question, {}):
        for figure in figures[row["series"]]:
            found[tuple(row["place"]), figure][row["coarse"]] += row["cases"]
    return found


def _buckets(
    connection: Connection[Any],
    question: Question,
    cells: Cells,
    wanted: Sequence[Place],
) -> dict[Place, list[int]]:
    """Count the values in each bucket of rows of buckets."""
    # OFFSET 0 has the rows joined by hash, and not looked up one by one.
    sums = ", ".join(f"sum(b{k})" for k in range(FINE))
    query = f"""
SELECT w.i, ARRAY[{sums}] AS numbers FROM ({_WANTED}) AS w
JOIN (SELECT *, {_named(cells)} AS place FROM {cells.of("figure_buckets")}
    WHERE {cells.conditions} AND (series, coarse) IN (
        SELECT * FROM unnest(%(series)s::smallint[], %(bucket)s::int[])) OFFSET 0) AS b
    ON b.place = w.place AND b.series = w.series AND b.coarse = w.bucket
GROUP BY w.i"""
    found = figure_sql.rows(connection, query, question, _given(wanted))
    return {wanted[row["i"]]: row["numbers"] for row in found}


def _values(
    connection: Connection[Any],
    question: Question,
    cells: Cells,
    wanted: Sequence[Place],
) -> dict[Place, list[int]]:
    """Read the values of buckets, in no order."""
    ranges = _CELLS[cells.slice].format(
        place=_named(cells), cells=cells.of("figure_cells"), conditions=cells.conditions
    )
    query = f"""
WITH c AS MATERIALIZED ({ranges})
SELECT i, array_agg(micros) AS micros FROM ({_WANTED}) AS w JOIN c USING (place)
CROSS JOIN LATERAL ({_VALUES[cells.slice]} OFFSET 0) AS t GROUP BY i"""
    found = figure_sql.rows(connection, query, question, _given(wanted))
    return {wanted[row["i"]]: row["micros"] for row in found}


_WANTED = """SELECT * FROM unnest(%(i)s::int[], %(place)s::text[],
    %(series)s::smallint[], %(bucket)s::int[], %(low)s::bigint[], %(high)s::bigint[])
    AS w (i, place, series, bucket, low, high)"""


def _named(cells: Cells) -> str:
    return f"array_to_string({cells.place}, E'\\x1f')"


def _given(wanted: Sequence[Place]) -> dict[str, list[Any]]:
    return {
        "i": list(range(len(wanted))),
        "place": ["\x1f".join(group) for group, _, _ in wanted],
        "series": [series for _, series, _ in wanted],
        "bucket": [bucket for _, _, bucket in wanted],
        "low": [_range(bucket)[0] for _, _, bucket in wanted],
        "high": [_range(bucket)[1] for _, _, bucket in wanted],
    }


def _range(bucket: int) -> tuple[int, int]:
    """Return where a bucket begins and ends, in microseconds."""
    low = BOUNDS[bucket - 1] if bucket else _LEAST
    return low, BOUNDS[bucket] if bucket < FINE * COARSE else _MOST
