"""What a row of an authority's form answers: a figure, part of one, or why nothing.

A row that the record cannot answer has no value and says why. No row is made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from projections.figures.metrics import FigureUnit, metrics
from projections.reports.report import Figure, Group

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
        said = note if value is not None else self._nothing(found)
        return FormAnswer(
            value=_shown(value, found.unit),
            unit=UNITS[self.language][found.unit],
            out_of=number(found.denominator),
            definition=definition(name),
            note=said,
            before="" if mean else _shown(found.before, found.unit),
            difference="" if mean else _shown(found.difference, found.unit),
        )

    def part(self, name: str, part: str, note: str = "") -> FormAnswer:
        """Answer how many cases a figure has in one of its parts."""
        return FormAnswer(
            value=number((self.group[name].parts or {}).get(part, 0)),
            unit=UNITS[self.language]["cases"],
            definition=definition(name),
            note=note,
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
        for amount in amounts:
            yield FormAnswer(
                value=amount.amount, unit=amount.currency, definition=definition(name)
            )
        if not amounts:
            yield FormAnswer(
                value="0", definition=definition(name), note=NOTHING[self.language]
            )

    def parts(self, name: str) -> tuple[str, ...]:
        """List the parts that a figure has, the largest first."""
        found = self.group[name].parts or {}
        return tuple(sorted(found, key=lambda one: (-found[one], one)))

    def _nothing(self, found: Figure) -> str:
        return NOTHING[self.language] if found.numerator == 0 else ""


def definition(name: str) -> str:
    """Return a figure with the version of its definition: "reversal-rate/1"."""
    version = next(one.version for one in metrics() if one.id == name)
    return f"{name}/{version}"


def _shown(value: float | None, unit: FigureUnit) -> str:
    if value is not None and unit is FigureUnit.SHARE:
        return number(round(100 * value, PERCENT_DIGITS))
    return number(value)
