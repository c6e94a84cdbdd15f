"""The rows of the cases that had events last, for views that fold rows over rows."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from psycopg import Connection

from projections.read_model import Rows, View

CASES = 20_000
"""Cases whose rows are kept, for each view: most have none, or one of a kilobyte."""


class RowCache:
    """Keeps a view's rows, also those that are being written just now."""

    def __init__(self, view: View[Any]) -> None:
        self._view = view
        # In the order of their last use, which a dict keeps.
        self._rows: dict[UUID, tuple[Any, ...]] = {}

    def load(self, connection: Connection[Any], cases: Collection[UUID]) -> Rows[Any]:
        """Return the rows of cases, reading those that are not kept."""
        if not self._view.needs_rows:
            return {}
        known = {case: self._rows[case] for case in cases if case in self._rows}
        if len(known) == len(cases):
            return known
        missed = [case for case in cases if case not in known]
        return known | dict(self._view.load(connection, missed))

    def put(self, rows: Rows[Any]) -> None:
        """Keep the rows of cases after a batch; the least used ones are forgotten."""
        if not self._view.needs_rows:
            return
        for case, made in rows.items():
            self._rows.pop(case, None)
            self._rows[case] = made
        # Never those of the last two batches, one of which may not be written yet.
        while len(self._rows) > CASES:
            self._rows.pop(next(iter(self._rows)))

    def clear(self) -> None:
        """Forget all: what was folded may not have been written."""
        self._rows.clear()
