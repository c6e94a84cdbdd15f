"""A figure of a report: what was counted, out of what, beside the period before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from projections.case_view.shown_values import MoneyShown
from projections.figures.metrics import FigureUnit, Metric


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


def figure_of(metric: Metric, found: Mapping[str, Any]) -> Figure:
    """Return the figure that the numbers of a metric make."""
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


def compared_with(figure: Figure, before: Figure) -> Figure:
    """Return a figure beside that of the period before."""
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


def no_cases(metric: Metric) -> Figure:
    """Return the figure of a metric where no case has the date."""
    nothing = {"numerator": 0, "outside": 0} | (
        {"denominator": 0} if metric.out_of else {}
    )
    return figure_of(metric, nothing)
