"""Whether views have come as far as versions of cases that somebody waits for."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Connection


class VersionInView(Struct, frozen=True):
    """A version of a case that a view may hold."""

    view: str
    case: UUID
    version: int


def held(
    connection: Connection[Any], asked: Collection[VersionInView]
) -> set[VersionInView]:
    """Return those versions that their views hold by now.

    An event that has no position yet is in no view.
    """
    # One query for all who wait: many waiters must not cost many looks.
    query = (
        "SELECT w.view, w.id, w.version"
        " FROM unnest(%s::text[], %s::uuid[], %s::bigint[]) AS w (view, id, version)"
        " JOIN ledger l ON l.originator_id = w.id AND l.originator_version = w.version"
        " JOIN followers f ON f.name = w.view AND f.position >= l.position"
    )
    columns = ([one.view for one in asked], [one.case for one in asked])
    rows = connection.execute(query, (*columns, [one.version for one in asked]))
    return {VersionInView(row["view"], row["id"], row["version"]) for row in rows}
