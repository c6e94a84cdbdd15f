"""A report from the lake: the figures of `metrics.toml`, counted over its cases."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

from msgspec import structs

from projections.figures.case_figures import Figures
from projections.figures.portable_numbers import PortableNumbers
from projections.figures.portable_statements import FigureStatements
from projections.figures.sql_dialect import DUCKDB
from projections.lake.case_rows import RENAMED
from projections.lake.lake_query import opened_lake
from projections.lake.lake_store import Lake
from projections.lake.lake_tables import CASES
from projections.reports.known_values import DISTINCT, NARROWED, check_known
from projections.reports.period import Question
from projections.reports.report import Report, assembled

AT_ONCE = 2
"""Statements that are asked together."""


def figure_rows(cases: str, words: Container[str] | None = None) -> str:
    """Return SQL for the rows that figures are counted from, of the table of cases.

    `words` are those of the statements that read them: of other columns none is read.
    """
    names = [one.name for one in structs.fields(Figures) if one.name != "case_id"]
    columns = [
        f"{RENAMED[name]} AS {name}" if name in RENAMED else name
        for name in names
        if words is None or name in words or name in NARROWED
    ]
    return f"SELECT {', '.join(columns)} FROM {cases} WHERE NOT set_aside"


def lake_report(lake: Lake, question: Question, *, compared: bool = False) -> Report:
    """Count all figures over a lake, in this process.

    Groups by seller and by mediator are named by the lake's pseudonyms. Raises
    BadQuestion, LakeWrong.
    """
    with opened_lake(lake, [CASES]) as (connection, position):

        def ask(query: str, given: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
            # A cursor is a connection of its own, of whichever thread asks.
            found = connection.cursor().execute(query, dict(given) or None)
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

        # Once: some forty statements read it, and each would look for last rows.
        words = FigureStatements(question, DUCKDB, "transparency").words
        chosen = figure_rows("cases", words)
        connection.execute(f"CREATE TABLE transparency AS {chosen}")
        check_known(
            question,
            lambda column: [
                one["value"] for one in ask(DISTINCT.format(column=column), {})
            ],
        )
        counting = PortableNumbers(ask, DUCKDB, "transparency", at_once=AT_ONCE)
        return assembled(
            question,
            counting.numbers(question),
            position=position,
            left_out=counting.undated(question),
            before=counting.numbers(question.before) if compared else None,
            start=counting.start,
        )
