"""Views that are not there: a table or the position was removed by hand.

Whatever reads such a view says so, and the other views go on; a rebuild brings it back.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from psycopg import Connection
from psycopg.rows import tuple_row

from application.operator_error import OperatorError
from projections.read_model import View

_THERE = """
SELECT v.name FROM unnest(%s::text[], %s::text[]) AS v (name, tables)
JOIN redress.followers f ON f.name = v.name
WHERE NOT EXISTS (SELECT FROM unnest(string_to_array(v.tables, ',')) AS t (name)
    WHERE to_regclass('redress.' || quote_ident(t.name)) IS NULL)
"""


class ViewMissing(OperatorError):
    """A view has lost a table or its position."""

    def __init__(self, view: str) -> None:
        self.view = view
        super().__init__(gone(view))


def gone(view: str) -> str:
    """Say in one line what a view has lost, and what brings it back."""
    return (
        f"view {view} is missing: a table of it or its position is gone"
        f" (redress rebuild {view})"
    )


def missing_views(
    connection: Connection[Any], views: Iterable[View[Any]]
) -> tuple[str, ...]:
    """Name the views of which a table or the position is not there."""
    asked = list(views)
    values = ([one.name for one in asked], [",".join(one.tables) for one in asked])
    with connection.cursor(row_factory=tuple_row) as cursor:
        there = {name for (name,) in cursor.execute(_THERE.encode(), values)}
    return tuple(one.name for one in asked if one.name not in there)
