"""The statements that count a report's figures, in SQL that several engines read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from projections.figures.cube_quantiles import QUANTILES
from projections.figures.cube_terms import dated_metrics
from projections.figures.figure_sql import filters
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


class FigureStatements:
    """SQL that answers a question, over `rows` with the columns of `transparency`.

    Its pieces come from `metrics.toml`; what a caller sends is a parameter.
    """

    def __init__(self, question: Question, dialect: Dialect, rows: str) -> None:
        self._question, self._dialect, self._rows = question, dialect, rows

    @property
    def words(self) -> frozenset[str]:
        """Return all words of all statements, the names of their columns among them.

        Raises BadQuestion.
        """
        statements = [self.start()]
        for dated, alike in dated_metrics():
            statements += [self.counted(dated, alike), self.undated(dated, alike)]
        statements += [self.parts(one) for one in metrics() if one.broken_down]
        # Without texts: the name of a role is no column of a seller.
        plain = re.sub(r"'[^']*'", "", " ".join(statements))
        return frozenset(re.findall(r"\w+", plain))

    def counted(self, dated: str, alike: Sequence[Metric]) -> str:
        """Count the figures of one date; the values beside each quantile are whole.

        Raises BadQuestion.
        """
        inner = [
            f"{place_of(self._question, dated, self._dialect)} AS place",
            f"count({dated}) AS dated",
        ]
        outer = ["place", "dated"]
        for metric in alike:
            for name, sql in self._columns(metric):
                inner.append(f"{sql} AS {name}")
                outer += self._taken(metric, name)
        return (
            f"SELECT {', '.join(outer)} FROM (SELECT {', '.join(inner)}"
            f" FROM {self._cases(dated)} WHERE {self.where(dated)} GROUP BY 1)"
            " AS counted"
        )

    def parts(self, metric: Metric) -> str:
        """Count a figure by its parts. Raises BadQuestion."""
        place = place_of(self._question, metric.dated, self._dialect)
        amount = f"CAST({metric.measured or 1} AS DECIMAL(38, 0))"
        # What is worked out of a name is worked out once, not for each row.
        raw = (
            f"SELECT {place} AS place, {metric.broken_down} AS part,"
            f" sum({amount}) AS number FROM {self._cases(metric.dated)}"
            f" WHERE {self.where(metric.dated)} AND ({metric.counted}) GROUP BY 1, 2"
        )
        part = part_of("part", self._dialect)
        return (
            f"SELECT place, {part} AS part, sum(number) AS number FROM ({raw}) AS raw"
            " GROUP BY 1, 2 ORDER BY 1, 2"
        )

    def undated(self, dated: str, alike: Sequence[Metric]) -> str:
        """Count the cases that have a figure, and no date for a period."""
        columns = ", ".join(
            f"{_count(one.counted)} AS {column(one, 'n')}"
            for one in alike
            if one.unit is not FigureUnit.DAYS
        )
        where = " AND ".join([f"{dated} IS NULL", *self._filters()])
        return f"SELECT {columns or 'count(*)'} FROM {self._rows} WHERE {where}"

    def start(self) -> str:
        """Return the local time of the first filing, as `start`."""
        where = " AND ".join(["opened_at IS NOT NULL", *self._filters()])
        first = f"min({local('opened_at', self._dialect)})"
        return f"SELECT {first} AS start FROM {self._rows} WHERE {where}"

    def where(self, dated: str) -> str:
        """Return the SQL for the rows of the question. Raises BadQuestion."""
        found = self._filters()
        if self._question.bounds is not None:
            found += self._within(dated)
        elif set(self._question.cuts) & set(CALENDAR_CUTS):
            found.append(f"{dated} IS NOT NULL")
        return " AND ".join(found) or "true"

    def given(self, *, dated: bool = True) -> dict[str, Any]:
        """Return the parameters that statements name; `undated` has no dated ones."""
        question = self._question
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

    def _columns(self, metric: Metric) -> Iterator[tuple[str, str]]:
        yield column(metric, "n"), _count(metric.counted)
        if metric.out_of:
            yield column(metric, "d"), _count(metric.out_of)
        yield column(metric, "b"), _count(metric.base, metric.dated)
        if metric.unit is FigureUnit.DAYS:
            micros = self._micros(metric)
            only = f"FILTER (WHERE {metric.counted})"
            yield column(metric, "t"), f"sum(CAST({micros} AS DECIMAL(38, 0))) {only}"
            yield column(metric, "l"), self._dialect.sorted(micros, metric.counted)

    def _taken(self, metric: Metric, name: str) -> Iterator[str]:
        """Take a column, and of a list the values that quantiles lie between."""
        if name != column(metric, "l"):
            yield name
            return
        for quantile, share in QUANTILES.items():
            rank = f"({column(metric, 'n')} - 1) * CAST({share} AS DOUBLE)"
            for side, of in (("low", "floor"), ("high", "ceil")):
                item = self._dialect.item(name, f"{of}({rank})")
                yield f"{item} AS {column(metric, f'{quantile}_{side}')}"

    def _micros(self, metric: Metric) -> str:
        since, until = str(metric.since), str(metric.until)
        whole = self._dialect.micros(milestone(until).at, milestone(since).at)
        if metric.net_of is None:
            return whole
        return f"({whole} - {paused_between(since, until)})"

    def _cases(self, dated: str) -> str:
        if "seller-size" not in self._question.cuts:
            return self._rows
        sizes = (
            "(SELECT platform, seller, count(*) AS seller_cases"
            f" FROM {self._rows} WHERE {self.where(dated)}"
            " AND seller IS NOT NULL GROUP BY 1, 2)"
        )
        return f"{self._rows} LEFT JOIN {sizes} AS sizes USING (platform, seller)"

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

    def _filters(self) -> list[str]:
        return filters(self._question, self._dialect)


def column(metric: Metric, kind: str) -> str:
    """Return the column of a metric's numbers of a kind.

    `n`: its cases; `d`: what it is a share of; `b`: those with a date that it is about;
    `t` and `l`: the total and the sorted list of its lengths of time.
    """
    return f"{kind}_{metric.id.replace('-', '_')}"


def _count(condition: str, value: str = "1") -> str:
    # DuckDB counts this four times as fast as rows that a FILTER lets through.
    return f"count(CASE WHEN {condition} THEN {value} END)"


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
