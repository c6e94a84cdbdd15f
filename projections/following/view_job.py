"""Keeps all views up with the ledger; of several processes, one does."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from psycopg import Connection, OperationalError
from psycopg.rows import TupleRow

from application.jobs.leader import TROUBLE, LeaderJob
from application.jobs.locks import FOLLOWING
from application.jobs.status import recovered
from application.record.database import connected
from projections.following.follower import Following, Overtaken
from projections.following.ledger_batch import BATCH
from projections.following.view_behind import ViewBehind
from projections.following.view_group import ViewGroup
from projections.read_model import View
from projections.tables.view_presence import unusable_views

NEAR = 5 * BATCH
"""Events that a view may be behind the others and still be brought up between their
batches; beyond, it gets a reader of its own until it is near again."""

_log = logging.getLogger(__name__)


class ViewJob(LeaderJob):
    """Takes views through the ledger: most of them together, those behind apart."""

    name = "views"
    lock = FOLLOWING
    reports_failures = True

    def __init__(self, url: str, views: Sequence[View[Any]]) -> None:
        super().__init__(url)
        self._views = views
        self._writing: Connection[TupleRow] | None = None
        self._group: ViewGroup | None = None
        self._behind: dict[str, ViewBehind] = {}

    def take_up(self) -> None:
        """Go on where the views stand; halted ones get another chance."""
        self._let_go()
        self._writing = connected(self._url, "views, writing")
        places: dict[int, list[View[Any]]] = defaultdict(list)
        unusable = unusable_views(self.connection, self._views)
        for view in self._views:
            if view.name in unusable:
                # It goes on by itself as soon as it is there again.
                self._behind[view.name] = ViewBehind(self._url, view)
                self._behind[view.name].start()
                continue
            following = Following(view, self.connection)
            # A new leader may be a new version of the program, which can take the
            # event.
            following.retry()
            places[following.position].append(view)
        # The others come up to it; it cannot go back to them.
        foremost = max(places, default=0)
        for view in places[foremost]:
            # What held it up may have been mended otherwise, such as by a rebuild.
            recovered(self.connection, view.name)
        self._group = ViewGroup(
            places.pop(foremost), foremost, self.connection, self._writing
        )
        for views in places.values():
            for view in views:
                self._behind[view.name] = ViewBehind(self._url, view)

    def work(self) -> int:
        """Follow one batch; return how many events were passed."""
        group = self._together
        try:
            done = group.advance()
            for name, error in group.left.items():
                self._leave(name, error)
            group.left.clear()
            if not done:
                group.check_places()
            return done + sum(map(self._bring_up, list(self._behind.values())))
        except Overtaken:
            # Such as by a rebuild, which brings the live view up before it compares.
            self.take_up()
            return 1

    @property
    def together(self) -> tuple[str, ...]:
        """Name the views that go together now; the others are behind them."""
        return tuple(view.name for view in self._group.views) if self._group else ()

    def close(self) -> None:
        """Give up leadership."""
        self._let_go()
        super().close()

    @property
    def _together(self) -> ViewGroup:
        if self._group is None:
            raise OperationalError("the views are not followed")
        return self._group

    def _let_go(self) -> None:
        for behind in self._behind.values():
            behind.stop()
        self._behind.clear()
        if self._group is not None:
            group, self._group = self._group, None
            # What was being written and failed is read again by whoever goes on.
            with suppress(*TROUBLE, Overtaken):
                group.close()
        if self._writing is not None:
            self._writing.close()
            self._writing = None

    def _leave(self, name: str, error: Exception | None) -> None:
        if error is not None:
            _log.warning("%s: goes on by itself: %s", name, str(error).strip())
        view = next(view for view in self._views if view.name == name)
        behind = ViewBehind(self._url, view)
        self._behind[name] = behind
        if error is not None:
            behind.start()

    def _bring_up(self, behind: ViewBehind) -> int:
        """Bring a view nearer to the others, and back to them; return the events."""
        group = self._together
        if behind.is_apart:
            return 0
        if behind.lag(group.position) > NEAR:
            behind.start()
            return 0
        done = behind.advance(group.position)
        if behind.is_level(group.position):
            behind.stop()
            group.join(behind.view)
            del self._behind[behind.view.name]
        return done
