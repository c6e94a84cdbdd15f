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
    KEYS,
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

_CELL = "slice, value, category, platform, system, month"
_SLICED = ", ".join(
    f"('{name}', {name}, {'category' if name == 'reason' else repr('')})"
    for name in SLICES
)
_KEYS = ", ".join(f"key_{name} AS {name}" for name in KEYS)
_GROUPED = ", ".join(f"key_{name}" for name in KEYS)
_CUT = f"CROSS JOIN LATERAL (VALUES {_SLICED}) AS cut (slice, value, within)"


_TIME = "case_id, series, year, month, micros, platform, system, channel, reason"


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
    """Return the statements that add up all rows, into tables that are empty."""
    found = (
        *(_cells(rows, *one) for one in dated_metrics()),
        _parts(rows),
        f"INSERT INTO figure_times ({_TIME}) SELECT {_TIME} FROM {_lengths(rows)}",
        _buckets(_lengths(rows)),
    )
    return tuple(one.encode() for one in found)


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
INSERT INTO figure_cells AS c (dated, {_CELL}, cases, {", ".join(columns)})
SELECT * FROM (
    SELECT '{dated}', cut.slice, cut.value, cut.within, platform, system, month,
        sum(weight) AS cases, {named}
    FROM (
        SELECT weight, {_KEYS}, {month(dated)} AS month{each}
        FROM {rows} AS r WHERE {dated} IS NOT NULL OR {undated}
    ) AS one {_CUT}
    GROUP BY cut.slice, cut.value, cut.within, platform, system, month
) AS added WHERE {" OR ".join(f"{name} <> 0" for name in ("cases", *columns))}
ON CONFLICT (slice, dated, month, value, category, platform, system) DO UPDATE SET
    {", ".join(f"{n} = c.{n} + excluded.{n}" for n in ("cases", *columns))}"""


def _parts(rows: str) -> str:
    """Return the statement that adds to the parts of figures that are broken down."""
    values = ", ".join(
        f"('{one.id}', {month(one.dated)}, {part_of(one.broken_down)},"
        f" CASE WHEN {one.counted} THEN {one.measured or 0} END)"
        for one in metrics()
        if one.broken_down
    )
    return f"""
INSERT INTO figure_parts AS c (figure, part, {_CELL}, cases, amount)
SELECT * FROM (
    SELECT figure, part, cut.slice, cut.value, cut.within, platform, system, month,
        sum(cases) AS cases, sum(amount) AS amount
    FROM (
        SELECT p.figure, p.part, p.month, {_KEYS},
            sum(weight) AS cases, sum(weight * p.amount) AS amount
        FROM {rows} AS r
        CROSS JOIN LATERAL (VALUES {values}) AS p (figure, month, part, amount)
        WHERE p.amount IS NOT NULL
        GROUP BY p.figure, p.part, p.month, {_GROUPED}
        HAVING sum(weight) <> 0 OR sum(weight * p.amount) <> 0
    ) AS every {_CUT}
    GROUP BY figure, part, cut.slice, cut.value, cut.within, platform, system, month
) AS added WHERE cases <> 0 OR amount <> 0
ON CONFLICT (slice, figure, month, value, category, platform, system, part)
DO UPDATE SET cases = c.cases + excluded.cases, amount = c.amount + excluded.amount"""


def _changed_times(rows: str) -> str:
    """Return the statement that writes the lengths of time that differ by now."""
    return f"""
lengths AS (
    SELECT {_TIME}, category, bucket, sum(weight) AS weight FROM {_lengths(rows)}
    GROUP BY {_TIME}, category, bucket HAVING sum(weight) <> 0
), gone AS (
    DELETE FROM figure_times AS t USING lengths AS l WHERE l.weight < 0
    AND (t.series, t.channel, t.platform, t.system, t.month, t.micros, t.case_id)
        = (l.series, l.channel, l.platform, l.system, l.month, l.micros, l.case_id)
), come AS (
    INSERT INTO figure_times ({_TIME}) SELECT {_TIME} FROM lengths WHERE weight > 0
),"""


def _lengths(rows: str) -> str:
    each = ", ".join(f"{sql} AS {name}" for name, sql in lengths().items())
    values = ", ".join(
        f"('{one.name}', {month(one.dated)}, {one.micros})" for one in series()
    )
    # OFFSET 0: the lengths are worked out once, and not for each series.
    return f"""(
    SELECT r.case_id, s.series, date_part('year', s.month)::int AS year, s.month,
        s.micros, {_KEYS}, width_bucket(s.micros, '{_array()}'::bigint[]) AS bucket,
        r.weight
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
    cell = "series, slice, value, within, platform, system, month"
    return f"""
INSERT INTO figure_buckets AS c (series, {_CELL}, coarse, {", ".join(names)})
SELECT * FROM (
    SELECT {cell}, bucket / {FINE} AS coarse, sum(cases) AS cases, {each}
    FROM (
        SELECT {cell}, bucket, sum(weight) AS cases
        FROM {rows} CROSS JOIN LATERAL (VALUES ('reason', reason, category),
            ('channel', channel, '')) AS cut (slice, value, within)
        GROUP BY {cell}, bucket
    ) AS counted GROUP BY {cell}, bucket / {FINE}
) AS added WHERE {" OR ".join(f"{name} <> 0" for name in names)}
ON CONFLICT (slice, series, coarse, month, value, category, platform, system)
DO UPDATE SET {", ".join(f"{n} = c.{n} + excluded.{n}" for n in names)}"""


def _array() -> str:
    return "{" + ",".join(map(str, BOUNDS)) + "}"
