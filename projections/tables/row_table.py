"""How the rows of a view reach their table: taken out by key, put in by columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any, get_origin
from uuid import UUID

from msgspec import Struct
from msgspec.structs import astuple, fields
from psycopg import Cursor
from psycopg.errors import UndefinedColumn
from psycopg.sql import SQL, Composed, Identifier

_TYPES = """
SELECT a.attname, a.atttypid, t.typarray::regtype::text, a.atttypid::regtype::text
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
"""


class RowTable:
    """A table whose columns are the fields of a Struct, and maybe more.

    The name is looked up by the connection's search path: it may be that of the live
    view, or of one that is being rebuilt.
    """

    def __init__(self, name: str, row: type[Struct], key: Sequence[str]) -> None:
        self._name = name
        self._row = row
        self._key = tuple(key)
        self._types: dict[str, tuple[int, str, str]] = {}

    @cached_property
    def key_of(self) -> Callable[[Any], Any]:
        """Return what reads a row's key: a value, or a tuple for several columns."""
        return attrgetter(*self._key)

    @cached_property
    def select(self) -> Composed:
        """Return the query for the rows of cases, in the order of their keys."""
        return SQL("SELECT {} FROM {} WHERE case_id = ANY(%s) ORDER BY {}").format(
            self.columns, Identifier(self._name), _names(self._key)
        )

    @cached_property
    def columns(self) -> Composed:
        """Return the names of the columns that the rows fill."""
        return _names(self._row.__struct_fields__)

    def delete_cases(self, cursor: Cursor[Any], cases: Iterable[UUID]) -> None:
        """Delete all rows of cases."""
        query = SQL("DELETE FROM {} WHERE case_id = ANY(%s)")
        cursor.execute(query.format(Identifier(self._name)), (list(cases),))

    def delete(self, cursor: Cursor[Any], rows: Sequence[Struct]) -> None:
        """Delete rows by their keys."""
        if not rows:
            return
        types = self._types_of(cursor)
        arrays = SQL(", ").join(
            SQL("%s::{}").format(SQL(types[name][1])) for name in self._key
        )
        query = SQL("DELETE FROM {0} USING unnest({1}) AS gone ({2}) WHERE {3}").format(
            Identifier(self._name),
            arrays,
            _names(self._key),
            SQL(" AND ").join(
                SQL("{} = {}").format(Identifier(self._name, n), Identifier("gone", n))
                for n in self._key
            ),
        )
        cursor.execute(
            query, [[getattr(row, name) for row in rows] for name in self._key]
        )

    def insert(self, cursor: Cursor[Any], rows: Sequence[Struct]) -> None:
        """Put in rows that are not there; one that is there is an error."""
        if not rows:
            return
        columns = list(map(list, zip(*map(astuple, rows), strict=True)))
        for place in self._lists:
            columns[place] = [_array(value) for value in columns[place]]
        cursor.execute(self._insert(self._types_of(cursor)), columns, prepare=True)

    def copy(self, cursor: Cursor[Any], rows: Iterable[Struct]) -> None:
        """Put in many rows at once, where row security is not on yet."""
        types = self._types_of(cursor)
        statement = SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
            Identifier(self._name), self.columns
        )
        with cursor.copy(statement) as copy:
            copy.set_types([types[name][0] for name in self._row.__struct_fields__])
            for row in rows:
                copy.write_row(self._values(row))

    def _insert(self, types: dict[str, tuple[int, str, str]]) -> Composed:
        """Return the statement that takes one array for each column."""
        # unnest would take an array of arrays apart as well: lists come as their texts.
        names = self._row.__struct_fields__
        lists = {names[place] for place in self._lists}
        arrays = ("text[]" if name in lists else types[name][1] for name in names)
        read = (
            SQL("{}::{}").format(Identifier(name), SQL(types[name][2]))
            if name in lists
            else Identifier(name)
            for name in names
        )
        return SQL(
            "INSERT INTO {0} ({1}) SELECT {2} FROM unnest({3}) AS new ({1})"
        ).format(
            Identifier(self._name),
            self.columns,
            SQL(", ").join(read),
            SQL(", ").join(SQL("%b::{}").format(SQL(array)) for array in arrays),
        )

    def _values(self, row: Struct) -> Sequence[Any]:
        if not self._lists:
            return astuple(row)
        values = list(astuple(row))
        for place in self._lists:
            values[place] = list(values[place])
        return values

    @cached_property
    def _lists(self) -> tuple[int, ...]:
        """Return the places of lists, which PostgreSQL takes for arrays."""
        return tuple(
            place
            for place, field in enumerate(fields(self._row))
            if get_origin(field.type) is tuple
        )

    # Not by name: "integer" and "bigint" are one type here, and two in binary.
    def _types_of(self, cursor: Cursor[Any]) -> dict[str, tuple[int, str, str]]:
        # Asked once: the types are those of the view's DDL, which is this program's.
        if not self._types:
            found = cursor.execute(_TYPES, (self._name,)).fetchall()
            types = {name: (oid, array, own) for name, oid, array, own in found}
            # By hand: no event is to blame, as it would be for a KeyError.
            if missing := set(self._row.__struct_fields__) - types.keys():
                raise UndefinedColumn(f"{self._name} has no {', '.join(missing)}")
            self._types = types
        return self._types


def _array(values: Sequence[str] | Sequence[int]) -> str:
    """Return an array of texts or numbers as PostgreSQL writes it."""
    if not values:
        return "{}"
    if isinstance(values[0], int):
        return "{" + str(list(values))[1:-1] + "}"
    quoted = (one.replace("\\", "\\\\").replace('"', '\\"') for one in map(str, values))
    return "{" + ",".join(f'"{one}"' for one in quoted) + "}"


def _names(names: Iterable[str]) -> Composed:
    return SQL(", ").join(map(Identifier, names))
