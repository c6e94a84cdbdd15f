"""The rows of cases that consistency is counted from, in the record or in a lake."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from psycopg import Connection

from projections.figures import figure_sql
from projections.figures.sql_dialect import POSTGRES, Dialect
from projections.reports.period import Question
from projections.reports.record_start import Start, start_in
from projections.reports.report_cuts import amount_band as band_of
from projections.reports.report_cuts import bounded

Rows = Sequence[Mapping[str, Any]]


class FigureRows(Struct, frozen=True, kw_only=True):
    """What answers statements on the table `transparency`, in one dialect of SQL.

    `where` is the condition for the cases of a period by one of their dates, `start`
    tells when the record begins.
    """

    ask: Callable[[str], Rows]
    where: Callable[[str], str]
    dialect: Dialect
    start: Start

    @property
    def amount_band(self) -> str:
        """Return the SQL for the band of the claimed amount; "unknown" for none."""
        return f"coalesce({band_of(self.dialect)}, 'unknown')"

    def named(self, column: str) -> str:
        """Return the SQL for a name that groups are told apart by."""
        return bounded(f"coalesce({column}, 'unknown')", self.dialect)


def of_record(connection: Connection[Any], question: Question) -> FigureRows:
    """Return the rows of the record."""
    return FigureRows(
        ask=lambda query: figure_sql.rows(connection, query, question, {}),
        where=lambda dated: (
            f"{dated} IS NOT NULL AND {figure_sql.conditions(question, dated)}"
        ),
        dialect=POSTGRES,
        start=start_in(connection),
    )
