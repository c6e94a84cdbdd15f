"""Finds the exact median and 90th percentile of lengths of time in the figure cube.

Counts per bucket say in which bucket the wanted one lies, and which one of it that is;
only the values of that bucket are read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import accumulate, chain
from math import ceil, floor
from typing import Any

from msgspec import Struct
from psycopg import Connection

from projections import figure_sql
from projections.cube_question import Cells
from projections.cube_terms import BOUNDS, COARSE, DAY, FINE, series_of
from projections.figure_sql import Group
from projections.metrics import FigureUnit, metrics
from projections.period import Question

QUANTILES = {"median": 0.5, "p90": 0.9}
_RANGES = {
    "channel": "SELECT i, b.*, low, high FROM w JOIN b USING (series, coarse, place)",
    "reason": "SELECT i, series, value, date_part('year', month)::int AS year,"
    " array_agg(DISTINCT month) AS months, array_agg(DISTINCT platform) AS platforms,"
    " array_agg(DISTINCT system) AS systems, low, high"
    " FROM w JOIN b USING (series, coarse, place) GROUP BY 1, 2, 3, 4, low, high",
}
_VALUES = {
    "channel": "SELECT micros FROM figure_times WHERE series = r.series"
    " AND channel = r.value AND platform = r.platform AND system = r.system"
    " AND month = r.month AND micros >= r.low AND micros < r.high",
    "reason": "SELECT micros FROM figure_times WHERE series = r.series"
    " AND reason = r.value AND year = r.year AND micros >= r.low AND micros < r.high"
    " AND month = ANY(r.months) AND platform = ANY(r.platforms)"
    " AND system = ANY(r.systems)",
}
"""Each range of values is one range of an index of `figure_times`."""

SERVED = frozenset(_VALUES)
"""The slices by which lengths of time are kept."""

_MOST, _LEAST = 2**63 - 1, -(2**63)

Histogram = Mapping[int, Sequence[int]]
"""How many values each bucket has, in rows of FINE."""

Key = tuple[Group, str]
Place = tuple[Group, str, int]
"""A bucket of a series in a group."""


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
    # Figures gross and net of pauses share a series, which is read once for both.
    wanted = {
        (group, series, rank.bucket)
        for (group, figure), found in ranks.items()
        for pair in found.values()
        for rank in pair[:2]
        for series in _series()[figure]
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
    first, second = (_value(values, key, one) for one in (low, high))
    return first + share * (second - first)


def _value(values: Mapping[Place, Sequence[int]], key: Key, rank: _Rank) -> int:
    group, figure = key
    of = [values.get((group, one, rank.bucket), ()) for one in _series()[figure]]
    return sorted(chain(*of))[rank.offset]


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
    figures = defaultdict(list)
    for figure, names in _series().items():
        for name in names:
            figures[name].append(figure)
    for row in figure_sql.rows(connection, query, question, {}):
        for figure in figures[row["series"]]:
            of = found[tuple(row["place"]), figure]
            before = of.get(row["coarse"], [0] * FINE)
            numbers = zip(before, row["numbers"], strict=True)
            of[row["coarse"]] = [sum(pair) for pair in numbers]
    return found


@cache
def _series() -> Mapping[str, Sequence[str]]:
    lengths = (one for one in metrics() if one.unit is FigureUnit.DAYS)
    return {metric.id: series_of(metric) for metric in lengths}


def _values(
    connection: Connection[Any],
    question: Question,
    cells: Cells,
    wanted: Sequence[Place],
) -> dict[Place, list[int]]:
    """Read the values of buckets, in order."""
    query = f"""
WITH b AS MATERIALIZED (
    SELECT series, coarse, value, platform, system, month,
        array_to_string({cells.place}, E'\\x1f') AS place
    FROM figure_buckets WHERE {cells.conditions}
), w AS (
    SELECT * FROM unnest(%(i)s::int[], %(place)s::text[], %(series)s::text[],
        %(coarse)s::int[], %(low)s::bigint[], %(high)s::bigint[])
        AS w (i, place, series, coarse, low, high)
), ranges AS ({_RANGES[cells.slice]})
SELECT i, array_agg(t.micros) AS micros
FROM ranges AS r CROSS JOIN LATERAL ({_VALUES[cells.slice]} OFFSET 0) AS t GROUP BY i"""
    given = _given(wanted)
    found = figure_sql.rows(connection, query, question, given)
    values: dict[Place, list[int]] = defaultdict(list)
    for row in found:
        values[wanted[row["i"]]] += row["micros"]
    return values


def _given(wanted: Sequence[Place]) -> dict[str, list[Any]]:
    return {
        "i": list(range(len(wanted))),
        "place": ["\x1f".join(group) for group, _, _ in wanted],
        "series": [series for _, series, _ in wanted],
        "coarse": [bucket // FINE for _, _, bucket in wanted],
        "low": [_range(bucket)[0] for _, _, bucket in wanted],
        "high": [_range(bucket)[1] for _, _, bucket in wanted],
    }


def _range(bucket: int) -> tuple[int, int]:
    low = BOUNDS[bucket - 1] if bucket else _LEAST
    return low, BOUNDS[bucket] if bucket < FINE * COARSE else _MOST
