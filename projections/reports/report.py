"""Reports: the figures of a period, each with what it was counted out of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from psycopg import Connection
from psycopg.rows import scalar_row

from projections.case_view.shown_values import MoneyShown
from projections.figures.figure_numbers import Numbered, numbers, undated
from projections.figures.metrics import FigureUnit, Metric, metrics
from projections.figures.transparency import TRANSPARENCY
from projections.reports.period import Question
from projections.reports.report_cuts import natural_order
from projections.tables.view_presence import ViewMissing
from projections.view_audit.view_rounds import check_sound


class Figure(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One figure. `value`: a number of cases, a share of 1, or days (the median).

    `numerator` cases were counted, out of `denominator` for a share; `outside` have the
    date by which the figure counts, but are left out of it. Money has no
    `value` but `amounts`, one sum for each currency: yuan and euros have none together.
    `before` is the value of the period before, and `difference` what it has changed by,
    where both have one; `amounts_before` are the sums, `parts_before` the parts and
    `mean_before` the mean of the period before.
    """

    id: str
    unit: FigureUnit
    value: float | None
    numerator: int
    denominator: int | None = None
    outside: int | None = None
    p90: float | None = None
    mean: float | None = None
    parts: dict[str, int] | None = None
    amounts: tuple[MoneyShown, ...] | None = None
    before: float | None = None
    difference: float | None = None
    amounts_before: tuple[MoneyShown, ...] | None = None
    parts_before: dict[str, int] | None = None
    mean_before: float | None = None


class Group(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The figures of one part of a report, such as a month or a category.

    `keys` are the names of the group in a report by two things, `key` both of them.
    """

    key: str
    figures: tuple[Figure, ...]
    keys: tuple[str, ...] = ()

    def __getitem__(self, metric: str) -> Figure:
        """Return the figure of a metric. Raises KeyError."""
        for figure in self.figures:
            if figure.id == metric:
                return figure
        raise KeyError(metric)


class Report(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was counted, from which part of the record.

    `position` is that of the last event in the figures. `left_out` counts the cases
    that meet a definition but are in no period, because their source gives no date.
    `before` is the period before, if the figures are compared with it.
    """

    period: str
    zone: str | None
    by: str
    category: str | None
    system: str | None
    position: int
    groups: tuple[Group, ...]
    left_out: dict[str, int]
    before: str | None = None


Counted = dict[tuple[str, ...], dict[str, Figure]]
"""The figures of each group, by their metrics."""


def report(
    connection: Connection[Any],
    question: Question,
    *,
    compared: bool = False,
    from_rows: bool = False,
) -> Report:
    """Count all figures at one moment; `compared` with those of the period before.

    `from_rows` counts the cases one by one, also where sums of them are kept.
    Raises BadQuestion, or ViewDiffers.
    """
    earlier = question.before if compared else None
    with connection.transaction():
        # All queries see one state of the view, at the position that is reported.
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # Sums by many groups would be sorted on the disk otherwise.
        connection.execute("SET LOCAL work_mem = '64MB'")
        check_sound(connection, TRANSPARENCY.name)
        now = numbers(connection, question, from_rows=from_rows)
        before = None
        if earlier:
            before = numbers(connection, earlier, from_rows=from_rows)
        return assembled(
            question,
            now,
            position=position_of(connection),
            left_out=undated(connection, question, from_rows=from_rows),
            before=before,
        )


def assembled(
    question: Question,
    numbers: Numbered,
    *,
    position: int,
    left_out: dict[str, int],
    before: Numbered | None = None,
) -> Report:
    """Return the report that numbers make; `before`: those of the period before."""
    figures = _all(numbers)
    earlier = None if before is None else _all(before)
    return Report(
        period=question.period,
        zone=question.zone,
        by=question.by,
        category=question.category,
        system=question.system,
        position=position,
        groups=tuple(_groups(figures, earlier, question)),
        left_out=left_out,
        before=question.before.period if before is not None else None,
    )


def _all(numbers: Numbered) -> Counted:
    named = {metric.id: metric for metric in metrics()}
    return {
        place: {name: _figure(named[name], each) for name, each in found.items()}
        for place, found in numbers.items()
    }


def _figure(metric: Metric, found: Mapping[str, Any]) -> Figure:
    numerator, denominator = found["numerator"], found.get("denominator")
    value: float | None = numerator
    if metric.unit is FigureUnit.SHARE:
        value = round(numerator / denominator, 6) if denominator else None
    elif metric.unit is FigureUnit.DAYS:
        value = _rounded(found.get("median"))
    figure = Figure(
        id=metric.id,
        unit=metric.unit,
        value=value,
        numerator=numerator,
        denominator=denominator,
        outside=found.get("outside"),
        p90=_rounded(found.get("p90")),
        mean=_rounded(found.get("mean")),
    )
    return (
        _broken_down(figure, found.get("parts", {})) if metric.broken_down else figure
    )


def _broken_down(figure: Figure, parts: dict[str, int]) -> Figure:
    if figure.unit is not FigureUnit.MONEY:
        return replace(figure, parts=parts)
    sums = (MoneyShown.of(parts[currency], currency) for currency in sorted(parts))
    return replace(figure, value=None, amounts=tuple(sums))


def _rounded(days: Any) -> float | None:
    return None if days is None else round(float(days), 4)


def _groups(
    figures: Counted, before: Counted | None, question: Question
) -> Iterator[Group]:
    # A group that had cases in one of the periods is shown for both.
    places = sorted({*figures, *(before or {})}, key=natural_order)
    # Without any case a report that is not cut still says 0.
    for place in places or ([] if question.cuts else [("all",)]):
        found = _in_order(figures.get(place, {}))
        if before is not None:
            earlier = _in_order(before.get(place, {}))
            found = tuple(map(_compared, found, earlier))
        keys = place if len(place) > 1 else ()
        yield Group(key=",".join(place), keys=keys, figures=found)


def _in_order(found: Mapping[str, Figure]) -> tuple[Figure, ...]:
    return tuple(found.get(one.id) or _no_cases(one) for one in metrics())


def _compared(figure: Figure, before: Figure) -> Figure:
    difference = None
    if figure.value is not None and before.value is not None:
        difference = round(figure.value - before.value, 6)
    return replace(
        figure,
        before=before.value,
        difference=difference,
        amounts_before=before.amounts,
        parts_before=before.parts,
        mean_before=before.mean,
    )


def _no_cases(metric: Metric) -> Figure:
    nothing = {"numerator": 0, "outside": 0} | (
        {"denominator": 0} if metric.out_of else {}
    )
    return _figure(metric, nothing)


def position_of(connection: Connection[Any]) -> int:
    """Return the last event that the figures know of. Raises ViewMissing."""
    with connection.cursor(row_factory=scalar_row) as cursor:
        query = "SELECT position FROM followers WHERE name = 'transparency'"
        position = cursor.execute(query).fetchone()
    if position is None:
        raise ViewMissing("transparency")
    return int(position)
