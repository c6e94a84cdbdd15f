"""Makes the value of a field from the cells of a row, by the field's rule."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from application.imports.amounts import BadAmount, plain_number, read_amount
from application.imports.cells import BadRow, Cells, UnknownCode, as_text, items_of
from application.imports.event_fields import NoSuchField, type_of
from application.imports.mapping import (
    CurrencyColumn,
    FieldRule,
    FileMapping,
)
from application.imports.time_formats import BadTime, Moment, read_time
from application.record.envelope import Precision
from application.record.storable_values import MOST_NAME_BYTES
from domain import money
from domain.names import BadName, quoted, visible_text

NAMES = frozenset(
    {
        "addressee",
        "approved_by",
        "buyer",
        "by",
        "decided_by",
        "line",
        "mediator",
        "model",
        "order",
        "platform",
        "recipient",
        "seller",
        "subject",
        "taken_from",
    }
)
"""Fields that name a person, a platform or an order line, and are compared with names
from elsewhere."""


FIRST_YEAR = 1900
"""No dispute of a shop is older."""


class FieldValues:
    """Reads fields by the rules of a mapping; every kind of value has one reader."""

    def __init__(self, mapping: FileMapping) -> None:
        self._mapping = mapping
        self._zone = ZoneInfo(mapping.zone)

    def fields(
        self, rules: Mapping[str, FieldRule], cells: Cells, kind: Any = None
    ) -> dict[str, Any]:
        """Return the fields that the cells state. Raises BadRow."""
        found: dict[str, Any] = {}
        for name, rule in rules.items():
            value = self._value(name, rule, cells, kind)
            if value is None:
                continue
            if name in NAMES and isinstance(value, str):
                value = in_one_form(name, value)
            _put(found, name, value)
        return found

    def moment(
        self, name: str, text: str, forms: tuple[str, ...], zone: ZoneInfo | None = None
    ) -> Moment:
        """Read a time. Raises BadRow."""
        try:
            moment = read_time(text, forms, zone or self._zone)
        except BadTime as error:
            raise BadRow(f"{name}: {quoted(text)} {error}") from None
        # It stands for "unknown" in many systems, and its local year may be none.
        if moment.at.year < FIRST_YEAR:
            raise BadRow(f"{name}: {quoted(text)} lies before {FIRST_YEAR}")
        return moment

    def _value(self, name: str, rule: FieldRule, cells: Cells, kind: Any) -> Any:
        if rule.each is not None:
            inside = list(cells.each(rule.each))
            made = [self.fields(rule.fields, one, None) for one in inside]
            return made or None
        if rule.column is None:
            return rule.value
        if rule.split is not None:
            found = items_of(cells.value(rule.column), rule.split, name)
            read = [self._read(name, rule, as_text(one), cells, kind) for one in found]
            return [one for one in read if one is not None]
        return self._read(name, rule, cells.text(rule.column), cells, kind)

    def _read(
        self, name: str, rule: FieldRule, cell: str, cells: Cells, kind: Any
    ) -> Any:
        if not cell or cell in rule.absent:
            return rule.default
        if rule.codes is not None:
            return self._code(name, rule, cell)
        if rule.money is not None:
            return self._money(name, rule, cell, cells)
        if rule.format is not None:
            forms = (rule.format,) if isinstance(rule.format, str) else rule.format
            moment = self.moment(name, cell, forms)
            if moment.precision is Precision.UNCLEAR:
                raise BadRow(f"{name}: {cell!r} is an hour that came twice or never")
            return moment.at
        if kind is not None and _is_whole(kind, name):
            return self._whole(name, cell)
        return cell

    def _whole(self, name: str, cell: str) -> int:
        plain = plain_number(cell, self._mapping.decimal, self._mapping.grouping)
        whole, _, fraction = (plain or "").partition(".")
        digits = whole.removeprefix("-")
        # A count may be written as 3.0 by a spreadsheet; bounded before it is made.
        if not digits.isascii() or not digits.isdigit() or fraction.strip("0"):
            raise BadRow(f"{name}: {quoted(cell)} is no whole number")
        if len(digits) > len(str(2**63)):
            raise BadRow(f"{name}: {quoted(cell)} is too large")
        return int(whole)

    def _code(self, name: str, rule: FieldRule, cell: str) -> Any:
        table: Mapping[str, Any] = self._mapping.codes[rule.codes or ""]
        if cell not in table:
            if rule.default is not None:
                return rule.default
            raise UnknownCode(name, str(rule.codes), cell)
        found = table[cell]
        return found.get(rule.take) if isinstance(found, dict) else found

    def _money(
        self, name: str, rule: FieldRule, cell: str, cells: Cells
    ) -> dict[str, Any]:
        currency = self._currency(name, rule, cells)
        if not money.is_currency(currency):
            known = "is no currency code such as CNY"
            raise BadRow(f"{name}: {quoted(currency)} {known}")
        decimal, grouping = self._mapping.decimal, self._mapping.grouping
        try:
            amount = read_amount(cell, currency, decimal, grouping)
        except BadAmount as error:
            raise BadRow(f"{name}: {quoted(cell)} {error}") from None
        return {"amount": amount.amount, "currency": amount.currency}

    def _currency(self, name: str, rule: FieldRule, cells: Cells) -> str:
        given = rule.money
        if not isinstance(given, CurrencyColumn):
            return given or ""
        cell = cells.text(given.column)
        table = self._mapping.codes[given.codes] if given.codes else {cell: cell}
        found = table.get(cell, given.default) if cell else given.default
        if not found:
            said = f"{quoted(cell)} is no known currency" if cell else "has no currency"
            raise BadRow(f"{name}: {said}")
        return str(found)


def in_one_form(name: str, value: str) -> str:
    """Return a name as it would be written elsewhere. Raises BadRow."""
    try:
        return visible_text(str(value), MOST_NAME_BYTES)
    except BadName as error:
        raise BadRow(f"{name}: {quoted(value)} {error}") from None


@cache
def _is_whole(kind: Any, name: str) -> bool:
    try:
        return type_of(kind, name) is int
    except NoSuchField:
        return False


def _put(fields: dict[str, Any], name: str, value: Any) -> None:
    """Set a field; with a dotted name, a field of a part."""
    first, dot, rest = name.partition(".")
    if dot:
        _put(fields.setdefault(first, {}), rest, value)
    else:
        fields[first] = value


def struct_of(kind: type[msgspec.Struct], fields: dict[str, Any]) -> Any:
    """Make a Struct of fields by the types' own parser.

    Texts of numbers, truths and ids are read as such. Raises msgspec.ValidationError.
    """
    return msgspec.convert(fields, kind, strict=False)
