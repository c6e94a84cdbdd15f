"""The background audit of views: round after round, at its leisure."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from application.jobs.leader import LeaderJob
from application.jobs.locks import AUDITING_VIEWS
from application.jobs.status import VIEW_AUDITOR, report
from projections.read_model import View
from projections.view_audit.skip_approvals import unapproved
from projections.view_audit.view_rounds import store_finding, store_round
from projections.view_audit.view_walk import ViewWalk

SHARE = 0.20
"""The share of one core that the audit takes while a round lasts; the database's own
work counts, since it is waited for. A million events take five to ten minutes so."""

BETWEEN_SECONDS = 60.0
"""The pause between two rounds; longer, if the round took longer."""


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
        self._rest, self._began = 0.0, 0.0

    def take_up(self) -> None:
        """Begin a round."""
        self._walk = None

    def work(self) -> int:
        """Hold one slice against the record; return 1 while the round goes on."""
        began = time.monotonic()
        if self._walk is None:
            self._walk, self._began = ViewWalk(self.connection, self._views), began
        more = self._step(self._walk)
        now = time.monotonic()
        self._rest = (now - began) * (1 / SHARE - 1)
        if not more:
            self._walk = None
            self._rest = max(BETWEEN_SECONDS, now - self._began)
        return int(more)

    def rest(self, done: int) -> float:
        """Leave the core to others, and wait before the next round."""
        del done
        return self._rest

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
        report(self.connection, VIEW_AUDITOR, walk.events, None)
        return more

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
