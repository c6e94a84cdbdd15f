"""The numbers of a report's figures, counted by another engine over copies of the rows.

The definitions are those of `metrics.toml`, the numbers the same to the last digit:
lengths of time stay whole microseconds until the median lies between two of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import ceil, floor
from typing import Any

from projections.figures.cube_quantiles import QUANTILES
from projections.figures.cube_terms import DAY, dated_metrics
from projections.figures.figure_numbers import Numbered, Numbers
from projections.figures.figure_sql import Group, filters
from projections.figures.metrics import (
    FigureUnit,
    Metric,
    metrics,
    milestone,
    paused_between,
)
from projections.figures.sql_dialect import Dialect
from projections.reports.period import CALENDAR_CUTS, Question
from projections.reports.report_cuts import local, part_of, place_of

_FARTHEST = timedelta(hours=26)
"""No zone's clock is as far from UTC, nor moved as far by a change of its rules."""

Ask = Callable[[str, Mapping[str, Any]], Sequence[Mapping[str, Any]]]
"""Asks an engine a statement with named parameters; returns its rows."""


class PortableNumbers:
    """Counts figures over `rows`, SQL for rows with the columns of `transparency`."""

    def __init__(self, ask: Ask, dialect: Dialect, rows: str) -> None:
        self._ask, self._dialect, self._rows = ask, dialect, rows

    def numbers(self, question: Question) -> Numbered:
        """Return the numbers of each group of a report. Raises BadQuestion."""
        found: defaultdict[Group, dict[str, Numbers]] = defaultdict(dict)
        for dated, alike in dated_metrics():
            for row in self._counted(question, dated, alike):
                for metric in alike:
                    numbers = _numbers(metric, row)
                    found[tuple(row["place"])][metric.id] = numbers
        for row in self._parts(question):
            numbers = found[tuple(row["place"])][row["figure"]]
            numbers.setdefault("parts", {})[row["part"]] = int(row["number"])
        return found

    def undated(self, question: Question) -> dict[str, int]:
        """Count, for each figure, the cases that have it, and no date for a period."""
        wanted = [one for one in metrics() if one.unit is not FigureUnit.DAYS]
        columns = ", ".join(
            f"count(*) FILTER (WHERE ({one.counted}) AND {one.dated} IS NULL)"
            f" AS {_column(one, 'n')}"
            for one in wanted
        )
        where = " AND ".join(self._filters(question)) or "true"
        query = f"SELECT {columns} FROM {self._rows} WHERE {where}"
        (row,) = self._ask(query, self.given(question, dated=False))
        return {one.id: number for one in wanted if (number := row[_column(one, "n")])}

    def start(self, question: Question) -> datetime | None:
        """Return the local time of the first filing; None: none has a date."""
        where = " AND ".join(["opened_at IS NOT NULL", *self._filters(question)])
        first = f"min({local('opened_at', self._dialect)})"
        query = f"SELECT {first} AS start FROM {self._rows} WHERE {where}"
        given = self.given(question, dated=False) | {"zone": question.zone}
        (row,) = self._ask(query, given)
        found: datetime | None = row["start"]
        return found

    def _counted(
        self, question: Question, dated: str, alike: Sequence[Metric]
    ) -> Sequence[Mapping[str, Any]]:
        """Count figures of one date; the values beside each quantile are whole."""
        inner = [f"{place_of(question, dated, self._dialect)} AS place"]
        outer = ["place"]
        for metric in alike:
            for name, sql in self._columns(metric):
                inner.append(f"{sql} AS {name}")
                outer += self._taken(metric, name)
        query = (
            f"SELECT {', '.join(outer)} FROM (SELECT {', '.join(inner)}"
            f" FROM {self._cases(question, dated)}"
            f" WHERE {self.conditions(question, dated)} GROUP BY 1) AS counted"
        )
        return self._ask(query, self.given(question))

    def _columns(self, metric: Metric) -> Iterator[tuple[str, str]]:
        yield _column(metric, "n"), f"count(*) FILTER (WHERE {metric.counted})"
        if metric.out_of:
            yield _column(metric, "d"), f"count(*) FILTER (WHERE {metric.out_of})"
        yield _column(metric, "o"), f"count(*) FILTER (WHERE {metric.outside})"
        if metric.unit is FigureUnit.DAYS:
            micros = self._micros(metric)
            only = f"FILTER (WHERE {metric.counted})"
            yield _column(metric, "t"), f"sum(CAST({micros} AS DECIMAL(38, 0))) {only}"
            yield _column(metric, "l"), self._dialect.sorted(micros, metric.counted)

    def _taken(self, metric: Metric, name: str) -> Iterator[str]:
        """Take a column, and of a list the values that quantiles lie between."""
        if name != _column(metric, "l"):
            yield name
            return
        for quantile, share in QUANTILES.items():
            rank = f"({_column(metric, 'n')} - 1) * CAST({share} AS DOUBLE)"
            for side, of in (("low", "floor"), ("high", "ceil")):
                item = self._dialect.item(name, f"{of}({rank})")
                yield f"{item} AS {_column(metric, f'{quantile}_{side}')}"

    def _micros(self, metric: Metric) -> str:
        since, until = str(metric.since), str(metric.until)
        whole = self._dialect.micros(milestone(until).at, milestone(since).at)
        if metric.net_of is None:
            return whole
        return f"({whole} - {paused_between(since, until)})"

    def _parts(self, question: Question) -> Iterator[Mapping[str, Any]]:
        for metric in metrics():
            if metric.broken_down is None:
                continue
            part = part_of(metric.broken_down, self._dialect)
            place = place_of(question, metric.dated, self._dialect)
            amount = f"CAST({metric.measured or 1} AS DECIMAL(38, 0))"
            query = (
                f"SELECT {place} AS place, {part} AS part, sum({amount}) AS number"
                f" FROM {self._cases(question, metric.dated)}"
                f" WHERE {self.conditions(question, metric.dated)}"
                f" AND ({metric.counted}) GROUP BY 1, 2 ORDER BY 1, 2"
            )
            for row in self._ask(query, self.given(question)):
                yield {**row, "figure": metric.id}

    def _cases(self, question: Question, dated: str) -> str:
        if "seller-size" not in question.cuts:
            return self._rows
        sizes = (
            "(SELECT platform, seller, count(*) AS seller_cases"
            f" FROM {self._rows} WHERE {self.conditions(question, dated)}"
            " AND seller IS NOT NULL GROUP BY 1, 2)"
        )
        return f"{self._rows} LEFT JOIN {sizes} AS sizes USING (platform, seller)"

    def conditions(self, question: Question, dated: str) -> str:
        """Return the SQL for the rows that a question is about. Raises BadQuestion."""
        found = self._filters(question)
        if question.bounds is not None:
            found += self._within(dated)
        elif set(question.cuts) & set(CALENDAR_CUTS):
            found.append(f"{dated} IS NOT NULL")
        return " AND ".join(found) or "true"

    def _within(self, dated: str) -> Iterator[str]:
        """Yield the SQL for the rows of a period.

        To take a time to a zone is most of the work of a report. So it is done only
        for times so near to an end of the period that a zone can decide.
        """
        given = self._dialect.parameter
        place = local(dated, self._dialect)
        yield f"{dated} >= {given('earliest')} AND {dated} < {given('latest')}"
        inside = f"{dated} >= {given('surely')} AND {dated} < {given('not_surely')}"
        exact = f"{place} >= {given('since')} AND {place} < {given('until')}"
        yield f"(({inside}) OR ({exact}))"

    def _filters(self, question: Question) -> list[str]:
        return filters(question, self._dialect)

    def given(self, question: Question, *, dated: bool = True) -> dict[str, Any]:
        """Return the parameters that statements on a question name."""
        given: dict[str, Any] = {
            name: value
            for name in ("category", "system", "platform")
            if (value := getattr(question, name)) is not None
        }
        if dated and question.bounds is not None:
            given |= _ends(*question.bounds)
        if dated and (question.bounds or set(question.cuts) & set(CALENDAR_CUTS)):
            given["zone"] = question.zone
        return given


def _ends(since: datetime, until: datetime) -> dict[str, datetime]:
    """Return the ends of a period at home, and the moments that are as near to them.

    Before `earliest` and from `latest` on no zone has the period; from `surely` and
    before `not_surely` all zones have it.
    """
    first, last = since.replace(tzinfo=UTC), until.replace(tzinfo=UTC)
    return {
        "since": since,
        "until": until,
        "earliest": first - _FARTHEST,
        "surely": first + _FARTHEST,
        "not_surely": last - _FARTHEST,
        "latest": last + _FARTHEST,
    }


def _column(metric: Metric, kind: str) -> str:
    return f"{kind}_{metric.id.replace('-', '_')}"


def _numbers(metric: Metric, row: Mapping[str, Any]) -> Numbers:
    number = row[_column(metric, "n")]
    numbers: Numbers = {"numerator": number, "outside": row[_column(metric, "o")]}
    if metric.out_of:
        numbers["denominator"] = row[_column(metric, "d")]
    if metric.unit is FigureUnit.DAYS and number:
        numbers["mean"] = int(row[_column(metric, "t")]) / number / DAY
        for name, share in QUANTILES.items():
            rank = (number - 1) * share
            low = row[_column(metric, f"{name}_low")]
            high = row[_column(metric, f"{name}_high")]
            between = rank - floor(rank) if ceil(rank) > floor(rank) else 0.0
            numbers[name] = (low + between * (high - low)) / DAY
    return numbers
