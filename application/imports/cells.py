"""The cells of a row by the names of their columns, and of an item that repeats."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from application.imports.mapping import ITEM, Columns, Condition, Each
from application.imports.source.source_row import Row
from domain.names import quoted


class BadRow(Exception):
    """A row does not state what the mapping needs; the message says what is wrong."""


EXACT = 2**53
"""Up to here a binary number has all whole numbers."""


class UnknownCode(BadRow):
    """A cell is in no table of codes."""

    def __init__(self, name: str, table: str, value: str) -> None:
        self.table, self.value = table, value
        super().__init__(f"{name}: {quoted(value)} is not in codes.{table}")


class Cells(Struct, frozen=True):
    """A row's cells. `item` are those that an item adds, by their names in rules."""

    places: Mapping[object, int]
    row: Row
    item: Mapping[Any, Any] = {}

    def value(self, columns: Columns) -> Any:
        """Return a cell as it is: a text, or a list or table of a source with those."""
        if columns in self.item:
            return self.item[columns]
        place = self.places.get(columns)
        # What an item's table does not have, the source does not say.
        return "" if place is None else self.row.cells[place]

    def text(self, columns: Columns) -> str:
        """Return a cell as a text, without blanks around it; empty: nothing is said."""
        return as_text(self.value(columns))

    def holds(self, condition: Condition) -> bool:
        """Tell whether all that a condition says of a cell is true."""
        cell = self.text(condition.column)
        if condition.among and cell not in condition.among:
            return False
        if (condition.empty and cell) or (condition.present and not cell):
            return False
        return cell not in condition.not_among

    def each(self, each: Each) -> Iterator[Cells]:
        """Yield the cells for each item. Raises BadRow."""
        for names in each.groups:
            found = {name: self.value(column) for name, column in names.items()}
            if any(as_text(one) for one in found.values()):
                yield self._with(found)
        if each.column is not None:
            for one in items_of(self.value(each.column), each.split, each.column):
                yield self._with(_named(one))

    def _with(self, item: Mapping[str, Any]) -> Cells:
        return Cells(self.places, self.row, {**self.item, **item})


def items_of(value: Any, split: str | None, column: object) -> Sequence[Any]:
    """Return the items of a list, or of a text that holds one. Raises BadRow."""
    if isinstance(value, list | tuple):
        return value
    text = as_text(value)
    if not text:
        return ()
    if split is not None:
        return [part.strip() for part in text.split(split) if part.strip()]
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list):
        raise BadRow(f"{column}: {quoted(text)} is no list")
    return found


def as_text(value: Any) -> str:
    """Return a cell as the text that a table would have for it. Raises BadRow."""
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, list | dict | tuple):
        raise BadRow(f"{quoted(value)} is a list or a table, and no text")
    if isinstance(value, bytes | bytearray):
        raise BadRow("holds bytes, and no text")
    return str(value)


def _number(value: float) -> str:
    """Return a number as it would be written out. Raises BadRow if it is not exact.

    Of a large one the last digits are lost, and two records would become one.
    """
    if not value.is_integer():
        return f"{value:.15g}"
    if abs(value) > EXACT:
        raise BadRow(f"{value!r} is too large to be exact: store it as a text")
    return str(int(value))


def _named(item: Any) -> dict[str, Any]:
    if isinstance(item, dict):
        return {ITEM: item} | {f"{ITEM}.{key}": one for key, one in item.items()}
    return {ITEM: item}
