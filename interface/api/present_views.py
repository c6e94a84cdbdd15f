"""Whether the view that a route reads can be used: one look for many requests.

Without its position, a view's table is still there and never goes on: its rows would be
shown as if they were what the record says now.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping

from litestar.concurrency import sync_to_thread

from application.record.database import Database
from application.record.row_scope import Beyond, beyond
from projections.registry import VIEWS
from projections.tables.view_presence import ViewUnusable, unusable_views

LOOK_SECONDS = 2.0
"""How long what was seen is believed."""


class PresentViews:
    """Knows which views cannot be used, as of the last two seconds."""

    def __init__(self) -> None:
        self._unusable: Mapping[str, ViewUnusable] = {}
        self._looked = -math.inf

    async def check(self, database: Database, view: str) -> None:
        """Raise ViewUnusable if a view is not there, or of another form."""
        now = time.monotonic()
        if now - self._looked > LOOK_SECONDS:
            # Before the look: others go by what was seen last, and look not as well.
            self._looked = now
            self._unusable = await sync_to_thread(_unusable, database)
        if view in self._unusable:
            raise type(self._unusable[view])(view)


def _unusable(database: Database) -> Mapping[str, ViewUnusable]:
    with beyond(Beyond.POSITIONS), database.get_connection() as connection:
        return unusable_views(connection, VIEWS)
