"""What a row of an authority's form answers: a figure, part of one, or why nothing.

A row that the record cannot answer has no value and says why. No row is made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from projections.figures.metrics import FigureUnit, metrics
from projections.reports.figure import Figure
from projections.reports.report import Group

Language = Literal["zh", "en"]

NOT_RECORDED = {"en": "not recorded: ", "zh": "未记录："}  # noqa: RUF001 - Chinese
NOTHING = {"en": "no case to count out of", "zh": "没有可供计算的案件"}
UNITS = {
    "en": {"cases": "cases", "share": "%", "days": "days"},
    "zh": {"cases": "件", "share": "%", "days": "天"},
}
PERCENT_DIGITS = 2


class FormAnswer(Struct, frozen=True, kw_only=True):
    """An answer. `value` is "" where there is none; then `note` says why.

    `definition` names the figure and the version of its definition, `out_of` what a
    share was counted out of; `before` and `difference` are of the period before.
    """

    value: str = ""
    unit: str = ""
    out_of: str = ""
    definition: str = ""
    note: str = ""
    before: str = ""
    difference: str = ""


def not_recorded(why: str, language: Language = "en") -> FormAnswer:
    """Return the answer that the record has none."""
    return FormAnswer(note=NOT_RECORDED[language] + why)


def number(value: float | None) -> str:
    """Return a number as programs read it; "" for none."""
    return "" if value is None else f"{value:.12g}"


class Answering(Struct, frozen=True):
    """Answers rows from the figures of one platform, in one language."""

    group: Group
    language: Language

    def figure(self, name: str, *, mean: bool = False, note: str = "") -> FormAnswer:
        """Answer a figure; `mean`: the mean of a figure in days, not its median."""
        found = self.group[name]
        value = found.mean if mean else found.value
        before = found.mean_before if mean else found.before
        said = note if value is not None else self._nothing(found)
        return FormAnswer(
            value=_shown(value, found.unit),
            unit=UNITS[self.language][found.unit],
            out_of=number(found.denominator),
            definition=definition(name),
            note=said,
            before=_shown(before, found.unit),
            difference=_shown(_less(value, before), found.unit),
        )

    def part(self, name: str, part: str, note: str = "") -> FormAnswer:
        """Answer how many cases a figure has in one of its parts."""
        found = self.group[name]
        value, earlier = (found.parts or {}).get(part, 0), found.parts_before
        before = None if earlier is None else earlier.get(part, 0)
        return FormAnswer(
            value=number(value),
            unit=UNITS[self.language]["cases"],
            definition=definition(name),
            note=note,
            before=number(before),
            difference=number(_less(value, before)),
        )

    def share(self, name: str, part: str, note: str = "") -> FormAnswer:
        """Answer how large one part of a figure is, in percent of all of it."""
        found = self.group[name]
        whole = found.numerator
        # A part that no case has is not in the report, and is none of the whole.
        among = (found.parts or {}).get(part, 0)
        return FormAnswer(
            value=_shown(among / whole, FigureUnit.SHARE) if whole else "",
            unit=UNITS[self.language]["share"],
            out_of=number(whole),
            definition=definition(name),
            note=note if whole else NOTHING[self.language],
        )

    def money(self, name: str) -> Iterator[FormAnswer]:
        """Answer a figure in money, once for each currency that it has."""
        amounts = self.group[name].amounts or ()
        earlier = self.group[name].amounts_before
        known = {one.currency: one.amount for one in earlier or ()}
        for amount in amounts:
            before = known.get(amount.currency, "0") if earlier is not None else ""
            less = Decimal(amount.amount) - Decimal(before) if before else None
            yield FormAnswer(
                value=amount.amount,
                unit=amount.currency,
                definition=definition(name),
                before=before,
                difference="" if less is None else f"{less}",
            )
        if not amounts:
            yield FormAnswer(
                value="0", definition=definition(name), note=NOTHING[self.language]
            )

    def parts(self, name: str) -> tuple[str, ...]:
        """List the parts that a figure has, the largest first.

        Those that only the period before had come after them.
        """
        found = self.group[name].parts or {}
        gone = {*(self.group[name].parts_before or {})} - {*found}
        return (
            *sorted(found, key=lambda one: (-found[one], one)),
            *sorted(gone),
        )

    def _nothing(self, found: Figure) -> str:
        return NOTHING[self.language] if found.numerator == 0 else ""


def definition(name: str) -> str:
    """Return a figure with the version of its definition: "reversal-rate/1"."""
    version = next(one.version for one in metrics() if one.id == name)
    return f"{name}/{version}"


def _less(value: float | None, before: float | None) -> float | None:
    """Return by how much a value has changed; None where one of them is missing."""
    return None if value is None or before is None else round(value - before, 6)


def _shown(value: float | None, unit: FigureUnit) -> str:
    if value is not None and unit is FigureUnit.SHARE:
        return number(round(100 * value, PERCENT_DIGITS))
    return number(value)
