"""The report on consistency from the lake: counted as over the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from projections.consistency.consistency_report import ConsistencyReport, counted
from projections.consistency.figure_rows import FigureRows
from projections.figures.portable_numbers import PortableNumbers
from projections.figures.portable_statements import FigureStatements
from projections.figures.sql_dialect import DUCKDB
from projections.lake.lake_query import opened_lake
from projections.lake.lake_report import figure_rows
from projections.lake.lake_store import Lake
from projections.lake.lake_tables import CASES
from projections.reports.known_values import DISTINCT, check_known
from projections.reports.period import Question


def lake_consistency(lake: Lake, question: Question, least: int) -> ConsistencyReport:
    """Count over a lake, in this process; people are named by its pseudonyms.

    Raises BadQuestion, LakeWrong.
    """
    with opened_lake(lake, [CASES]) as (connection, position):

        def asked(query: str, given: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
            # A statement may name only those parameters that it is given.
            named = {name: one for name, one in given.items() if f"${name}" in query}
            found = connection.execute(query, named or None)
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

        chosen = figure_rows("cases")
        connection.execute(f"CREATE TEMP TABLE transparency AS {chosen}")
        check_known(
            question,
            lambda column: [
                one["value"] for one in asked(DISTINCT.format(column=column), {})
            ],
        )
        statements = FigureStatements(question, DUCKDB, "transparency")
        rows = FigureRows(
            ask=lambda query: asked(query, statements.given()),
            where=lambda dated: f"{dated} IS NOT NULL AND {statements.where(dated)}",
            dialect=DUCKDB,
            start=PortableNumbers(asked, DUCKDB, "transparency").start,
        )
        return counted(rows, question, least, position)
