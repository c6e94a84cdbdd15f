"""A figure as it is shown: never a bare number, but with its parts and definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from interface.pages.charts.chart import Gap
from interface.pages.charts.public_numbers import figure, is_of_few
from interface.pages.charts.public_words import Wording
from projections.figures.metrics import FigureUnit, metrics
from projections.reports.edition_manifests import EditionRead
from projections.reports.public_rate import points_off
from projections.reports.public_report import PublicFigure, PublicGroup

HEADLINES = (
    "opened",
    "response-in-time",
    "settlement-rate",
    "days-open-net",
    "ruling-in-time",
    "compliance-rate-of-owed",
    "reversal-rate",
    "claim-met-rate",
    "ruled-by-machine",
)
"""The figures that a period begins with; each has its words in the texts."""

WAYS = (
    ("response-in-time", "response-in-time-with-pending"),
    ("settlement-rate", "settlement-rate-of-all"),
    ("claim-met-rate", "claim-met-rate-with-partly"),
    ("unfounded", "unfounded-of-all"),
    ("compliance-rate-of-owed", "compliance-rate"),
)
"""Figures that count the same thing by two definitions, the headline's first."""


class Before(Struct, frozen=True, kw_only=True):
    """The figures of the period before, and the versions of their definitions."""

    group: PublicGroup
    definitions: Mapping[str, int]


class FigureCard(Struct, frozen=True, kw_only=True):
    """A figure in words. `bar`: its share in percent, None for what is no share.

    `precision`: by how much the share can be off, as it is made of rounded numbers.
    """

    id: str
    version: int
    name: str
    value: str
    trend: str
    bar: float | None
    numerator: str
    denominator: str | None
    left_out: tuple[str, ...]
    withheld: bool
    precision: str = ""


def card(
    edition: EditionRead,
    group: PublicGroup,
    name: str,
    words: Wording,
    before: Before | None = None,
) -> FigureCard | None:
    """Return a figure of a group; None where its edition did not define it yet."""
    found = figure(group, name)
    if found is None:
        return None
    share = found.unit is FigureUnit.SHARE
    return FigureCard(
        id=name,
        version=edition.manifest.definitions.get(name, 1),
        name=words.metric(name),
        value=value_in_words(found, words),
        trend=_trend(edition, found, words, before),
        bar=round(100 * found.value, 1) if share and found.value is not None else None,
        numerator=words.cell(_gap(found, found.numerator), "cases"),
        denominator=(
            words.cell(_gap(found, found.denominator), "cases") if share else None
        ),
        left_out=tuple(_left_out(edition, found, words))
        or (words.say("figures", "left-out-none"),),
        withheld=found.suppressed,
        precision=_precision(found, words),
    )


def _precision(found: PublicFigure, words: Wording) -> str:
    """Say by how much a rate can be off; "" where there is none."""
    if found.unit is not FigureUnit.SHARE or found.value is None:
        return ""
    off = points_off(found.numerator or 0, found.denominator or 0)
    code = "rate-off" if off else "rate-exact"
    return words.say("figures", code, n=words.number(off))


def _left_out(
    edition: EditionRead, found: PublicFigure, words: Wording
) -> Iterator[str]:
    """Say how many cases a figure leaves out, and why; nothing where it leaves none."""
    why = words.say("figure_words", f"{found.id}-left-out")
    undated = edition.report.left_out
    if undated is None:
        # An edition from before these numbers says it in words alone.
        yield why
        return
    if found.outside != 0:
        yield _counted(found.outside, why, words)
    if found.id in undated:
        dated = next(one.dated for one in metrics() if one.id == found.id)
        whole = "undated" if edition.report.by == "none" else "undated-of-all"
        date = words.say("dated_by", dated)
        why = words.say("figures", whole, date=date)
        yield _counted(undated[found.id], why, words)


def _counted(number: int | None, why: str, words: Wording) -> str:
    if number is None:
        return words.say("figures", "left-out-few", why=why)
    return words.say("figures", "left-out-many", n=words.number(number), why=why)


def value_in_words(found: PublicFigure, words: Wording) -> str:
    """Return a figure's value with its unit, or why there is none."""
    if found.unit is FigureUnit.MONEY:
        if found.amount is None:
            return words.cell(_gap(found, None), "")
        return words.money(found.amount.amount, found.amount.currency)
    value = Gap.FEW if is_of_few(found) else _gap(found, found.value)
    if isinstance(value, Gap) or found.unit is FigureUnit.SHARE:
        return words.cell(value, str(found.unit))
    return words.amount(value, str(found.unit))


def _gap(found: PublicFigure, number: float | None) -> float | Gap:
    if number is not None:
        return number
    return Gap.WITHHELD if found.suppressed else Gap.NOTHING


def _trend(
    edition: EditionRead, found: PublicFigure, words: Wording, before: Before | None
) -> str:
    """Say how a figure has changed since the period before, and never by a guess."""
    if before is None:
        return words.say("figures", "no-period-before")
    version = edition.manifest.definitions.get(found.id)
    if before.definitions.get(found.id) != version:
        return words.say("figures", "other-definition")
    earlier = figure(before.group, found.id)
    if earlier is None or earlier.value is None or found.value is None:
        return words.say("figures", "not-comparable")
    change = round(found.value - earlier.value, 4)
    if not change:
        return words.say("figures", "unchanged")
    said = "more" if change > 0 else "less"
    return words.say(
        "figures", f"{said}-{found.unit}", n=words.difference(change, str(found.unit))
    )
