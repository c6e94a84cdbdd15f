"""Whether the view that a route reads is there at all: one look for many requests.

Without its position, a view's table is still there and never goes on: its rows would be
shown as if they were what the record says now.
"""

from __future__ import annotations

import math
import time

from litestar.concurrency import sync_to_thread

from application.record.database import Database
from application.record.row_scope import Beyond, beyond
from projections.registry import VIEWS
from projections.tables.view_presence import ViewMissing, missing_views

LOOK_SECONDS = 2.0
"""How long what was seen is believed."""


class PresentViews:
    """Knows which views are missing, as of the last two seconds."""

    def __init__(self) -> None:
        self._missing: frozenset[str] = frozenset()
        self._looked = -math.inf

    async def check(self, database: Database, view: str) -> None:
        """Raise ViewMissing if a view is not there."""
        now = time.monotonic()
        if now - self._looked > LOOK_SECONDS:
            # Before the look: others go by what was seen last, and look not as well.
            self._looked = now
            self._missing = await sync_to_thread(_missing, database)
        if view in self._missing:
            raise ViewMissing(view)


def _missing(database: Database) -> frozenset[str]:
    with beyond(Beyond.POSITIONS), database.get_connection() as connection:
        return frozenset(missing_views(connection, VIEWS))
