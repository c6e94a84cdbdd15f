"""What is added up over the rows of a view, in tables of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

from psycopg import Connection, Cursor


class Sums(Protocol):
    """What is added up over the rows of a view, in tables of its own.

    `seen` has the condition of row security on each of the tables.
    """

    tables: tuple[str, ...]
    seen: Mapping[str, str]

    @property
    def ddl(self) -> str:
        """Return the tables' DDL."""

    def take_out(self, cursor: Cursor[Any], cases: list[UUID]) -> None:
        """Note what cases add, before their rows change."""

    def put_in(self, cursor: Cursor[Any], cases: list[UUID]) -> None:
        """Add what cases add now, less what was noted."""

    def settle(self, cursor: Cursor[Any]) -> int:
        """Add up some of what was only noted; return how many cases, 0 for none."""

    def fill(self, cursor: Cursor[Any]) -> None:
        """Add up all rows at once, into empty tables, which may lack their keys."""

    def differing(self, connection: Connection[Any]) -> str | None:
        """Say what is not the sum of the rows; None: everything is."""


def settled(sums: Sums | None, connection: Connection[Any]) -> int:
    """Add up some of what a view has put off; return how many cases, 0 for none."""
    if sums is None:
        return 0
    with connection.transaction(), connection.cursor() as cursor:
        return sums.settle(cursor)
