"""Public figures: a report in which no small number of cases can be told.

Numbers below SMALLEST are left out, and so are others from which they could be
subtracted (complementary suppression), and zeros that would tell where they are. What
is left is rounded, since a reader may also subtract reports of other periods from one
another.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any

from psycopg import Connection
from psycopg.rows import scalar_row

from domain.money import parse
from projections.case_view.shown_values import MoneyShown
from projections.figures.metrics import FigureUnit
from projections.reports.figure import Figure
from projections.reports.period import CALENDAR_CUTS, BadQuestion, Question
from projections.reports.public_rate import public_rate
from projections.reports.public_report import (
    PublicFigure,
    PublicGroup,
    PublicReport,
    with_hidden_parts,
    without_bare_groups,
)
from projections.reports.report import Group, Report
from projections.reports.same_numbers import same_numbers
from projections.reports.small_numbers import (
    PART,
    SMALLEST,
    Cell,
    hidden_numbers,
    numbers_of,
)
from projections.reports.withheld_zeros import (
    beside_told,
    withheld_zeros,
    zeros_of_few,
)

MEASURED_FROM = 10
"""Of how many cases on a median or a sum of money is shown."""

TAIL_FROM = 50
"""Of how many cases on a 90th percentile is shown: five of them or more lie above."""

DIGITS = 3
"""To how many digits the sum of money is rounded, where there is one currency."""

PUBLIC_CUTS = (
    *CALENDAR_CUTS,
    *("category", "reason", "channel", "liability", "outcome"),
)
"""Nobody can be found by these: no seller, no mediator, no amount of one case."""


def check_public(question: Question) -> None:
    """Raise BadQuestion for a cut by which somebody could be found."""
    said = f"is not public: write one or two of {', '.join(PUBLIC_CUTS)}"
    try:
        private = set(question.cuts) - set(PUBLIC_CUTS)
    except BadQuestion as error:
        # Said without the cuts that are not public, which would be refused next.
        raise BadQuestion("by", error.value, said, PUBLIC_CUTS) from None
    if private:
        raise BadQuestion("by", ",".join(sorted(private)), said, PUBLIC_CUTS)


def check_platform(connection: Connection[Any], platform: str | None) -> None:
    """Raise BadQuestion for a platform of which no case was ever recorded.

    A mistyped one would look like one that has no disputes.
    """
    if platform is not None and not has_cases(connection, platform):
        said = "is no platform of which a case was recorded"
        raise BadQuestion("platform", platform, said)


def check_recorded(connection: Connection[Any], question: Question) -> None:
    """Raise BadQuestion for a platform or a source of which no case was recorded."""
    check_platform(connection, question.platform)
    # Our own cases have an empty one.
    if question.system and not _is_source(connection, question.system):
        said = "is no system of which a case was imported"
        raise BadQuestion("source", question.system, said)


def _is_source(connection: Connection[Any], system: str) -> bool:
    query = "SELECT EXISTS (SELECT 1 FROM transparency WHERE system = %s)"
    with connection.cursor(row_factory=scalar_row) as cursor:
        return bool(cursor.execute(query, (system,)).fetchone())


def has_cases(connection: Connection[Any], platform: str) -> bool:
    """Tell whether a case of a platform was ever recorded."""
    query = "SELECT EXISTS (SELECT 1 FROM transparency WHERE platform = %s)"
    with connection.cursor(row_factory=scalar_row) as cursor:
        return bool(cursor.execute(query, (platform,)).fetchone())


def made_public(report: Report) -> PublicReport:
    """Return a report without what is too small to be shown."""
    withheld = _withheld(report)
    shown = PublicReport(
        period=report.period,
        by=report.by,
        category=report.category,
        smallest=SMALLEST,
        left_out={
            name: SMALLEST * round(number / SMALLEST) if number >= SMALLEST else None
            for name, number in report.left_out.items()
        },
        groups=tuple(
            PublicGroup(
                key=group.key,
                keys=group.keys or (group.key,),
                figures=tuple(_shown(group, one, withheld) for one in group.figures),
            )
            for group in report.groups
        ),
    )
    return without_bare_groups(shown)


def _withheld(report: Report) -> set[Cell]:
    """Return the numbers that are not shown, zeros among them."""
    keys = {group.key: group.keys or (group.key,) for group in report.groups}
    cuts, exact = report.by.split(","), numbers_of(report.groups)
    asked: set[Cell] = set()
    while True:
        hidden = hidden_numbers(report.groups, cuts, asked)
        few = zeros_of_few(exact)
        shown = {
            cell: None if cell in hidden | few else number
            for cell, number in exact.items()
        }
        zeros = few | withheld_zeros(keys, cuts, shown)
        told = beside_told(keys, cuts, exact, hidden, zeros)
        told |= same_numbers(hidden | zeros, exact.keys())
        if not told:
            return hidden | zeros
        asked |= told


def _shown(group: Group, figure: Figure, withheld: set[Cell]) -> PublicFigure:
    names = {
        name for key, one, name in withheld if (key, one) == (group.key, figure.id)
    }

    def number(name: str, exact: int | None) -> int | None:
        if exact is None or name in names:
            return None
        return SMALLEST * round(exact / SMALLEST)

    numerator = number("numerator", figure.numerator)
    denominator = number("denominator", figure.denominator)
    # Beside what is left out, a hidden number could be subtracted from all cases.
    base = numerator if figure.denominator is None else denominator
    return PublicFigure(
        id=figure.id,
        unit=figure.unit,
        value=_value(figure, numerator, denominator),
        numerator=numerator,
        denominator=denominator,
        parts=_parts(figure, numerator, names),
        amount=None if numerator is None else _amount(figure),
        # What is left out is no number of the figure itself.
        suppressed=bool(names - {"outside"}) or _too_few(figure),
        p90=_p90(figure),
        outside=None if base is None else number("outside", figure.outside),
    )


def _parts(
    figure: Figure, numerator: int | None, withheld: AbstractSet[str]
) -> dict[str, int | None] | None:
    """Return the parts of a figure; one that is withheld has a name beside a shown one.

    Names alone would tell which parts of a few cases are not zero.
    """
    if figure.parts is None or figure.unit is not FigureUnit.CASES:
        return None
    hidden = {name.removeprefix(PART) for name in withheld if name.startswith(PART)}
    parts: dict[str, int | None] = {
        name: SMALLEST * round(exact / SMALLEST)
        for name, exact in figure.parts.items()
        if name not in hidden
    }
    return with_hidden_parts(parts, numerator, hidden)


def _too_few(figure: Figure) -> bool:
    measured = figure.unit in {FigureUnit.DAYS, FigureUnit.MONEY}
    return measured and 0 < figure.numerator < MEASURED_FROM


def _p90(figure: Figure) -> float | None:
    is_shown = figure.unit is FigureUnit.DAYS and figure.numerator >= TAIL_FROM
    return round(figure.p90, 1) if is_shown and figure.p90 is not None else None


def _value(
    figure: Figure, numerator: int | None, denominator: int | None
) -> float | None:
    """Return the value of a figure, from rounded numbers where it is made of those."""
    if numerator is None or _too_few(figure):
        return None
    match figure.unit:
        case FigureUnit.CASES:
            # Of a time before the record there is no number, not even 0.
            return None if figure.value is None else numerator
        case FigureUnit.SHARE:
            return public_rate(numerator, denominator)
        case FigureUnit.DAYS:
            return None if figure.value is None else round(figure.value, 1)
        case FigureUnit.MONEY:
            return None


def _amount(figure: Figure) -> MoneyShown | None:
    """Return a sum of money, rounded: of many cases, which are of one currency."""
    if _too_few(figure) or not figure.amounts or len(figure.amounts) > 1:
        return None
    (exact,) = figure.amounts
    minor = parse(exact.amount, exact.currency).amount
    return MoneyShown.of(round(minor, DIGITS - len(str(minor))), exact.currency)
