"""One round of the audit: all cases, slice by slice, in constant memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection

from projections.read_model import View
from projections.view_audit.case_slice import (
    EVENTS,
    CaseSlice,
    Standing,
    read_rows,
    read_slice,
    read_standings,
    snapshot,
)
from projections.view_audit.cases_aside import holds_in
from projections.view_audit.row_comparison import decoded, differences
from projections.view_audit.view_difference import ViewDifference, beyond


class ViewWalk:
    """Holds views against the record; `found` has the first difference of each view.

    `size`: about how many events a slice of cases has.

    `compared`: rows looked at, for each view; `upto`: its position when the round
    began. Views of another form than this code gives them are left out.
    """

    def __init__(
        self,
        connection: Connection[Any],
        views: Sequence[View[Any]],
        size: int = EVENTS,
    ) -> None:
        self._connection = connection
        self.size = size
        self._views = views
        self._after: UUID | None = None
        self.events = 0
        self.upto: dict[str, int] = {}
        self.compared = {view.name: 0 for view in views}
        self.found: dict[str, ViewDifference] = {}

    def step(self) -> bool:
        """Hold the next slice of cases against the record; return False at the end."""
        with snapshot(self._connection, self._views):
            one = read_slice(self._connection, self._after, self.size)
            standings = read_standings(self._connection, one)
            there = {
                view.name: read_rows(self._connection, view, one)
                for view in self._views
            }
        # Folded outside the transaction, which would keep dead rows from being removed.
        self._compare(one, standings, there)
        self._after = one.upto
        if one.upto is None:
            self._compare_sums()
        return one.upto is not None

    def _compare(
        self,
        one: CaseSlice,
        standings: Mapping[str, Standing],
        there: dict[str, list[tuple[Any, ...]]],
    ) -> None:
        cases = {case: decoded(events) for case, events in one.events.items()}
        self.events += sum(map(len, cases.values()))
        self._compare_ends(standings)
        holds = holds_in(self._connection)
        for view in self._views:
            standing = standings.get(view.name)
            # Made by a program that gave it another form, as a start says.
            if standing is None or standing.revision != view.revision:
                continue
            self.upto.setdefault(view.name, standing.position)
            self.compared[view.name] += len(there[view.name])
            # The first one is enough to act on; all others may follow from it.
            if view.name not in self.found:
                rows = there[view.name]
                for found in differences(view, standing, cases, rows, holds):
                    self.found[view.name] = found
                    break

    def _compare_sums(self) -> None:
        """Hold what is added up against the rows, once a round."""
        for view in self._views:
            # One of another form has sums of another form, too.
            if view.sums is None or view.name not in self.upto:
                continue
            if said := view.sums.differing(self._connection):
                self.found.setdefault(
                    view.name, ViewDifference(view=view.name, said=said)
                )

    def _compare_ends(self, standings: Mapping[str, Standing]) -> None:
        # Also of what follows without a table of its own, such as sellers' standings.
        for name, standing in standings.items():
            if standing.position > standing.end:
                said = beyond(standing.position, standing.end)
                self.found.setdefault(name, ViewDifference(view=name, said=said))
