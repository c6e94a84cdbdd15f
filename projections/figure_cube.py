"""The figure cube: sums over the rows of `transparency`, kept as those are written.

Reports add up cells instead of counting cases (decision 70). What a case added is taken
out before its row changes, and put in again after it, in the follower's transaction.
`metrics.toml`, compiled by `cube_terms`, stays the only definition.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor

from projections.cube_terms import (
    BOUNDS,
    FINE,
    SLICES,
    counts,
    dated_metrics,
    micros,
    month,
    series,
    total,
)
from projections.metrics import Metric, metrics
from projections.view_policies import SUMMED

_CELL = "slice, value, category, platform, system, month"
_CELL_DDL = """
    slice    text NOT NULL,
    value    text NOT NULL,
    category text NOT NULL,
    platform text NOT NULL,
    system   text NOT NULL,
    month    date NOT NULL"""
_SLICED = ", ".join(
    f"('{name}', {sql}, {'category' if name == 'reason' else repr('')})"
    for name, sql in SLICES.items()
)
_CUT = f"CROSS JOIN LATERAL (VALUES {_SLICED}) AS cut (slice, value, within)"
_TIME_SLICES = ("reason", "channel")
"""Lengths of time are not cut by outcome: a closing would move all that a case has."""

CHANGED = "pg_temp.figures_changed"
_NOTE = (
    f"INSERT INTO {CHANGED} SELECT %s, t.* FROM transparency t WHERE case_id = ANY(%s)"
)
_MAKE = """
CREATE TEMPORARY TABLE IF NOT EXISTS figures_changed
    (weight integer, LIKE transparency) ON COMMIT DELETE ROWS"""


class FigureCube:
    """The tables of the cube, and how they follow the rows of `transparency`."""

    tables: tuple[str, ...] = (
        "figure_cells",
        "figure_parts",
        "figure_times",
        "figure_buckets",
    )
    seen = SUMMED

    @property
    def ddl(self) -> str:
        """Return the tables; their text changes with any definition of a figure."""
        return _ddl()

    def take_out(self, cursor: Cursor[Any], cases: list[UUID]) -> None:
        """Note what cases add, before their rows change."""
        cursor.execute(_MAKE)
        cursor.execute(_NOTE.encode(), (-1, cases), prepare=True)

    def put_in(self, cursor: Cursor[Any], cases: list[UUID]) -> None:
        """Add what cases add now, less what `take_out` has noted."""
        cursor.execute(_NOTE.encode(), (1, cases), prepare=True)
        for table, statement in _statements(CHANGED):
            row = cursor.execute(statement, prepare=True).fetchone()
            # Rebuilt equals grown: a cell that nothing is left in goes away.
            if row and (empty := row[0]):
                delete = f"DELETE FROM {table} WHERE ctid = ANY(%s::tid[])"
                cursor.execute(delete.encode(), (empty,))

    def fill(self, cursor: Cursor[Any]) -> None:
        """Add up all rows, into tables that are empty."""
        rows = "(SELECT 1 AS weight, * FROM transparency)"
        for _, statement in _statements(rows):
            cursor.execute(statement)


@cache
def _ddl() -> str:
    numbers = "".join(
        f",\n    {name} {kind}"
        for _, alike in dated_metrics()
        for name, kind in _numbers(alike)
    )
    buckets = "".join(f",\n    b{k} bigint NOT NULL" for k in range(FINE))
    # The comment is part of the view's form, which changes with every definition.
    form = sha256(msgspec.json.encode((metrics(), BOUNDS))).hexdigest()[:16]
    return f"""
-- Figures by definitions {form}.
CREATE TABLE figure_cells (
    dated    text NOT NULL,{_CELL_DDL},
    cases    bigint NOT NULL{numbers},
    PRIMARY KEY (slice, dated, month, value, category, platform, system)
);
CREATE TABLE figure_parts (
    figure   text NOT NULL,
    part     text NOT NULL,{_CELL_DDL},
    cases    bigint NOT NULL,
    amount   numeric NOT NULL,
    PRIMARY KEY (slice, figure, month, value, category, platform, system, part)
);
CREATE TABLE figure_times (
    case_id  uuid NOT NULL,
    series   text NOT NULL,
    month    date NOT NULL,
    micros   bigint NOT NULL,
    platform text NOT NULL,
    system   text NOT NULL,
    channel  text NOT NULL,
    reason   text NOT NULL,
    PRIMARY KEY (series, channel, platform, system, month, micros, case_id)
);
CREATE INDEX figure_times_reason
    ON figure_times (series, reason, platform, system, month, micros);
CREATE TABLE figure_buckets (
    series   text NOT NULL,{_CELL_DDL},
    coarse   integer NOT NULL,
    cases    bigint NOT NULL{buckets},
    PRIMARY KEY (slice, series, coarse, month, value, category, platform, system)
);
"""


def _numbers(alike: Sequence[Metric]) -> Iterator[tuple[str, str]]:
    for metric in alike:
        yield from ((name, "bigint") for name in counts(metric))
        if name := total(metric):
            yield name, "numeric"


@cache
def _statements(rows: str) -> tuple[tuple[str, bytes], ...]:
    """Return (table, statement): each answers where cells were left with no case."""
    found = [
        *(("figure_cells", _cells(rows, *one)) for one in dated_metrics()),
        ("figure_parts", _parts(rows)),
        ("figure_buckets", _buckets(rows)),
    ]
    return tuple(
        (
            table,
            f"WITH {before} cells AS ({upsert} RETURNING ctid, cases)"
            " SELECT array_agg(ctid::text) FROM cells WHERE cases = 0".encode(),
        )
        for table, (before, upsert) in found
    )


def _cells(rows: str, dated: str, alike: Sequence[Metric]) -> tuple[str, str]:
    """Return the statement that adds to the cells of one date."""
    conditions = {name: sql for one in alike for name, sql in counts(one).items()}
    totals = {name: micros(one) for one in alike if (name := total(one))}
    columns = [*conditions, *totals]
    each = "".join(f", ({sql}) IS TRUE AS {name}" for name, sql in conditions.items())
    each += "".join(
        f", CASE WHEN {one.counted} THEN {micros(one)} END AS {name}"
        for one in alike
        if (name := total(one))
    )
    sums = [f"coalesce(sum(weight) FILTER (WHERE {name}), 0)" for name in conditions]
    sums += [f"coalesce(sum(weight * {name}), 0)" for name in totals]
    # A case without the date is in no month, and is kept only where a figure has it.
    named = ", ".join(f"{sql} AS {n}" for n, sql in zip(columns, sums, strict=True))
    undated = " OR ".join(f"({sql})" for sql in conditions.values())
    return (
        "",
        f"""
INSERT INTO figure_cells AS c (dated, {_CELL}, cases, {", ".join(columns)})
SELECT * FROM (
    SELECT '{dated}', cut.slice, cut.value, cut.within, platform, system, month,
        sum(weight) AS cases, {named}
    FROM (
        SELECT weight, platform, system, category, reason, channel, outcome,
            {month(dated)} AS month{each}
        FROM {rows} AS r WHERE {dated} IS NOT NULL OR {undated}
    ) AS one {_CUT}
    GROUP BY cut.slice, cut.value, cut.within, platform, system, month
) AS added WHERE {" OR ".join(f"{name} <> 0" for name in ("cases", *columns))}
ON CONFLICT (slice, dated, month, value, category, platform, system) DO UPDATE SET
    {", ".join(f"{n} = c.{n} + excluded.{n}" for n in ("cases", *columns))}""",
    )


def _parts(rows: str) -> tuple[str, str]:
    """Return the statement that adds to the parts of figures that are broken down."""
    values = ", ".join(
        f"('{one.id}', {month(one.dated)}, coalesce({one.broken_down}, 'unknown'),"
        f" CASE WHEN {one.counted} THEN {one.measured or 0} END)"
        for one in metrics()
        if one.broken_down
    )
    return (
        "",
        f"""
INSERT INTO figure_parts AS c (figure, part, {_CELL}, cases, amount)
SELECT * FROM (
    SELECT p.figure, p.part, cut.slice, cut.value, cut.within, platform, system,
        p.month, sum(weight) AS cases, sum(weight * p.amount) AS amount
    FROM {rows} AS r
    CROSS JOIN LATERAL (VALUES {values}) AS p (figure, month, part, amount) {_CUT}
    WHERE p.amount IS NOT NULL
    GROUP BY p.figure, p.part, cut.slice, cut.value, cut.within, platform, system,
        p.month
) AS added WHERE cases <> 0 OR amount <> 0
ON CONFLICT (slice, figure, month, value, category, platform, system, part)
DO UPDATE SET cases = c.cases + excluded.cases, amount = c.amount + excluded.amount""",
    )


def _buckets(rows: str) -> tuple[str, str]:
    """Return the statement that writes the lengths of time, and counts them."""
    values = ", ".join(
        f"('{one.name}', {month(one.dated)}, {one.micros})" for one in series()
    )
    key = "case_id, series, month, micros, platform, system, channel, reason"
    changed = f"""
lengths AS (
    SELECT case_id, s.series, s.month, s.micros, platform, system, channel,
        category || '/' || reason AS reason, category, sum(weight) AS weight,
        width_bucket(s.micros, '{_array()}'::bigint[]) AS bucket
    FROM {rows} AS r
    CROSS JOIN LATERAL (VALUES {values}) AS s (series, month, micros)
    WHERE s.micros IS NOT NULL
    GROUP BY case_id, s.series, s.month, s.micros, platform, system, channel,
        category, r.reason
    HAVING sum(weight) <> 0
), gone AS (
    DELETE FROM figure_times AS t USING lengths AS l WHERE l.weight < 0
    AND (t.series, t.channel, t.platform, t.system, t.month, t.micros, t.case_id)
        = (l.series, l.channel, l.platform, l.system, l.month, l.micros, l.case_id)
), come AS (
    INSERT INTO figure_times ({key}) SELECT {key} FROM lengths WHERE weight > 0
),"""
    each = ", ".join(
        f"coalesce(sum(weight) FILTER (WHERE bucket % {FINE} = {k}), 0) AS b{k}"
        for k in range(FINE)
    )
    names = ["cases", *(f"b{k}" for k in range(FINE))]
    return (
        changed,
        f"""
INSERT INTO figure_buckets AS c (series, {_CELL}, coarse, {", ".join(names)})
SELECT * FROM (
    SELECT series, cut.slice, cut.value, cut.within, platform, system, month,
        bucket / {FINE} AS coarse, sum(weight) AS cases, {each}
    FROM lengths CROSS JOIN LATERAL (VALUES ('reason', reason, category),
        ('channel', channel, '')) AS cut (slice, value, within)
    GROUP BY series, cut.slice, cut.value, cut.within, platform, system, month,
        bucket / {FINE}
) AS added WHERE {" OR ".join(f"{name} <> 0" for name in names)}
ON CONFLICT (slice, series, coarse, month, value, category, platform, system)
DO UPDATE SET {", ".join(f"{n} = c.{n} + excluded.{n}" for n in names)}""",
    )


def _array() -> str:
    return "{" + ",".join(map(str, BOUNDS)) + "}"
