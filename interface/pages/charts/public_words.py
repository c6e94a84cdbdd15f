"""The words of public pages: texts, labels of codes, and numbers, in one language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent

from application.cases.readable_values import amount_in_words
from application.texts import say
from domain.money import parse
from domain.policy.codes import Codes
from interface.pages.charts.chart import Gap
from interface.pages.page_texts import BETWEEN, page_words
from interface.pages.page_times import LOCALES
from projections.figures.metrics import metrics

Number = bool | float | str | None
MINUS = "\u2212"


class Bilingual(Protocol):
    """Anything that has its words in Chinese and in English."""

    @property
    def zh(self) -> str:
        """Return the Chinese ones."""
        ...

    @property
    def en(self) -> str:
        """Return the English ones."""
        ...


class Wording:
    """Says things in one language ("zh" or "en"), with the labels of the codes."""

    def __init__(self, language: str, codes: Codes) -> None:
        self.language = language
        self._locale = LOCALES[language]
        self._codes = codes

    def say(self, table: str, code: str, **filling: str) -> str:
        """Return a text. Raises KeyError: a page never shows a code for its words."""
        return page_words(f"{table}.{code}", self.language, **filling)

    def joined(self, parts: Iterable[str]) -> str:
        """Return parts of a sentence, one after the other."""
        return BETWEEN[self.language].join(parts)

    def listed(self, names: Iterable[str]) -> str:
        """Return names one after the other."""
        return say("lists", "between", self.language).join(names)

    def case_count(self, number: int | None) -> str:
        """Return a number of cases that may be withheld."""
        return self.cell(Gap.WITHHELD if number is None else number, "cases")

    def raw(self, value: Number) -> str:
        """Return a number of any figure as a manifest has it."""
        match value:
            case None:
                return self.say("numbers", "absent")
            case bool():
                return self.say("numbers", "true" if value else "false")
            case str():
                return value
            case _:
                return self.number(value, 0 if value % 1 == 0 else 2)

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number as readers write it, with as many digits of a fraction."""
        form = "#,##0" if digits == 0 else f"#,##0.{'0' * digits}"
        return str(format_decimal(value, form, self._locale)).replace("-", MINUS)

    def change(self, value: float, digits: int = 0) -> str:
        """Return a number with its sign."""
        return (
            f"+{self.number(value, digits)}"
            if value > 0
            else self.number(value, digits)
        )

    def percent(self, share: float) -> str:
        """Return a share of 1 in percent; public shares are rounded to those."""
        return str(format_percent(share, "#,##0%", self._locale))

    def amount(self, value: float, unit: str) -> str:
        """Return a number of cases or days with its word."""
        said = self.number(value, 1 if unit == "days" else 0)
        # "1 case" is no public number: those are rounded to multiples of five.
        return self.say("amounts", unit, n=said)

    def difference(self, value: float, unit: str) -> str:
        """Return how much a value has changed by: a share in points of percent."""
        if unit == "share":
            return self.number(abs(value) * 100)
        return self.number(abs(value), 1 if unit == "days" else 0)

    def money(self, amount: str, currency: str) -> str:
        """Return an amount with the sign of its currency."""
        return amount_in_words(parse(amount, currency))

    def day(self, at: date) -> str:
        """Return a day in full."""
        return str(format_date(at, "long", locale=self._locale))

    def short_day(self, at: date) -> str:
        """Return a day without its year, as short as its language has it."""
        return str(format_skeleton("MMMd", at, locale=self._locale))

    def dated_day(self, at: date) -> str:
        """Return a day with its year, as short as its language has it."""
        return str(format_skeleton("yMMMd", at, locale=self._locale))

    def cell(self, value: str | float | Gap, unit: str) -> str:
        """Return what stands in a table for a number of a unit, or for none."""
        match value:
            case Gap():
                return self.say("gaps", value)
            case str():
                return value
            case _ if unit == "change":
                return self.change(value)
            case _ if unit == "share":
                return self.percent(value)
            case _:
                return self.number(value, 1 if unit == "days" else 0)

    def month(self, key: str, *, short: bool = False) -> str:
        """Return the name of a month that is given as "2026-03"."""
        year, month = map(int, key.split("-"))
        form = "MMM" if short else "yMMM"
        return str(format_skeleton(form, date(year, month, 1), locale=self._locale))

    def period(self, name: str) -> str:
        """Return the name of a period: "2026", "2026-Q3" or "2026-03"."""
        year, _, rest = name.partition("-")
        if name == "unknown":
            return self.say("amounts", "unknown")
        if not rest:
            return self.say("periods", "year", year=year)
        if rest.startswith("Q"):
            return self.say("periods", rest, year=year)
        return self.month(name)

    def label(self, table: str, code: str) -> str:
        """Return the label of a code of a table, such as `categories` or `channels`."""
        if code == "unknown":
            return self.say("amounts", "unknown")
        found = getattr(self._codes, table).get(code)
        return code if found is None else str(getattr(found, self.language))

    def codes_of(self, cut: str) -> list[str]:
        """Return the codes of the platform's rules for a cut: category or channel."""
        codes = self._codes
        return [*(codes.categories if cut == "category" else codes.channels)]

    def reason(self, code: str, category: str | None = None) -> str:
        """Return the label of a reason: of a category, or in whatever one it is."""
        if code == "unknown":
            return self.say("amounts", "unknown")
        for name, one in self._codes.categories.items():
            if code in one.reasons and category in {None, name}:
                return str(getattr(one.reasons[code], self.language))
        return code

    def outcome(self, code: str) -> str:
        """Return how a case was closed."""
        if code == "unknown":
            return self.say("amounts", "unknown")
        return say("outcomes", code, self.language)

    def either(self, told: Bilingual) -> str:
        """Return words that are kept in both languages."""
        return str(getattr(told, self.language))

    def metric(self, name: str) -> str:
        """Return what a figure counts; its id if it is not defined any more."""
        found = next((one for one in metrics() if one.id == name), None)
        return name if found is None else str(getattr(found, self.language))

    def source(self, *names: str) -> str:
        """Say which definitions the numbers of a chart have, with their versions."""
        versions = {one.id: one.version for one in metrics()}
        told = "、" if self.language == "zh" else ", "
        listed = told.join(f"{name}-{versions.get(name, 1)}" for name in names)
        return self.say("chart_parts", "source", names=listed)
