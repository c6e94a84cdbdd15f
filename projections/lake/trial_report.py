"""A report over cases that are not recorded: those that an import would bring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import duckdb

from application.record.envelope import Recorded
from projections.figures.case_figures import Figures
from projections.figures.portable_numbers import PortableNumbers
from projections.figures.sql_dialect import DUCKDB
from projections.figures.transparency import fold
from projections.following.evolved_case import EvolvedCase, next_state
from projections.lake.arrow_rows import schema_of, table_of
from projections.placed_events import Placed
from projections.reports.period import Question
from projections.reports.report import Report, assembled

CASES = 10_000
"""Cases that are folded at a time."""

MEMORY = "160MB"


def trial_report(cases: Iterable[Sequence[Recorded]], question: Question) -> Report:
    """Count all figures over cases, each given by its events. Raises BadQuestion."""
    with duckdb.connect(config={"memory_limit": MEMORY}) as connection:

        def ask(query: str, given: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
            found = connection.execute(query, dict(given) or None)
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

        connection.execute("SET TimeZone = 'UTC'")
        connection.register("part", schema_of(Figures).empty_table())
        connection.execute("CREATE TABLE transparency AS SELECT * FROM part")
        for rows in _parts(map(figures_of, cases)):
            connection.register("part", table_of(rows, Figures))
            connection.execute("INSERT INTO transparency SELECT * FROM part")
        counting = PortableNumbers(ask, DUCKDB, "transparency")
        return assembled(
            question,
            counting.numbers(question),
            position=0,
            left_out=counting.undated(question),
            start=counting.start,
        )


def figures_of(events: Sequence[Recorded]) -> Figures:
    """Return the row that figures are counted from, of a case."""
    row: Figures | None = None
    state: EvolvedCase | None = None
    for recorded in events:
        after = next_state(state, recorded)
        row = fold(row, Placed(0, recorded, state, after))
        state = after
    return row or Figures(case_id=events[0].case)


def _parts(rows: Iterator[Figures]) -> Iterator[list[Figures]]:
    """Yield rows in parts. Python has `batched` from 3.12 on."""
    for first in rows:
        part = [first]
        part += (one for _, one in zip(range(CASES - 1), rows, strict=False))
        yield part
