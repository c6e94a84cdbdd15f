"""What a read model is: rows folded from events, and how they reach their table.

A fold is pure: it invents no time and no id, so that a view rebuilt from the ledger
equals the one that grew, byte for byte.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import Connection, Cursor
from psycopg.sql import SQL, Composed, Identifier

from application.record.envelope import Recorded
from projections.typed_rows import struct_row


class CaseRow(Struct, frozen=True, kw_only=True):
    """A row of a view; it belongs to a case."""

    case_id: UUID


R = TypeVar("R", bound=CaseRow)
Rows = Mapping[UUID, tuple[R, ...]]


class OnPoison(StrEnum):
    """What happens when a view cannot take an event.

    HALT stops the whole view: late beats wrong, where figures and proofs would lack a
    case. PARK sets the case aside and goes on with the others, which people work with.
    """

    HALT = "halt"
    PARK = "park"


class Placed(Struct, frozen=True):
    """An event at its position in the ledger."""

    position: int
    recorded: Recorded


class Sums(Protocol):
    """What is added up over the rows of a view, in tables of its own.

    `seen` is the condition of row security on each of the tables.
    """

    tables: tuple[str, ...]
    seen: str

    @property
    def ddl(self) -> str:
        """Return the tables' DDL."""

    def take_out(self, cursor: Cursor[Any], cases: list[UUID]) -> None:
        """Note what cases add, before their rows change."""

    def put_in(self, cursor: Cursor[Any], cases: list[UUID]) -> None:
        """Add what cases add now, less what was noted."""

    def fill(self, cursor: Cursor[Any]) -> None:
        """Add up all rows at once, into empty tables."""


class View(Generic[R]):
    """A read model: a table whose rows belong to cases.

    `fold` returns the rows of a case after an event, given its rows before it. `whole`
    returns the same rows as folding all events of a case in turn, for less, where a
    view can do so. `grows`: rows are only ever added, so that none need be read first.
    `seen` is the condition of row security under which a request sees a row; without
    one, requests do not read the view. It is no part of the view's form.
    `edition` is raised when `fold` changes its meaning, so that the view has to be
    rebuilt. `forms`: columns whose texts can differ and mean the same, each with what
    reads it.
    """

    def __init__(
        self,
        name: str,
        *,
        row: type[R],
        key: Sequence[str],
        ddl: str,
        fold: Callable[[tuple[R, ...], Placed], tuple[R, ...]],
        on_poison: OnPoison,
        whole: Callable[[Sequence[Placed]], tuple[R, ...]] | None = None,
        forms: Mapping[str, Callable[[Any], Any]] | None = None,
        grows: bool = False,
        edition: int = 1,
        seen: str | None = None,
        sums: Sums | None = None,
    ) -> None:
        self.sums = sums
        self.name = name
        self.row = row
        self.key = tuple(key)
        self.ddl = ddl + (sums.ddl if sums else "")
        self.tables = (name, *(sums.tables if sums else ()))
        self.on_poison = on_poison
        self.forms = forms or {}
        self.grows = grows
        self.seen = seen
        self._fold, self._whole = fold, whole
        self._edition = edition

    @cached_property
    def revision(self) -> str:
        """Return a hash that changes with the form of the view.

        Even a comment in the DDL changes it, and makes every installation rebuild.
        """
        form = [self._edition, self.ddl, self.row.__struct_fields__]
        return sha256(msgspec.json.encode(form)).hexdigest()[:16]

    def load(self, connection: Connection[Any], cases: Iterable[UUID]) -> Rows[R]:
        """Read the rows of cases."""
        if self.grows:
            return {}
        with connection.cursor(row_factory=struct_row(self.row)) as cursor:
            rows = cursor.execute(self._select, (list(cases),)).fetchall()
        return _by_case(rows)

    def folded(self, before: Rows[R], events: Iterable[Placed]) -> Rows[R]:
        """Fold events over the rows of their cases; return the rows after them."""
        after: dict[UUID, tuple[R, ...]] = {}
        for placed in events:
            case = placed.recorded.case
            rows = after.get(case, before.get(case, ()))
            after[case] = self._fold(rows, placed)
        return after

    def rows_of(self, events: Sequence[Placed]) -> tuple[R, ...]:
        """Return the rows of one case after all of its events."""
        if self._whole is not None:
            return self._whole(events) if events else ()
        if self.grows:
            return tuple(row for placed in events for row in self._fold((), placed))
        rows: tuple[R, ...] = ()
        for placed in events:
            rows = self._fold(rows, placed)
        return rows

    def store(self, cursor: Cursor[Any], before: Rows[R], after: Rows[R]) -> None:
        """Write what changed, in at most two statements, whatever the batch."""
        old = {self._key_of(row): row for rows in before.values() for row in rows}
        new = {self._key_of(row): row for rows in after.values() for row in rows}
        # A case that was read and had no event keeps its rows, though not in `after`.
        gone = [
            row for key, row in old.items() if key not in new and row.case_id in after
        ]
        # Most events leave most rows as they were: a row is written only if it differs.
        changed = [row for key, row in new.items() if old.get(key) != row]
        cases = list({row.case_id for row in (*gone, *changed)})
        if self.sums and cases:
            self.sums.take_out(cursor, cases)
        if gone:
            cursor.execute(self._delete, (_json(gone),))
        if changed:
            cursor.execute(self._upsert, (_json(changed),))
        if self.sums and cases:
            self.sums.put_in(cursor, cases)

    def _key_of(self, row: R) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in self.key)

    @cached_property
    def _select(self) -> Composed:
        return SQL("SELECT {} FROM {} WHERE case_id = ANY(%s) ORDER BY {}").format(
            self._columns, Identifier(self.name), _names(self.key)
        )

    @cached_property
    def _delete(self) -> Composed:
        table = Identifier(self.name)
        return SQL(
            "DELETE FROM {0} USING json_populate_recordset(NULL::{0}, %s) AS gone"
            " WHERE ({1}) = ({2})"
        ).format(table, _names(self.key, self.name), _names(self.key, "gone"))

    @cached_property
    def _upsert(self) -> Composed:
        insert = SQL(
            "INSERT INTO {0} ({1}) SELECT {1} FROM"
            " json_populate_recordset(NULL::{0}, %s)"
        ).format(Identifier(self.name), self._columns)
        changing = [n for n in self.row.__struct_fields__ if n not in self.key]
        # Where rows only grow, a row that is there already is a mistake, and fails.
        if self.grows or not changing:
            return insert
        sets = SQL(", ").join(
            SQL("{0} = excluded.{0}").format(Identifier(name)) for name in changing
        )
        return SQL("{} ON CONFLICT ({}) DO UPDATE SET {}").format(
            insert, _names(self.key), sets
        )

    @property
    def _columns(self) -> Composed:
        return _names(self.row.__struct_fields__)


def over_one_row(
    fold: Callable[[R | None, Placed], R],
) -> Callable[[tuple[R, ...], Placed], tuple[R, ...]]:
    """Turn a fold over the one row of a case into a fold over its rows."""

    def over_rows(rows: tuple[R, ...], placed: Placed) -> tuple[R, ...]:
        return (fold(rows[0] if rows else None, placed),)

    return over_rows


def _names(names: Iterable[str], table: str | None = None) -> Composed:
    qualified = ((table, name) if table else (name,) for name in names)
    return SQL(", ").join(Identifier(*parts) for parts in qualified)


def _by_case(rows: Iterable[R]) -> Rows[R]:
    cases: dict[UUID, tuple[R, ...]] = defaultdict(tuple)
    for row in rows:
        cases[row.case_id] += (row,)
    return cases


def _json(rows: Sequence[Struct]) -> str:
    return msgspec.json.encode(rows).decode()
