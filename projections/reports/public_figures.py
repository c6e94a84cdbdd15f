"""Public figures: a report in which no small number of cases can be told.

Numbers below SMALLEST are left out, and so are others from which they could be
subtracted (complementary suppression). What is left is rounded, since a reader may also
subtract reports of other periods from one another.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import scalar_row

from domain.money import parse
from projections.case_view.shown_values import MoneyShown
from projections.figures.metrics import FigureUnit
from projections.reports.figure import Figure
from projections.reports.period import CALENDAR_CUTS, BadQuestion, Question
from projections.reports.report import Group, Report
from projections.reports.small_numbers import SMALLEST, Cell, hidden_numbers

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


class PublicFigure(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A figure as everyone may see it; None: not shown, or not measured.

    Numbers of cases are rounded to multiples of five. `suppressed`: a number is left
    out because it is small, or because a small one could be subtracted from it. `p90`:
    the 90th percentile of days, of fifty cases or more. `outside`: cases of the period
    that the figure leaves out; None also for too few to be shown.
    """

    id: str
    unit: FigureUnit
    value: float | None
    numerator: int | None
    denominator: int | None
    parts: dict[str, int | None] | None
    amount: MoneyShown | None
    suppressed: bool
    # Left out where there is none: editions published before it have no such field.
    p90: float | None = None
    outside: int | None = None


class PublicGroup(Struct, frozen=True, kw_only=True):
    """The public figures of one part of a report."""

    key: str
    keys: tuple[str, ...]
    figures: tuple[PublicFigure, ...]


class PublicReport(Struct, frozen=True, kw_only=True):
    """Public figures of a period; numbers from 1 to below `smallest` are not shown.

    `left_out`: by figure, cases of the whole record that it counts, but whose source
    does not give the date by which they would be in a period; None for too few.
    """

    period: str
    by: str
    category: str | None
    smallest: int
    groups: tuple[PublicGroup, ...]
    # None: editions published before it do not say.
    left_out: dict[str, int | None] | None = None


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
    hidden = hidden_numbers(report.groups, report.by.split(","))
    return PublicReport(
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
                figures=tuple(_shown(group, one, hidden) for one in group.figures),
            )
            for group in report.groups
        ),
    )


def _shown(group: Group, figure: Figure, hidden: set[Cell]) -> PublicFigure:
    def number(name: str, exact: int | None) -> int | None:
        if exact is None or (group.key, figure.id, name) in hidden:
            return None
        return SMALLEST * round(exact / SMALLEST)

    numerator = number("numerator", figure.numerator)
    denominator = number("denominator", figure.denominator)
    parts: dict[str, int | None] | None = None
    if figure.parts is not None and figure.unit is FigureUnit.CASES:
        parts = {
            name: number(f"part {name}", exact) for name, exact in figure.parts.items()
        }
    # Beside what is left out, a hidden number could be subtracted from all cases.
    base = numerator if figure.denominator is None else denominator
    names = {name for key, one, name in hidden if (key, one) == (group.key, figure.id)}
    # What is left out is no number of the figure itself.
    names.discard("outside")
    return PublicFigure(
        id=figure.id,
        unit=figure.unit,
        value=_value(figure, numerator, denominator),
        numerator=numerator,
        denominator=denominator,
        parts=parts,
        amount=None if numerator is None else _amount(figure),
        suppressed=bool(names) or _too_few(figure),
        p90=_p90(figure),
        outside=None if base is None else number("outside", figure.outside),
    )


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
            return round(numerator / denominator, 2) if denominator else None
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
