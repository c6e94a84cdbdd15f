"""The numbers of a report's figures, counted by another engine over copies of the rows.

The definitions are those of `metrics.toml`, the numbers the same to the last digit:
lengths of time stay whole microseconds until the median lies between two of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import product
from math import ceil, floor
from typing import Any

from projections.figures.cube_quantiles import QUANTILES
from projections.figures.cube_terms import DAY, dated_metrics
from projections.figures.figure_numbers import Numbered, Numbers
from projections.figures.figure_sql import Group
from projections.figures.metrics import FigureUnit, Metric, metrics
from projections.figures.portable_statements import FigureStatements, column
from projections.figures.sql_dialect import Dialect
from projections.reports.period import Question

Rows = Sequence[Mapping[str, Any]]
Ask = Callable[[str, Mapping[str, Any]], Rows]
"""Asks an engine a statement with named parameters; returns its rows."""


class PortableNumbers:
    """Counts figures over `rows`, SQL for rows with the columns of `transparency`.

    `at_once`: how many statements are asked at a time, each in a thread of its own. An
    engine sorts lengths of time on one processor, however many it has.
    """

    def __init__(
        self, ask: Ask, dialect: Dialect, rows: str, *, at_once: int = 1
    ) -> None:
        self._ask, self._dialect, self._rows = ask, dialect, rows
        self._at_once = at_once

    def numbers(self, question: Question) -> Numbered:
        """Return the numbers of each group of a report. Raises BadQuestion."""
        statements = self._statements(question)
        found: defaultdict[Group, dict[str, Numbers]] = defaultdict(dict)
        by_date = list(dated_metrics())
        counted = [statements.counted(dated, alike) for dated, alike in by_date]
        parted = [one for one in metrics() if one.broken_down]
        queries = [*counted, *map(statements.parts, parted)]
        answers = self._asked(queries, statements.given())
        for (_, alike), rows in zip(by_date, answers[: len(by_date)], strict=True):
            for row, metric in product(rows, alike):
                found[tuple(row["place"])][metric.id] = _numbers(metric, row)
        for metric, rows in zip(parted, answers[len(by_date) :], strict=True):
            for row in rows:
                numbers = found[tuple(row["place"])][metric.id]
                numbers.setdefault("parts", {})[row["part"]] = int(row["number"])
        return found

    def _asked(self, queries: Sequence[str], given: Mapping[str, Any]) -> list[Rows]:
        if self._at_once == 1:
            return [self._ask(query, given) for query in queries]
        with ThreadPoolExecutor(self._at_once) as threads:
            return list(threads.map(lambda query: self._ask(query, given), queries))

    def undated(self, question: Question) -> dict[str, int]:
        """Count, for each figure, the cases that have it, and no date for a period."""
        statements = self._statements(question)
        given = statements.given(dated=False)
        found: dict[str, int] = {}
        for dated, alike in dated_metrics():
            (row,) = self._ask(statements.undated(dated, alike), given)
            found |= {one.id: row.get(column(one, "n"), 0) for one in alike}
        # In the order of the definitions, as the others tell them.
        return {one.id: number for one in metrics() if (number := found[one.id])}

    def start(self, question: Question) -> datetime | None:
        """Return the local time of the first filing; None: none has a date."""
        statements = self._statements(question)
        given = statements.given(dated=False) | {"zone": question.zone}
        (row,) = self._ask(statements.start(), given)
        found: datetime | None = row["start"]
        return found

    def _statements(self, question: Question) -> FigureStatements:
        return FigureStatements(question, self._dialect, self._rows)


def _numbers(metric: Metric, row: Mapping[str, Any]) -> Numbers:
    number = row[column(metric, "n")]
    outside = row["dated"] - row[column(metric, "b")]
    numbers: Numbers = {"numerator": number, "outside": outside}
    if metric.out_of:
        numbers["denominator"] = row[column(metric, "d")]
    if metric.unit is FigureUnit.DAYS and number:
        numbers["mean"] = int(row[column(metric, "t")]) / number / DAY
        for name, share in QUANTILES.items():
            rank = (number - 1) * share
            low = row[column(metric, f"{name}_low")]
            high = row[column(metric, f"{name}_high")]
            between = rank - floor(rank) if ceil(rank) > floor(rank) else 0.0
            numbers[name] = (low + between * (high - low)) / DAY
    return numbers
