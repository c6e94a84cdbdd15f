"""Rows of the database as Structs, their codes and lists as the types say."""

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

    psycopg's own `class_row` leaves codes as bare strings, which are equal to the
    members of an enumeration and yet not them.
    """

    def factory(cursor: Cursor[Any]) -> Callable[[Sequence[Any]], S]:
        names = [column.name for column in cursor.description or ()]

        def row(values: Sequence[Any]) -> S:
            return convert(dict(zip(names, values, strict=True)), kind)

        return row

    return factory
