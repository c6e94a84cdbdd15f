"""Views that this program cannot use: not there any more, or of another form.

A table or the position was removed by hand, or another version of the program has
rebuilt the view. Whatever reads it says so, and the other views go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from psycopg import Connection
from psycopg.rows import tuple_row

from application.operator_error import OperatorError
from projections.read_model import View

_THERE = """
SELECT v.name, f.revision
FROM unnest(%s::text[], %s::text[]) AS v (name, tables)
JOIN redress.followers f ON f.name = v.name
WHERE NOT EXISTS (SELECT FROM unnest(string_to_array(v.tables, ',')) AS t (name)
    WHERE to_regclass('redress.' || quote_ident(t.name)) IS NULL)
"""


class ViewUnusable(OperatorError):
    """A view cannot be used; says why, and what helps."""

    code: str
    said: str

    def __init__(self, view: str) -> None:
        self.view = view
        super().__init__(self.said.format(view=view))


class ViewMissing(ViewUnusable):
    """A view has lost a table or its position."""

    code = "view-missing"
    said = (
        "view {view} is missing: a table of it or its position is gone"
        " (redress rebuild {view})"
    )


class ViewOfOtherForm(ViewUnusable):
    """A view has another form than this program gives it."""

    code = "view-of-other-form"
    said = (
        "view {view} has another form than this program gives it: run the version"
        " that has rebuilt it, or `redress rebuild {view}` with this one"
    )


def missing_views(
    connection: Connection[Any], views: Iterable[View[Any]]
) -> tuple[str, ...]:
    """Name the views of which a table or the position is not there."""
    found = unusable_views(connection, views)
    return tuple(name for name, why in found.items() if isinstance(why, ViewMissing))


def unusable_views(
    connection: Connection[Any], views: Iterable[View[Any]]
) -> Mapping[str, ViewUnusable]:
    """Return the views that this program cannot use, each with the reason."""
    asked = list(views)
    values = ([one.name for one in asked], [",".join(one.tables) for one in asked])
    with connection.cursor(row_factory=tuple_row) as cursor:
        there: dict[str, str] = dict(cursor.execute(_THERE.encode(), values).fetchall())
    return {
        one.name: ViewOfOtherForm(one.name)
        if one.name in there
        else ViewMissing(one.name)
        for one in asked
        if there.get(one.name) != one.revision
    }
