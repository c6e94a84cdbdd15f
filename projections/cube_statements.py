"""The statements that add rows of `transparency` to the figure cube, each weighted.

`rows` is a table or sub-select of such rows with a column `weight`: 1 for what is put
in, -1 for what is taken out; and with the columns `months`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from projections.cube_terms import (
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
from projections.metrics import Metric, metrics
from projections.report_cuts import part_of

_SLICED = ", ".join(f"('{name}', cut_{name})" for name in SLICES)
_SLICE = f"CROSS JOIN LATERAL (VALUES {_SLICED}) AS sliced (slice, cut)"
_CUTS = ", ".join(f"cut_{name}" for name in SLICES)

TIME = "series, year, month, channel, reason, outcome, micros"
"""The columns of `figure_times`; all of them tell values apart."""


@cache
def changes(rows: str) -> tuple[tuple[str, bytes], ...]:
    """Return (table, statement): each answers where cells were left with no case."""
    found = [
        *(("figure_cells", "", _cells(rows, *one)) for one in dated_metrics()),
        ("figure_parts", "", _parts(rows)),
        ("figure_buckets", _changed_times(rows), _buckets("lengths")),
    ]
    return tuple(
        (
            table,
            f"WITH {before} cells AS ({upsert} RETURNING ctid, cases)"
            " SELECT array_agg(ctid::text) FROM cells WHERE cases = 0".encode(),
        )
        for table, before, upsert in found
    )


@cache
def fillings(rows: str) -> tuple[bytes, ...]:
    """Return the statements that add up all rows, into tables without keys."""
    upserts = (
        *(_cells(rows, *one) for one in dated_metrics()),
        _parts(rows),
        _buckets("figure_times_filled"),
    )
    cells = [one.partition("ON CONFLICT")[0] for one in upserts]
    return tuple(
        one.encode()
        for one in (
            "CREATE TEMPORARY TABLE figure_times_filled ON COMMIT DROP AS"
            f" SELECT * FROM {_lengths(rows)}",
            f"INSERT INTO figure_times ({TIME}) SELECT {TIME} FROM figure_times_filled",
            *cells,
        )
    )


def _cells(rows: str, dated: str, alike: Sequence[Metric]) -> str:
    """Return the statement that adds to the cells of one date."""
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
    return f"""
INSERT INTO figure_cells AS c
    (dated, slice, cut, month, cases, {", ".join(columns)})
SELECT * FROM (
    SELECT '{dated}', slice, cut, month, sum(weight) AS cases, {named}
    FROM (
        SELECT weight, {_CUTS}, {month(dated)} AS month{each}
        FROM {rows} AS r WHERE {dated} IS NOT NULL OR {undated} OFFSET 0
    ) AS one {_SLICE}
    GROUP BY slice, cut, month
) AS added WHERE {" OR ".join(f"{name} <> 0" for name in ("cases", *columns))}
ON CONFLICT (slice, dated, month, cut) DO UPDATE SET
    {", ".join(f"{n} = c.{n} + excluded.{n}" for n in ("cases", *columns))}"""


def _parts(rows: str) -> str:
    """Return the statement that adds to the parts of figures that are broken down."""
    # The part only where it counts: to name it costs more than to pass over it.
    values = ", ".join(
        f"('{one.id}', {month(one.dated)},"
        f" CASE WHEN {one.counted} THEN {part_of(one.broken_down)} END,"
        f" {one.measured or 0})"
        for one in metrics()
        if one.broken_down
    )
    return f"""
INSERT INTO figure_parts AS c (figure, part, slice, cut, month, cases, amount)
SELECT * FROM (
    SELECT figure, part, slice, cut, month, sum(cases) AS cases, sum(amount) AS amount
    FROM (
        SELECT p.figure, p.part, p.month, {_CUTS},
            sum(weight) AS cases, sum(weight * p.amount) AS amount
        FROM {rows} AS r
        CROSS JOIN LATERAL (VALUES {values}) AS p (figure, month, part, amount)
        WHERE p.part IS NOT NULL
        GROUP BY p.figure, p.part, p.month, {_CUTS}
        HAVING sum(weight) <> 0 OR sum(weight * p.amount) <> 0
    ) AS every {_SLICE}
    GROUP BY figure, part, slice, cut, month
) AS added WHERE cases <> 0 OR amount <> 0
ON CONFLICT (slice, figure, month, cut, part)
DO UPDATE SET cases = c.cases + excluded.cases, amount = c.amount + excluded.amount"""


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
    values = ", ".join(
        f"({one.number}, {month(one.dated)}, {one.micros})" for one in series()
    )
    # OFFSET 0: the lengths are worked out once, and not for each series.
    return f"""(
    SELECT s.series::smallint AS series, date_part('year', s.month)::smallint AS year,
        (date_part('year', s.month) * 12 + date_part('month', s.month))::smallint
            AS month, cut_channel AS channel, cut_reason AS reason,
        cut_outcome AS outcome, s.micros,
        width_bucket(s.micros, '{_array()}'::bigint[]) AS bucket, r.weight
    FROM (SELECT *, {each} FROM {rows} AS every OFFSET 0) AS r
    CROSS JOIN LATERAL (VALUES {values}) AS s (series, month, micros)
    WHERE s.micros IS NOT NULL) AS l"""


def _buckets(rows: str) -> str:
    """Return the statement that counts lengths of time."""
    each = ", ".join(
        f"coalesce(sum(cases) FILTER (WHERE bucket % {FINE} = {k}), 0) AS b{k}"
        for k in range(FINE)
    )
    names = ["cases", *(f"b{k}" for k in range(FINE))]
    # Counted by bucket first: far fewer rows are then spread over the columns.
    cell = "series, slice, cut, month"
    slices = ", ".join(f"('{name}', {name})" for name in SLICES)
    return f"""
INSERT INTO figure_buckets AS c ({cell}, coarse, {", ".join(names)})
SELECT * FROM (
    SELECT {cell}, bucket / {FINE} AS coarse, sum(cases) AS cases, {each}
    FROM (
        SELECT series, sliced.slice, sliced.cut,
            make_date((l.month - 1) / 12, (l.month - 1) % 12 + 1, 1) AS month,
            bucket, sum(weight) AS cases
        FROM {rows} AS l CROSS JOIN LATERAL (VALUES {slices}) AS sliced (slice, cut)
        GROUP BY series, sliced.slice, sliced.cut, l.month, bucket
    ) AS counted GROUP BY {cell}, bucket / {FINE}
) AS added WHERE {" OR ".join(f"{name} <> 0" for name in names)}
ON CONFLICT (slice, series, coarse, month, cut)
DO UPDATE SET {", ".join(f"{n} = c.{n} + excluded.{n}" for n in names)}"""


def _array() -> str:
    return "{" + ",".join(map(str, BOUNDS)) + "}"
