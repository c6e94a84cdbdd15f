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

from projections.cube_statements import changes, fillings
from projections.cube_terms import (
    BOUNDS,
    FINE,
    counts,
    dated_metrics,
    total,
)
from projections.metrics import Metric, metrics
from projections.view_policies import SUMMED

_CELL_DDL = """
    slice    text NOT NULL,
    value    text NOT NULL,
    category text NOT NULL,
    platform text NOT NULL,
    system   text NOT NULL,
    month    date NOT NULL"""
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
        for table, statement in changes(CHANGED):
            row = cursor.execute(statement, prepare=True).fetchone()
            # Rebuilt equals grown: a cell that nothing is left in goes away.
            if row and (empty := row[0]):
                delete = f"DELETE FROM {table} WHERE ctid = ANY(%s::tid[])"
                cursor.execute(delete.encode(), (empty,))

    def fill(self, cursor: Cursor[Any]) -> None:
        """Add up all rows, into tables that are empty."""
        rows = "(SELECT 1 AS weight, * FROM transparency)"
        for statement in fillings(rows):
            cursor.execute(statement)


@cache
def _ddl() -> str:
    numbers = "".join(
        f",\n    {name} {kind}"
        for _, alike in dated_metrics()
        for name, kind in _numbers(alike)
    )
    buckets = "".join(f",\n    b{k} integer NOT NULL" for k in range(FINE))
    # The comment is part of the view's form, which changes with every definition.
    form = sha256(msgspec.json.encode((metrics(), BOUNDS))).hexdigest()[:16]
    return f"""
-- Figures by definitions {form}.
CREATE TABLE figure_cells (
    dated    text NOT NULL,{_CELL_DDL},
    cases    integer NOT NULL{numbers},
    PRIMARY KEY (slice, dated, month, value, category, platform, system)
);
CREATE TABLE figure_parts (
    figure   text NOT NULL,
    part     text NOT NULL,{_CELL_DDL},
    cases    integer NOT NULL,
    amount   numeric NOT NULL,
    PRIMARY KEY (slice, figure, month, value, category, platform, system, part)
);
CREATE TABLE figure_times (
    case_id  uuid NOT NULL,
    series   text NOT NULL,
    year     integer NOT NULL,
    month    date NOT NULL,
    micros   bigint NOT NULL,
    platform text NOT NULL,
    system   text NOT NULL,
    channel  text NOT NULL,
    reason   text NOT NULL,
    PRIMARY KEY (series, channel, platform, system, month, micros, case_id)
);
CREATE INDEX figure_times_reason
    ON figure_times (series, reason, year, micros) INCLUDE (platform, system, month);
CREATE TABLE figure_buckets (
    series   text NOT NULL,{_CELL_DDL},
    coarse   integer NOT NULL,
    cases    integer NOT NULL{buckets},
    PRIMARY KEY (slice, series, coarse, month, value, category, platform, system)
);
"""


def _numbers(alike: Sequence[Metric]) -> Iterator[tuple[str, str]]:
    for metric in alike:
        yield from ((name, "integer") for name in counts(metric))
        if name := total(metric):
            yield name, "numeric"
