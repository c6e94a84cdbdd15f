"""Finds the exact median and 90th percentile of lengths of time in the figure cube.

Counts per bucket say in which bucket the wanted one lies, and which one of it that is;
only the values of that bucket are read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import accumulate
from math import ceil, floor
from typing import Any

from msgspec import Struct
from psycopg import Connection

from projections import figure_sql
from projections.cube_question import Cells
from projections.cube_terms import BOUNDS, COARSE, DAY, FINE, series_of
from projections.figure_sql import Group
from projections.metrics import FigureUnit, Metric, metrics
from projections.period import Question

QUANTILES = {"median": 0.5, "p90": 0.9}
_COLUMN = {"reason": "reason", "channel": "channel"}
SERVED = frozenset(_COLUMN)
"""The slices by which lengths of time are kept."""

_MOST, _LEAST = 2**63 - 1, -(2**63)

Histogram = Mapping[int, Sequence[int]]
"""How many values each bucket has, in rows of FINE."""

Key = tuple[Group, str]
Place = tuple[Group, str, int]
"""A bucket of a figure in a group."""


class _Rank(Struct, frozen=True):
    """The value of one rank: in which bucket, and which one there, from 0."""

    bucket: int
    offset: int


def quantiles(
    connection: Connection[Any], question: Question, cells: Cells
) -> dict[Key, dict[str, float]]:
    """Return the quantiles, in days, of each group and figure that has values."""
    histograms = _histograms(connection, question, cells)
    ranks = {key: _ranks(one) for key, one in histograms.items()}
    wanted = {
        (*key, rank.bucket)
        for key, found in ranks.items()
        for pair in found.values()
        for rank in pair[:2]
    }
    values = _values(connection, question, cells, sorted(wanted))
    return {
        key: {name: _between(values, key, *pair) / DAY for name, pair in found.items()}
        for key, found in ranks.items()
    }


def _between(
    values: Mapping[Place, Sequence[int]],
    key: Key,
    low: _Rank,
    high: _Rank,
    share: float,
) -> float:
    """Interpolate between two neighbours, as `percentile_cont` does."""
    first, second = (values[(*key, one.bucket)][one.offset] for one in (low, high))
    return first + share * (second - first)


def _ranks(histogram: Histogram) -> dict[str, tuple[_Rank, _Rank, float]]:
    buckets = [
        (FINE * coarse + fine, number)
        for coarse in sorted(histogram)
        for fine, number in enumerate(histogram[coarse])
        if number
    ]
    below = list(accumulate((number for _, number in buckets), initial=0))
    found = {}
    for name, share in QUANTILES.items():
        rank = (below[-1] - 1) * share
        pair = (_rank(buckets, below, one) for one in (floor(rank), ceil(rank)))
        found[name] = (*pair, rank - floor(rank))
    return found  # type: ignore[return-value]


def _rank(buckets: Sequence[tuple[int, int]], below: Sequence[int], rank: int) -> _Rank:
    place = bisect_right(below, rank) - 1
    return _Rank(buckets[place][0], rank - below[place])


def _histograms(
    connection: Connection[Any], question: Question, cells: Cells
) -> dict[Key, dict[int, list[int]]]:
    sums = ", ".join(f"sum(b{k})::bigint" for k in range(FINE))
    query = (
        f"SELECT {cells.place} AS place, series, coarse, ARRAY[{sums}] AS numbers"
        f" FROM figure_buckets WHERE {cells.conditions} GROUP BY 1, 2, 3"
    )
    found: dict[Key, dict[int, list[int]]] = defaultdict(dict)
    figures = _figures_of_series()
    for row in figure_sql.rows(connection, query, question, {}):
        for metric in figures[row["series"]]:
            of = found[tuple(row["place"]), metric.id]
            before = of.get(row["coarse"], [0] * FINE)
            numbers = zip(before, row["numbers"], strict=True)
            of[row["coarse"]] = [sum(pair) for pair in numbers]
    return found


def _figures_of_series() -> dict[str, list[Metric]]:
    found = defaultdict(list)
    for metric in metrics():
        if metric.unit is FigureUnit.DAYS:
            for name in series_of(metric):
                found[name].append(metric)
    return found


def _values(
    connection: Connection[Any],
    question: Question,
    cells: Cells,
    wanted: Sequence[Place],
) -> dict[Place, list[int]]:
    """Read the values of buckets, in order."""
    column = _COLUMN[cells.slice]
    # Each cell that has values of the bucket is one range of an index.
    query = f"""
SELECT w.i, array_agg(v.micros ORDER BY v.micros) AS micros
FROM unnest(%(i)s::int[], %(place)s::text[], %(series)s::text[], %(coarse)s::int[],
    %(low)s::bigint[], %(high)s::bigint[]) AS w (i, place, series, coarse, low, high)
JOIN (SELECT *, array_to_string({cells.place}, E'\\x1f') AS place FROM figure_buckets
    WHERE {cells.conditions}) AS b
    ON b.series = w.series AND b.coarse = w.coarse AND b.place = w.place
CROSS JOIN LATERAL (
    SELECT t.micros FROM figure_times AS t
    WHERE t.series = b.series AND t.{column} = b.value AND t.platform = b.platform
    AND t.system = b.system AND t.month = b.month
    AND t.micros >= w.low AND t.micros < w.high OFFSET 0
) AS v GROUP BY w.i"""
    given = _given(wanted)
    found = figure_sql.rows(connection, query, question, given)
    values: dict[Place, list[int]] = defaultdict(list)
    for row in found:
        values[wanted[given["place_of"][row["i"]]]] += row["micros"]
    return {place: sorted(ones) for place, ones in values.items()}


def _given(wanted: Sequence[Place]) -> dict[str, list[Any]]:
    named = {one.id: one for one in metrics()}
    lines = [
        (number, "\x1f".join(group), series, bucket // FINE, *_range(bucket))
        for number, (group, figure, bucket) in enumerate(wanted)
        for series in series_of(named[figure])
    ]
    names = ("place_of", "place", "series", "coarse", "low", "high")
    columns = {name: [line[k] for line in lines] for k, name in enumerate(names)}
    return {**columns, "i": list(range(len(lines)))}


def _range(bucket: int) -> tuple[int, int]:
    low = BOUNDS[bucket - 1] if bucket else _LEAST
    return low, BOUNDS[bucket] if bucket < FINE * COARSE else _MOST
