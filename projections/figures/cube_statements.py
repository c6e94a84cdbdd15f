"""The statements that add rows of `transparency` to the figure cube, each weighted.

`rows` is a table or sub-select of such rows with a column `weight`: 1 for what is put
in, -1 for what is taken out; and with the columns `months`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from msgspec import Struct

from projections.figures.cube_terms import (
    BOUNDS,
    FINE,
    SLICES,
    counts,
    dated_metrics,
    lengths,
    micros,
    month,
    series,
    total,
)
from projections.figures.metrics import Metric, metrics
from projections.reports.report_cuts import part_of

# Sets in the select list: a VALUES list would be planned anew for every row of a case.
_SLICED = (
    f"unnest('{{{','.join(SLICES)}}}'::text[]) AS slice,"
    f" unnest(ARRAY[{', '.join(f'cut_{name}' for name in SLICES)}]) AS cut"
)
_CUTS = ", ".join(f"cut_{name}" for name in SLICES)

TIME = "series, year, month, channel, reason, outcome, micros"
"""The columns of `figure_times`; all of them tell values apart."""

FILLED = "figure_times_filled"


class Added(Struct, frozen=True):
    """What rows add to a table, and the query for it; `only`: to which part of it."""

    table: str
    keys: Sequence[str]
    numbers: Sequence[str]
    query: str
    only: str = "true"

    @property
    def insert(self) -> str:
        """Return the statement that puts it into a table without rows of these keys."""
        columns = ", ".join((*self.keys, *self.numbers))
        return f"INSERT INTO {self.table} AS c ({columns}) {self.wanted}"

    @property
    def wanted(self) -> str:
        """Return the query for what is not nothing."""
        some = " OR ".join(f"{name} <> 0" for name in self.numbers)
        return f"SELECT * FROM ({self.query}) AS added WHERE {some}"

    @property
    def upsert(self) -> str:
        """Return the statement that adds it to what the table has."""
        sums = ", ".join(f"{one} = c.{one} + excluded.{one}" for one in self.numbers)
        return (
            f"{self.insert} ON CONFLICT ({', '.join(self.keys)}) DO UPDATE SET {sums}"
        )


def additions(rows: str, times: str) -> tuple[Added, ...]:
    """Return what rows, and a query's lengths of time, add to each table."""
    cells = (_cells(rows, *one) for one in dated_metrics())
    return (*cells, _parts(rows), _buckets(times))


@cache
def changes(rows: str) -> tuple[tuple[str, bytes], ...]:
    """Return (table, statement): each answers where cells were left with no case."""
    return tuple(
        (
            one.table,
            f"WITH {_changed_times(rows) if one.table == 'figure_buckets' else ''}"
            f" cells AS ({one.upsert} RETURNING ctid, cases)"
            " SELECT array_agg(ctid::text) FROM cells WHERE cases = 0".encode(),
        )
        for one in additions(rows, "lengths")
    )


@cache
def fillings(rows: str) -> tuple[bytes, ...]:
    """Return the statements that add up all rows, into tables without keys."""
    insert = f"INSERT INTO figure_times ({TIME}) SELECT {TIME} FROM {FILLED}"
    cells = (one.insert for one in additions(rows, FILLED))
    return tuple(one.encode() for one in (kept_times(rows), insert, *cells))


def kept_times(rows: str) -> str:
    """Return the statement that keeps the lengths of time of rows in `FILLED`."""
    make = f"CREATE TEMPORARY TABLE {FILLED} ON COMMIT DROP AS"
    return f"{make} SELECT * FROM {_lengths(rows)}"


def _cells(rows: str, dated: str, alike: Sequence[Metric]) -> Added:
    """Return what is added to the cells of one date."""
    conditions = {name: sql for one in alike for name, sql in counts(one).items()}
    totals = {name: micros(one) for one in alike if (name := total(one))}
    columns = [*conditions, *totals]
    each = "".join(f", ({sql}) IS TRUE AS {name}" for name, sql in conditions.items())
    each += "".join(
        f", {micros(one)} AS {name}" for one in alike if (name := total(one))
    )
    sums = [f"coalesce(sum(weight) FILTER (WHERE {name}), 0)" for name in conditions]
    sums += [f"coalesce(sum(weight * {name}), 0)" for name in totals]
    # A case without the date is in no month, and is kept only where a figure has it.
    named = ", ".join(f"{sql} AS {n}" for n, sql in zip(columns, sums, strict=True))
    undated = " OR ".join(f"({sql})" for sql in conditions.values())
    query = f"""
    SELECT '{dated}'::text AS dated, slice, cut, month, sum(weight) AS cases, {named}
    FROM (SELECT *, {_SLICED} FROM (
        SELECT weight, {_CUTS}, {month(dated)} AS month{each}
        FROM {rows} AS r WHERE {dated} IS NOT NULL OR {undated} OFFSET 0
    ) AS one) AS sliced
    GROUP BY slice, cut, month"""
    keys = ("dated", "slice", "cut", "month")
    own = f"dated = '{dated}'"
    return Added("figure_cells", keys, ("cases", *columns), query, own)


def _parts(rows: str) -> Added:
    """Return what is added to the parts of figures that are broken down."""
    broken = [one for one in metrics() if one.broken_down]
    # The part only where it counts: to name it costs more than to pass over it.
    parts = ", ".join(
        f"CASE WHEN {one.counted} THEN {part_of(one.broken_down or '')} END"
        for one in broken
    )
    dates = ", ".join(month(one.dated) for one in broken)
    amounts = ", ".join(f"({one.measured or 0})::bigint" for one in broken)
    query = f"""
    SELECT figure, part, slice, cut, month, sum(cases) AS cases, sum(amount) AS amount
    FROM (SELECT *, {_SLICED} FROM (
        SELECT figure, part, month, {_CUTS},
            sum(weight) AS cases, sum(weight * amount) AS amount
        FROM (
            SELECT weight, {_CUTS}, unnest(ARRAY[{dates}]) AS month,
                unnest('{{{",".join(one.id for one in broken)}}}'::text[]) AS figure,
                unnest(ARRAY[{parts}]) AS part, unnest(ARRAY[{amounts}]) AS amount
            FROM {rows} AS r
        ) AS p WHERE part IS NOT NULL
        GROUP BY figure, part, month, {_CUTS}
        HAVING sum(weight) <> 0 OR sum(weight * amount) <> 0
    ) AS every) AS sliced
    GROUP BY figure, part, slice, cut, month"""
    keys = ("figure", "part", "slice", "cut", "month")
    return Added("figure_parts", keys, ("cases", "amount"), query)


def _changed_times(rows: str) -> str:
    """Return the statement that writes the lengths of time that differ by now."""
    same = ", ".join(f"t.{name}" for name in TIME.split(", "))
    other = ", ".join(f"l.{name}" for name in TIME.split(", "))
    return f"""
lengths AS (
    SELECT {TIME}, bucket, sum(weight) AS weight FROM {_lengths(rows)}
    GROUP BY {TIME}, bucket HAVING sum(weight) <> 0
), gone AS (
    DELETE FROM figure_times WHERE ctid = ANY(ARRAY(
        SELECT one.ctid FROM lengths AS l CROSS JOIN LATERAL (
            SELECT t.ctid FROM figure_times t WHERE ({same}) = ({other})
            LIMIT -l.weight) AS one WHERE l.weight < 0))
), come AS (
    INSERT INTO figure_times ({TIME})
    SELECT {TIME} FROM lengths, generate_series(1, weight) WHERE weight > 0
),"""


def _lengths(rows: str) -> str:
    each = ", ".join(f"{sql} AS {name}" for name, sql in lengths().items())
    numbers = ",".join(str(one.number) for one in series())
    dates = ", ".join(month(one.dated) for one in series())
    values = ", ".join(one.micros for one in series())
    # OFFSET 0: the lengths are worked out once, and not for each series.
    return f"""(
    SELECT series, date_part('year', first)::smallint AS year,
        (date_part('year', first) * 12 + date_part('month', first))::integer AS month,
        channel, reason, outcome, micros,
        width_bucket(micros, '{_array()}'::bigint[]) AS bucket, weight
    FROM (
        SELECT weight, cut_channel AS channel, cut_reason AS reason,
            cut_outcome AS outcome, unnest(ARRAY[{dates}]) AS first,
            unnest('{{{numbers}}}'::smallint[]) AS series,
            unnest(ARRAY[{values}]) AS micros
        FROM (SELECT *, {each} FROM {rows} AS every OFFSET 0) AS r
    ) AS s WHERE micros IS NOT NULL) AS l"""


def _buckets(rows: str) -> Added:
    """Return how many lengths of time are added to each bucket."""
    each = ", ".join(
        f"coalesce(sum(cases) FILTER (WHERE bucket % {FINE} = {k}), 0) AS b{k}"
        for k in range(FINE)
    )
    names = ["cases", *(f"b{k}" for k in range(FINE))]
    # Counted by bucket first: far fewer rows are then spread over the columns.
    cell = "series, slice, cut, month"
    sliced = _SLICED.replace("cut_", "")
    query = f"""
    SELECT {cell}, bucket / {FINE} AS coarse, sum(cases) AS cases, {each}
    FROM (
        SELECT series, slice, cut,
            make_date((month - 1) / 12, (month - 1) % 12 + 1, 1) AS month,
            bucket, sum(weight) AS cases
        FROM (SELECT series, month, bucket, weight, {sliced} FROM {rows} AS l) AS l
        GROUP BY series, slice, cut, l.month, bucket
    ) AS counted GROUP BY {cell}, bucket / {FINE}"""
    keys = ("series", "slice", "cut", "month", "coarse")
    return Added("figure_buckets", keys, names, query)


def _array() -> str:
    return "{" + ",".join(map(str, BOUNDS)) + "}"
