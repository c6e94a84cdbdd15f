"""A report as everyone may see it: as it is made now, or was published before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from msgspec import Struct
from msgspec.structs import replace

from projections.case_view.shown_values import MoneyShown
from projections.figures.metrics import FigureUnit
from projections.reports.public_rate import public_rate
from projections.reports.same_numbers import same_numbers
from projections.reports.small_numbers import PART, Cell
from projections.reports.withheld_zeros import withheld_zeros

STATES = frozenset({"liability", "outcome"})
"""Cuts by what became of a case: the name of a small group tells it of each of few."""


class PublicFigure(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A figure as everyone may see it; None: not shown, or not measured.

    Numbers of cases are rounded to multiples of five. A share is made of those: out of
    fewer than fifty cases it has no `value`. `suppressed`: a number is left out because
    it is small, or because a small one would follow from it. A part that is
    not named has no cases; it is withheld where `numerator` is, or where no part is
    named though `numerator` is not 0. `p90`: the 90th
    percentile of days, of fifty cases or more. `outside`: cases of the period that the
    figure leaves out; None also for too few to be shown.
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


def without_bare_groups(report: PublicReport) -> PublicReport:
    """Return a report without groups whose mere names would tell of a few persons.

    Such a group shows no number but zeros. Of a report by one thing that is not what
    became of a case, it is left out only where it is the only one.
    """
    if report.by == "none":
        return report
    shown = tuple(one for one in report.groups if any(_numbers_of(one).values()))
    is_told = "," in report.by or report.by in STATES or len(report.groups) == 1
    return replace(report, groups=shown) if is_told else report


def with_hidden_parts(
    parts: Mapping[str, int | None], numerator: int | None, hidden: AbstractSet[str]
) -> dict[str, int | None]:
    """Return parts of which some are hidden: these are named beside shown ones only.

    Where the sum or every part that has cases is hidden, names would tell the zeros.
    """
    every = dict(parts) | dict.fromkeys(sorted(hidden))
    if numerator is None:
        return {name: n for name, n in every.items() if n is not None}
    is_bare = None in every.values() and not any(every.values())
    return {} if is_bare else every


def as_shown_now(report: PublicReport) -> PublicReport:
    """Return a published report without zeros and rates that are not shown today.

    The bytes of an edition stay as they are. Pages and files are made of this.
    """
    keys = {group.key: group.keys for group in report.groups}
    shown = {k: n for one in report.groups for k, n in _numbers_of(one).items()}
    zeros = withheld_zeros(keys, report.by.split(","), shown)
    hidden = zeros | {cell for cell, number in shown.items() if number is None}
    names: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for key, figure, name in zeros | same_numbers(hidden, shown.keys()):
        names[key, figure].add(name)
    groups: list[PublicGroup] = []
    for group in report.groups:
        figures = (_without(one, names[group.key, one.id]) for one in group.figures)
        groups.append(replace(group, figures=tuple(figures)))
    return without_bare_groups(replace(report, groups=tuple(groups)))


def _without(one: PublicFigure, names: AbstractSet[str]) -> PublicFigure:
    numerator = None if "numerator" in names else one.numerator
    parts = one.parts
    if parts is not None:
        hidden = {name[len(PART) :] for name in names if name.startswith(PART)}
        parts = with_hidden_parts(parts, numerator, hidden)
    denominator = None if "denominator" in names else one.denominator
    value = None if numerator is None else one.value
    if one.unit is FigureUnit.SHARE:
        value = public_rate(numerator, denominator)
    return replace(
        one,
        value=value,
        numerator=numerator,
        denominator=denominator,
        parts=parts,
        amount=None if numerator is None else one.amount,
        outside=None if "outside" in names else one.outside,
        suppressed=one.suppressed or bool(names - {"outside"}),
    )


def _numbers_of(group: PublicGroup) -> dict[Cell, int | None]:
    return {
        (group.key, figure.id, name): number
        for figure in group.figures
        for name, number in _numbers(figure)
    }


def _numbers(figure: PublicFigure) -> Iterator[tuple[str, int | None]]:
    yield "numerator", figure.numerator
    if figure.unit is FigureUnit.SHARE:
        yield "denominator", figure.denominator
    # An edition from before it has no such field, as one has that hides it.
    if figure.outside is not None:
        yield "outside", figure.outside
    for part, number in (figure.parts or {}).items():
        yield f"{PART}{part}", number
