"""One whole round of the audit of views at once, for the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct
from psycopg import Connection

from application.operator_error import OperatorError
from projections.registry import VIEWS
from projections.view_audit.skip_approvals import unapproved
from projections.view_audit.view_difference import ViewDifference
from projections.view_audit.view_walk import ViewWalk


class ComparedView(Struct, frozen=True, kw_only=True):
    """What was compared of a view: its rows, up to which position of the ledger.

    `difference` is the first row that is not what the record says, None if there is
    none.
    """

    view: str
    rows: int
    upto: int
    difference: ViewDifference | None

    def __str__(self) -> str:
        """Return it in one line."""
        if self.difference is not None:
            return f"redress verify: {self.difference}"
        rows = f"{self.rows:,} {'row' if self.rows == 1 else 'rows'}"
        return f"view {self.view}: {rows} as the record says up to {self.upto:,}"


class NotCompared(OperatorError):
    """A view has another form than this code gives it, and has to be rebuilt first."""


def compared_views(
    connection: Connection[Any], progress: Callable[[int, int], None]
) -> tuple[ComparedView, ...]:
    """Hold every view against the record. Raises NotCompared."""
    row = connection.execute("SELECT coalesce(max(position), 0) FROM ledger").fetchone()
    total = row[0] if row else 0
    walk = ViewWalk(connection, VIEWS)
    more = True
    while more:
        more = walk.step()
        # Of the events, some belong to no case: the last step has come to the end.
        progress(walk.events, max(total, walk.events) if more else walk.events)
    found = {one.view: one for one in unapproved(connection)} | walk.found
    names = [view.name for view in VIEWS]
    if missing := [name for name in names if name not in walk.upto]:
        said = "has another form than this code gives it: run `redress rebuild`"
        raise NotCompared(f"view {', '.join(missing)} {said}")
    return tuple(
        ComparedView(
            view=name,
            rows=walk.compared.get(name, 0),
            upto=walk.upto.get(name, 0),
            difference=found.get(name),
        )
        for name in [*names, *sorted(found.keys() - set(names))]
    )
