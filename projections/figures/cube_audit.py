"""Holds the figure cube against the rows that it is the sum of, once in a round."""

from __future__ import annotations

from typing import Any

from psycopg import Connection, Cursor

from projections.figures.case_figures import Figures
from projections.figures.cube_rows import CHANGED, MAKE, noted
from projections.figures.cube_statements import FILLED, Added, additions, kept_times

_OWN = ", ".join(Figures.__struct_fields__)
# As the cases were when they were last added up.
_SUMMED = f"""(
    SELECT {_OWN} FROM transparency WHERE case_id NOT IN (
        SELECT case_id FROM figures_pending)
    UNION ALL SELECT {_OWN} FROM figures_pending WHERE zone IS NOT NULL) AS t"""
_READ = (
    *("transparency", "figure_cells", "figure_parts", "figure_times"),
    *("figure_buckets", "figures_pending", "figure_cuts"),
)
_TIME_CELL = ("series", "year", "month", "channel", "reason", "outcome")


def differing(connection: Connection[Any]) -> str | None:
    """Return what of the cube is not the sum of its rows; None: it is.

    All is asked at one moment, and of the rows as they are: whether these are what the
    record says is another question. About 45 s of a core for 1,000,000 cases.
    """
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        # Before the snapshot: a rebuilt view is swapped in before it, or waits for it.
        cursor.execute(f"LOCK TABLE {', '.join(_READ)} IN ACCESS SHARE MODE".encode())
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute(MAKE.encode())
        cursor.execute(f"INSERT INTO {CHANGED} {noted('1', _SUMMED)}".encode())
        found = cursor.rowcount
        if found != _one(cursor, f"SELECT count(*) FROM {_SUMMED}"):
            return "figure_cuts: a cut of a case has no number"
        cursor.execute(kept_times(CHANGED).encode())
        for added in (*additions(CHANGED, FILLED), _times()):
            if (cell := _one(cursor, _first(added))) is not None:
                return f"{added.table}: {cell} is not the sum of its cases"
    return None


def _times() -> Added:
    """Return the lengths of time by cells, each with two sums that tell them apart."""
    cell = ", ".join(_TIME_CELL)
    numbers = ("count(*)", "sum(micros)", "sum(hashint8(micros)::bigint)")
    names = ("cases", "micros", "hashes")
    sums = ", ".join(
        f"{sql} AS {name}" for sql, name in zip(numbers, names, strict=True)
    )
    query = f"SELECT {cell}, {sums} FROM {{}} GROUP BY {cell}"
    kept = f"({query.format('figure_times')}) AS figure_times"
    return Added(kept, _TIME_CELL, names, query.format(FILLED))


def _first(added: Added) -> str:
    """Return the query for the name of one cell that differs."""
    keys = ", ".join(added.keys)
    numbers = added.numbers
    return f"""
SELECT concat_ws(' ', {keys}) FROM ({added.wanted}) AS e
FULL JOIN (SELECT * FROM {added.table} WHERE {added.only}) AS c USING ({keys})
WHERE ({", ".join(f"e.{one}" for one in numbers)})
    IS DISTINCT FROM ({", ".join(f"c.{one}" for one in numbers)}) LIMIT 1"""


def _one(cursor: Cursor[Any], query: str) -> Any:
    row = cursor.execute(query.encode()).fetchone()
    return row[0] if row else None
