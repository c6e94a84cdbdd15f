"""The numbers of a public report, each with why it is not there if it is not."""

from __future__ import annotations

from interface.pages.charts.chart import Gap
from projections.figures.metrics import FigureUnit
from projections.reports.public_rate import has_rate
from projections.reports.public_report import PublicFigure, PublicGroup, PublicReport

WHOLE = "all"
"""The one group of a report without a cut."""


def whole(report: PublicReport) -> PublicGroup | None:
    """Return the one group of a report that is not cut; None if it is cut."""
    if report.by != "none" or len(report.groups) != 1:
        return None
    return report.groups[0]


def figure(group: PublicGroup, name: str) -> PublicFigure | None:
    """Return a figure of a group; None where its edition did not define it yet."""
    return next((one for one in group.figures if one.id == name), None)


def value(group: PublicGroup, name: str) -> float | Gap:
    """Return the value of a figure: cases, days, or a share of 1."""
    found = figure(group, name)
    if found is not None and is_of_few(found):
        return Gap.FEW
    return _or_gap(found, None if found is None else found.value)


def is_of_few(found: PublicFigure) -> bool:
    """Tell whether a share has its numbers, but no rate: they are too few for one."""
    if found.unit is not FigureUnit.SHARE or found.numerator is None:
        return False
    return bool(found.denominator) and not has_rate(found.denominator)


def p90(group: PublicGroup, name: str) -> float | Gap:
    """Return the 90th percentile of a figure in days; of few cases there is none."""
    found = figure(group, name)
    if found is None or not found.numerator:
        return _or_gap(found, None)
    # The median of some cases is public, and their 90th percentile not yet.
    return Gap.WITHHELD if found.p90 is None else found.p90


def numerator(group: PublicGroup, name: str) -> int | Gap:
    """Return how many cases a figure counts."""
    found = figure(group, name)
    number = _or_gap(found, None if found is None else found.numerator)
    return number if isinstance(number, Gap) else int(number)


def denominator(group: PublicGroup, name: str) -> int | Gap:
    """Return out of how many cases a share is counted."""
    found = figure(group, name)
    number = _or_gap(found, None if found is None else found.denominator)
    return number if isinstance(number, Gap) else int(number)


def part(group: PublicGroup, name: str, code: str) -> int | Gap:
    """Return a part of a figure; a part that is not named has no cases.

    Where the number of all parts is withheld, it is withheld as well; and where no part
    is named of some cases.
    """
    found = figure(group, name)
    if found is None:
        return Gap.NOTHING
    parts = found.parts or {}
    if code not in parts:
        whole = found.numerator
        return Gap.WITHHELD if whole is None or (whole and not parts) else 0
    number = parts[code]
    return Gap.WITHHELD if number is None else number


def _or_gap(found: PublicFigure | None, number: float | None) -> float | Gap:
    if number is not None:
        return number
    # Of a figure that counts nothing there is no share and no median.
    hidden = found is not None and found.suppressed
    return Gap.WITHHELD if hidden else Gap.NOTHING
