"""The figure cube: sums over the rows of `transparency`, kept as those are written.

Reports add up cells instead of counting cases (decision 70). What a case added is taken
out before its row changes, and put in again after it, in the follower's transaction.
`metrics.toml`, compiled by `cube_terms`, stays the only definition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from types import MappingProxyType
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection, Cursor

from projections.figures.cube_audit import differing
from projections.figures.cube_rows import CHANGED, CUTS_DDL, MAKE, noted, numbered
from projections.figures.cube_statements import changes, fillings
from projections.figures.cube_terms import BOUNDS, FINE, counts, dated_metrics, total
from projections.figures.metrics import Metric, metrics
from projections.tables.view_policies import SUMMED

AT_ONCE = 250
"""Cases of a batch up to which the sums follow in the batch's own transaction."""

AT_MOST = 1_000
"""Cases that are added up in one transaction of their own: the views wait meanwhile."""

_BY_CASE = "transparency t WHERE case_id = ANY(%s)"
_NUMBER = numbered(_BY_CASE)
_NOTE = f"INSERT INTO {CHANGED} {noted('%s::int', _BY_CASE)}"
_WAIT = """
INSERT INTO figures_pending SELECT t.* FROM transparency t WHERE case_id = ANY(%s)
ON CONFLICT (case_id) DO NOTHING"""
_WAIT_NEW = """
INSERT INTO figures_pending (case_id, platform)
SELECT case_id, platform FROM transparency WHERE case_id = ANY(%s)
ON CONFLICT (case_id) DO NOTHING"""
# A case that was new has no row to be taken out, only its name and its platform.
_TAKE = f"""
WITH taken AS (
    DELETE FROM figures_pending WHERE case_id IN (
        SELECT case_id FROM figures_pending LIMIT {AT_MOST}) RETURNING *
), kept AS (
    INSERT INTO {CHANGED} {noted("-1", "taken t WHERE zone IS NOT NULL")}
)
SELECT array_agg(case_id) FROM taken"""
_LOCK = "SELECT 1 FROM followers WHERE name = 'transparency' FOR UPDATE"


def _of_cuts(column: str) -> str:
    """Return the condition that a cut is one that the caller sees."""
    return f"{column} IN (SELECT cut FROM figure_cuts)"


class FigureCube:
    """The tables of the cube, and how they follow the rows of `transparency`."""

    tables: tuple[str, ...] = (
        "figure_cells",
        "figure_parts",
        "figure_times",
        "figure_buckets",
        # Cases whose rows have changed since they were added up, as they were then.
        "figures_pending",
        # Last: the others' row security asks it, so that it is dropped after them.
        "figure_cuts",
    )
    seen: Mapping[str, str] = MappingProxyType(
        {
            "figure_cuts": SUMMED,
            "figures_pending": SUMMED,
            "figure_cells": _of_cuts("cut"),
            "figure_parts": _of_cuts("cut"),
            "figure_buckets": _of_cuts("cut"),
            "figure_times": _of_cuts("channel"),
        }
    )

    @property
    def ddl(self) -> str:
        """Return the tables; their text changes with any definition of a figure."""
        return _ddl()

    def take_out(self, cursor: Cursor[Any], cases: list[UUID]) -> None:
        """Note what cases add, before their rows change."""
        if _follows_at_once(cursor, cases):
            cursor.execute(MAKE.encode())
            # Left of a batch before, where several are one transaction: in a swap.
            cursor.execute(f"DELETE FROM {CHANGED}".encode())
            cursor.execute(_NOTE.encode(), (-1, cases), prepare=True)
        else:
            cursor.execute(_WAIT, (cases,), prepare=True)

    def put_in(self, cursor: Cursor[Any], cases: list[UUID]) -> None:
        """Add what cases add now, less what `take_out` has noted.

        Of a batch that changes many cases they are only noted: while the view catches
        up, a case changes often, and is added up once, by `settle`.
        """
        if _follows_at_once(cursor, cases):
            _put_in(cursor, cases)
        else:
            cursor.execute(_WAIT_NEW, (cases,), prepare=True)

    def settle(self, cursor: Cursor[Any]) -> int:
        """Add up some of the cases that were noted; return how many, 0 for none left.

        Reports count the rows of the cases until all are added up.
        """
        if not _any_pending(cursor):
            return 0
        # The rows of the cases stand still meanwhile.
        cursor.execute(_LOCK)
        # Made once a session; empty at the end of each transaction.
        cursor.execute(MAKE.encode())
        cursor.execute(f"DELETE FROM {CHANGED}".encode())
        row = cursor.execute(_TAKE.encode(), prepare=True).fetchone()
        cases = row[0] if row and row[0] else []
        _put_in(cursor, cases)
        return len(cases)

    def fill(self, cursor: Cursor[Any]) -> None:
        """Add up all rows, into tables that are empty, and best without keys."""
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(MAKE.encode())
        cursor.execute(numbered("transparency t").encode())
        cursor.execute("ANALYZE figure_cuts")
        every = f"INSERT INTO {CHANGED} {noted('1', 'transparency t')}"
        cursor.execute(every.encode())
        for statement in fillings(CHANGED):
            cursor.execute(statement)
        cursor.execute(f"TRUNCATE {CHANGED}; RESET work_mem".encode())

    def differing(self, connection: Connection[Any]) -> str | None:
        """Say what is not the sum of the rows, or of what they were; None: all is."""
        return differing(connection)


def _follows_at_once(cursor: Cursor[Any], cases: list[UUID]) -> bool:
    return len(cases) <= AT_ONCE and not _any_pending(cursor)


def _any_pending(cursor: Cursor[Any]) -> bool:
    query = "SELECT EXISTS (SELECT 1 FROM figures_pending)"
    row = cursor.execute(query, prepare=True).fetchone()
    return bool(row and row[0])


def _put_in(cursor: Cursor[Any], cases: list[UUID]) -> None:
    cursor.execute(_NUMBER.encode(), (cases,), prepare=True)
    cursor.execute(_NOTE.encode(), (1, cases), prepare=True)
    _add_up(cursor)


def _add_up(cursor: Cursor[Any]) -> None:
    # Prepared: to plan them anew costs more than to run them for a few cases. Answers
    # are read after all were sent: in a pipeline they are waited for once.
    sent = [
        (table, cursor.connection.execute(statement, prepare=True))
        for table, statement in changes(CHANGED)
    ]
    for table, answer in sent:
        row = answer.fetchone()
        # Rebuilt equals grown: a cell that nothing is left in goes away.
        if row and (empty := row[0]):
            delete = f"DELETE FROM {table} WHERE ctid = ANY(%s::tid[])"
            cursor.execute(delete.encode(), (empty,))


# Each index serves one way to read the values of a bucket (`cube_quantiles`), and has
# the channel for row security. The last one also finds a row that is taken out: where
# dates alone are known, thousands of cases have taken as long.
_TIMES_DDL = """CREATE TABLE figure_times (
    micros  bigint NOT NULL,
    channel integer NOT NULL,
    reason  integer NOT NULL,
    outcome integer NOT NULL,
    series  smallint NOT NULL,
    year    smallint NOT NULL,
    month   integer NOT NULL
);
CREATE INDEX figure_times_channel ON figure_times (series, month, channel, micros);
CREATE INDEX figure_times_outcome ON figure_times (series, month, outcome, micros)
    INCLUDE (channel);
CREATE INDEX figure_times_reason
    ON figure_times (series, year, reason, micros, month, outcome, channel);
"""


@cache
def _ddl() -> str:
    numbers = "".join(
        f",\n    {name} {kind}"
        for _, alike in dated_metrics()
        for name, kind in _numbers(alike)
    )
    buckets = "".join(f",\n    b{k} integer NOT NULL" for k in range(FINE))
    # The comment is part of the view's form, which changes with every definition. It
    # stands within a table: what does not begin as one is made after the rows.
    form = sha256(msgspec.json.encode((metrics(), BOUNDS))).hexdigest()[:16]
    return f"""
{CUTS_DDL}CREATE TABLE figure_cells ( -- by definitions {form}
    dated    text NOT NULL,
    slice    text NOT NULL,
    cut      integer NOT NULL,
    month    date NOT NULL,
    cases    integer NOT NULL{numbers},
    PRIMARY KEY (slice, dated, month, cut)
);
CREATE TABLE figure_parts (
    figure   text NOT NULL,
    part     text NOT NULL,
    slice    text NOT NULL,
    cut      integer NOT NULL,
    month    date NOT NULL,
    cases    integer NOT NULL,
    amount   numeric NOT NULL,
    PRIMARY KEY (slice, figure, month, cut, part)
);
{_TIMES_DDL}CREATE TABLE figure_buckets (
    series   smallint NOT NULL,
    slice    text NOT NULL,
    cut      integer NOT NULL,
    month    date NOT NULL,
    coarse   integer NOT NULL,
    cases    integer NOT NULL{buckets},
    PRIMARY KEY (slice, series, coarse, month, cut)
);
CREATE TABLE figures_pending AS SELECT * FROM transparency WITH NO DATA;
ALTER TABLE figures_pending ADD PRIMARY KEY (case_id);
"""


def _numbers(alike: Sequence[Metric]) -> Iterator[tuple[str, str]]:
    for metric in alike:
        yield from ((name, "integer") for name in counts(metric))
        if name := total(metric):
            yield name, "numeric"
