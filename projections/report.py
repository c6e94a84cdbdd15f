"""Reports: the figures of a period, each with what it was counted out of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from psycopg import Connection
from psycopg.rows import scalar_row

from projections import figure_sql
from projections.case_view.shown_values import MoneyShown
from projections.metrics import FigureUnit, Metric, metrics
from projections.period import Question
from projections.transparency import TRANSPARENCY
from projections.view_audit.view_rounds import check_sound


class Figure(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One figure. `value`: a number of cases, a share of 1, or days (the median).

    `numerator` cases were counted, out of `denominator` for a share. Money has no
    `value` but `amounts`, one sum for each currency: yuan and euros have none together.
    """

    id: str
    unit: FigureUnit
    value: float | int | None
    numerator: int
    denominator: int | None = None
    p90: float | None = None
    mean: float | None = None
    parts: dict[str, int] | None = None
    amounts: tuple[MoneyShown, ...] | None = None


class Group(Struct, frozen=True, kw_only=True):
    """The figures of one part of a report, such as a month or a category."""

    key: str
    figures: tuple[Figure, ...]

    def __getitem__(self, metric: str) -> Figure:
        """Return the figure of a metric. Raises KeyError."""
        for figure in self.figures:
            if figure.id == metric:
                return figure
        raise KeyError(metric)


class Report(Struct, frozen=True, kw_only=True):
    """What was counted, from which part of the record.

    `position` is that of the last event in the figures. `left_out` counts the cases
    that meet a definition but are in no period, because their source gives no date.
    """

    period: str
    zone: str | None
    by: str
    category: str | None
    system: str | None
    position: int
    groups: tuple[Group, ...]
    left_out: dict[str, int]


def report(connection: Connection[Any], question: Question) -> Report:
    """Count all figures at one moment. Raises BadQuestion, or ViewDiffers."""
    by_date = sorted(metrics(), key=lambda metric: metric.dated)
    figures: dict[str, dict[str, Figure]] = defaultdict(dict)
    with connection.transaction():
        # All queries see one state of the view, at the position that is reported.
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        check_sound(connection, TRANSPARENCY.name)
        for _, alike in groupby(by_date, key=lambda metric: metric.dated):
            for place, figure in _figures(connection, question, list(alike)):
                figures[place][figure.id] = figure
        return Report(
            period=question.period,
            zone=question.zone,
            by=question.by,
            category=question.category,
            system=question.system,
            position=_position(connection),
            groups=tuple(_groups(figures, question)),
            left_out=figure_sql.undated(connection, question, metrics()),
        )


def _figures(
    connection: Connection[Any], question: Question, alike: list[Metric]
) -> Iterator[tuple[str, Figure]]:
    parts: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for metric in alike:
        if metric.broken_down:
            for place, part, number in figure_sql.parts(connection, question, metric):
                parts[place, metric.id][part] = number
    for place, metric, numbers in figure_sql.counted(connection, question, alike):
        figure = _figure(metric, numbers)
        if metric.broken_down:
            figure = _broken_down(figure, parts[place, metric.id])
        yield place, figure


def _figure(metric: Metric, numbers: Mapping[str, Any]) -> Figure:
    numerator, denominator = numbers["numerator"], numbers.get("denominator")
    value: float | int | None = numerator
    if metric.unit is FigureUnit.SHARE:
        value = round(numerator / denominator, 6) if denominator else None
    elif metric.unit is FigureUnit.DAYS:
        value = _rounded(numbers["median"])
    return Figure(
        id=metric.id,
        unit=metric.unit,
        value=value,
        numerator=numerator,
        denominator=denominator,
        p90=_rounded(numbers.get("p90")),
        mean=_rounded(numbers.get("mean")),
    )


def _broken_down(figure: Figure, parts: dict[str, int]) -> Figure:
    if figure.unit is not FigureUnit.MONEY:
        return replace(figure, parts=parts)
    sums = (MoneyShown.of(parts[currency], currency) for currency in sorted(parts))
    return replace(figure, value=None, amounts=tuple(sums))


def _rounded(days: Any) -> float | None:
    return None if days is None else round(float(days), 4)


def _groups(
    figures: Mapping[str, Mapping[str, Figure]], question: Question
) -> Iterator[Group]:
    # Without any case a report that is not cut still says 0.
    keys = sorted(figures) or (["all"] if question.by == "none" else [])
    for key in keys:
        found = figures.get(key, {})
        yield Group(
            key=key,
            figures=tuple(found.get(one.id) or _no_cases(one) for one in metrics()),
        )


def _no_cases(metric: Metric) -> Figure:
    value = 0 if metric.unit is FigureUnit.CASES else None
    denominator = 0 if metric.out_of else None
    return Figure(
        id=metric.id,
        unit=metric.unit,
        value=value,
        numerator=0,
        denominator=denominator,
    )


def _position(connection: Connection[Any]) -> int:
    with connection.cursor(row_factory=scalar_row) as cursor:
        query = "SELECT position FROM followers WHERE name = 'transparency'"
        return int(cursor.execute(query).fetchone() or 0)
