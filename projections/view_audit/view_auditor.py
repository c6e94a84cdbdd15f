"""The background audit of views: round after round, at its leisure.

While nothing is appended it goes slowly, and looks at what each view keeps of its rows:
if that changes while the view stands, somebody has changed rows, and a round begins.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from psycopg.rows import tuple_row

from application.jobs.audit_pace import AuditPace
from application.jobs.leader import LeaderJob
from application.jobs.locks import AUDITING_VIEWS
from application.jobs.status import VIEW_AUDITOR, report
from projections.read_model import View
from projections.tables.view_presence import missing_views
from projections.view_audit.case_slice import EVENTS
from projections.view_audit.skip_approvals import unapproved
from projections.view_audit.view_rounds import store_finding, store_round
from projections.view_audit.view_walk import ViewWalk

QUIET_SHARE = 0.002
"""The share of one core while nothing is appended: a round of a million events takes
about 16 hours so, and 40 minutes while events come."""

QUIET_EVENTS = 200
"""Events of a slice while nothing is appended: some hundredths of a second."""

LOOK_SECONDS = 60.0
"""How long it rests at most before it looks whether rows were changed."""

BETWEEN_SECONDS = 60.0
"""The pause between two rounds."""

_KEPT = "SELECT name, revision, position, rows, checksum FROM followers"


class ViewAuditor(LeaderJob):
    """Holds every view against the record, a slice of cases at a time.

    A difference is stored when it is found, and until a whole round has found none.
    """

    name = VIEW_AUDITOR
    lock = AUDITING_VIEWS
    channels = ()
    reports_failures = True

    def __init__(self, url: str, views: Sequence[View[Any]]) -> None:
        super().__init__(url)
        self._views = views
        self._walk: ViewWalk | None = None
        self._events = 0
        self._pace = AuditPace(QUIET_SHARE, LOOK_SECONDS)
        self._kept: Mapping[tuple[Any, ...], tuple[Any, ...]] = {}

    def take_up(self) -> None:
        """Begin a round."""
        self._walk, self._kept = None, {}

    def work(self) -> int:
        """Hold one slice against the record; return 1 while the round goes on."""
        began = time.monotonic()
        self._pace.look(self.connection)
        self._look()
        if self._pace.is_resting:
            self._report()
            return 1
        if self._walk is None:
            missing = missing_views(self.connection, self._views)
            there = [view for view in self._views if view.name not in missing]
            self._walk = ViewWalk(self.connection, there)
        self._walk.size = QUIET_EVENTS if self._pace.is_quiet else EVENTS
        more = self._step(self._walk)
        if not more:
            self._walk = None
            self._pace.calm()
        self._pace.spend(time.monotonic() - began, 0.0 if more else BETWEEN_SECONDS)
        return int(more)

    def rest(self, done: int) -> float:
        """Leave the core to others, and wait before the next round."""
        del done
        return self._pace.rest()

    def _look(self) -> None:
        """Begin a round at once if rows have changed of a view that stands."""
        with self.connection.cursor(row_factory=tuple_row) as cursor:
            rows = cursor.execute(_KEPT).fetchall()
        # Of a view of one form, at one position, there is one right sum.
        kept = {row[:3]: row[3:] for row in rows}
        if any(self._kept.get(place, held) != held for place, held in kept.items()):
            self._walk = None
            self._pace.alarm()
        self._kept = kept

    def _step(self, walk: ViewWalk) -> bool:
        known = dict(walk.found)
        more, at = walk.step(), datetime.now(UTC)
        if not more:
            walk.found |= {one.view: one for one in unapproved(self.connection)}
        for view, found in walk.found.items():
            if view not in known:
                store_finding(self.connection, view, str(found), at)
        if not more:
            self._end(walk, at)
        self._events = walk.events
        self._report()
        return more

    def _report(self) -> None:
        report(self.connection, VIEW_AUDITOR, self._events, None)

    def _end(self, walk: ViewWalk, at: datetime) -> None:
        # Also of views that have no table, such as sellers' standings.
        for view in {*walk.upto, *walk.found}:
            store_round(
                self.connection,
                view,
                position=walk.upto.get(view, 0),
                compared=walk.compared.get(view, 0),
                clean=view not in walk.found,
                at=at,
            )
