"""Rows of the database as Structs, with codes and lists converted to their types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from msgspec import Struct, convert
from psycopg import Cursor

S = TypeVar("S", bound=Struct)


def struct_row(
    kind: type[S],
) -> Callable[[Cursor[Any]], Callable[[Sequence[Any]], S]]:
    """Return a row factory that checks and converts each row to a Struct.

    psycopg's own `class_row` leaves codes as bare strings. They are equal to members of
    an enumeration without being members, so that `is` and `match` pass them by.
    """

    def factory(cursor: Cursor[Any]) -> Callable[[Sequence[Any]], S]:
        names = [column.name for column in cursor.description or ()]

        def row(values: Sequence[Any]) -> S:
            return convert(dict(zip(names, values, strict=True)), kind)

        return row

    return factory
