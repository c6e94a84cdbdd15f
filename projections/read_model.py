"""What a read model is: rows made from events, and how they reach their table.

What makes the rows is pure: it invents no time and no id, so that a view rebuilt from
the ledger equals the one that grew, byte for byte.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import Connection, Cursor

from projections.placed_events import Histories, Placed, is_set_aside
from projections.tables.row_table import RowTable
from projections.tables.table_ddl import bare, indexes
from projections.tables.typed_rows import struct_row
from projections.tables.view_sums import Sums


class CaseRow(Struct, frozen=True, kw_only=True, gc=False):
    """A row of a view; it belongs to a case."""

    case_id: UUID


R = TypeVar("R", bound=CaseRow)
Rows = Mapping[UUID, tuple[R, ...]]

_KEPT = 1
"""How tables are kept beside their DDL (checksum, policies); part of a view's form."""


class OnPoison(StrEnum):
    """What happens when a view cannot take an event.

    HALT stops the whole view: late beats wrong, where figures and proofs would lack a
    case. PARK sets the case aside and goes on with the others, which people work with.
    """

    HALT = "halt"
    PARK = "park"


class View(Generic[R]):
    """A read model: a table whose rows belong to cases. It is made in one of two ways.

    `fold` returns the rows of a case after an event, given its rows before it.
    `whole` returns the same as folding all events of a case in turn, for less.
    `grows`: these are only added to, so that none need be read before.
    `last` returns the one row of a case, given the last event and the state after it:
    once a batch, however many events of the case it has.

    `seen` is the condition of row security under which a request sees a row; without
    one, requests do not read the view. It is no part of the view's form.
    `leaves`: a case that was set aside has no rows; the record keeps it.
    `settled` names the index that takes in a batch as a whole (`settle_index`).
    `edition` is raised when rows change their meaning, so that the view has to be
    rebuilt.
    """

    def __init__(
        self,
        name: str,
        *,
        row: type[R],
        key: Sequence[str],
        ddl: str,
        on_poison: OnPoison,
        fold: Callable[[tuple[R, ...], Placed], tuple[R, ...]] | None = None,
        last: Callable[[Placed], R] | None = None,
        whole: Callable[[Sequence[Placed]], tuple[R, ...]] | None = None,
        grows: bool = False,
        edition: int = 1,
        seen: str | None = None,
        sums: Sums | None = None,
        settled: str | None = None,
        leaves: bool = False,
    ) -> None:
        self._leaves = leaves
        self.sums = sums
        self._settled = settled
        self.name = name
        self.row = row
        self.key = tuple(key)
        self.ddl = ddl + (sums.ddl if sums else "")
        self.tables = (name, *(sums.tables if sums else ()))
        self.on_poison = on_poison
        self.grows = grows
        self.seen = seen
        self.table = RowTable(name, row, key)
        self._fold, self._last, self._whole = fold or _no_fold, last, whole
        self._edition = edition

    @cached_property
    def revision(self) -> str:
        """Return a hash that changes with the form of the view.

        Even a comment in the DDL changes it, and makes every installation rebuild.
        """
        form = [self._edition, self.ddl, self.row.__struct_fields__, _KEPT]
        return sha256(msgspec.json.encode(form)).hexdigest()[:16]

    @property
    def bare_ddl(self) -> str:
        """Return the DDL of the tables without keys and indexes."""
        return bare(self.ddl)

    @property
    def index_ddl(self) -> tuple[str, ...]:
        """Return the statements that give the tables their keys and indexes."""
        return indexes(self.ddl)

    @property
    def needs_rows(self) -> bool:
        """Tell whether the rows after an event depend on those before it."""
        return self._last is None and not self.grows

    def load(self, connection: Connection[Any], cases: Iterable[UUID]) -> Rows[R]:
        """Read the rows of cases, if those after them depend on them."""
        if not self.needs_rows:
            return {}
        with connection.cursor(row_factory=struct_row(self.row)) as cursor:
            rows = cursor.execute(self.table.select, (list(cases),)).fetchall()
        return _by_case(rows)

    def folded(self, before: Rows[R], events: Histories) -> Rows[R]:
        """Return the rows of the events' cases after them, given those before."""
        if self._last is not None:
            return {case: self._last_row(own) for case, own in events.items()}
        after: dict[UUID, tuple[R, ...]] = {}
        for case, own in events.items():
            rows = before.get(case, ())
            for placed in own:
                rows = self._fold(rows, placed)
            after[case] = () if self._is_left(own[-1]) else rows
        return after

    def rows_of(self, events: Sequence[Placed]) -> tuple[R, ...]:
        """Return the rows of one case after all of its events."""
        if events and self._is_left(events[-1]):
            return ()
        if self._last is not None:
            return self._last_row(events)
        if self._whole is not None:
            return self._whole(events) if events else ()
        if self.grows:
            return tuple(row for placed in events for row in self._fold((), placed))
        rows: tuple[R, ...] = ()
        for placed in events:
            rows = self._fold(rows, placed)
        return rows

    def _last_row(self, events: Sequence[Placed]) -> tuple[R, ...]:
        if self._last is None or not events or self._is_left(events[-1]):
            return ()
        return (self._last(events[-1]),)

    def _is_left(self, last: Placed) -> bool:
        """Tell whether the view leaves a case out after the last of its events."""
        return self._leaves and is_set_aside(last)

    def store(self, cursor: Cursor[Any], before: Rows[R], after: Rows[R]) -> None:
        """Write what changed, set by set, whatever the batch."""
        if self.grows and self.sums is None:
            self._add(cursor, [row for rows in after.values() for row in rows])
            return
        key = self.table.key_of
        old = {key(row): row for case in after for row in before.get(case, ())}
        new = {key(row): row for rows in after.values() for row in rows}
        # Most events leave most rows as they were: a row is written only if it differs.
        gone = [old[one] for one in old if old[one] != new.get(one)]
        changed = [row for one, row in new.items() if row != old.get(one)]
        # Where the rows before are not read, any of them may have changed.
        last = self._last is not None
        cases = list(after if last else {row.case_id for row in (*gone, *changed)})
        if self.sums and cases:
            self.sums.take_out(cursor, cases)
        if last:
            self.table.delete_cases(cursor, cases)
        self.table.delete(cursor, gone)
        self._add(cursor, changed)
        if self.sums and cases:
            self.sums.put_in(cursor, cases)

    def _add(self, cursor: Cursor[Any], rows: Sequence[R]) -> None:
        self.table.insert(cursor, rows)
        if self._settled and rows:
            # Found by the search path: live, or the view that is being rebuilt.
            cursor.execute("SELECT redress.settle_index(%s::regclass)", [self._settled])


def _no_fold(rows: tuple[R, ...], placed: Placed) -> tuple[R, ...]:
    raise NotImplementedError(f"no fold for {type(placed.recorded.event).__name__}")


def over_one_row(
    fold: Callable[[R | None, Placed], R],
) -> Callable[[tuple[R, ...], Placed], tuple[R, ...]]:
    """Turn a fold over the one row of a case into a fold over its rows."""

    def over_rows(rows: tuple[R, ...], placed: Placed) -> tuple[R, ...]:
        return (fold(rows[0] if rows else None, placed),)

    return over_rows


def _by_case(rows: Iterable[R]) -> Rows[R]:
    cases: dict[UUID, tuple[R, ...]] = defaultdict(tuple)
    for row in rows:
        cases[row.case_id] += (row,)
    return cases
