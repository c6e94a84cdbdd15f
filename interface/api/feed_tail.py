"""The end of the feed, for requests that wait for what comes behind it.

One look at the database, while anybody waits, answers all of them.
"""

from __future__ import annotations

import asyncio
from contextvars import copy_context

from litestar.concurrency import sync_to_thread

from application.feed.event_feed import end_of_feed
from application.record.database import Database
from application.record.row_scope import Beyond, beyond
from interface.api.bulkheads import WORK, Work

PAUSE_SECONDS = 0.1
"""How long an event that has a position waits at most until somebody is told of it."""


class FeedTail:
    """Looks for the end of the feed while requests wait for it to move."""

    def __init__(self) -> None:
        self._waiting: dict[asyncio.Future[None], int] = {}
        self._looking: asyncio.Task[None] | None = None
        self.has_ended = False

    def end(self) -> None:
        """Let nobody wait any more: the process ends."""
        self.has_ended = True
        for moved in self._waiting:
            if not moved.done():
                moved.set_result(None)

    @property
    def waiting(self) -> int:
        """Return how many requests wait."""
        return len(self._waiting)

    async def moves_beyond(
        self, database: Database, position: int, seconds: float
    ) -> bool:
        """Wait until there are events behind a position.

        False: there are none in this time, or the process ends.
        """
        if self.has_ended:
            return False
        moved: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[moved] = position
        try:
            if self._looking is None or self._looking.done():
                context = copy_context()
                context.run(WORK.set, Work.FEED)
                self._looking = asyncio.create_task(
                    self._look(database), context=context
                )
            async with asyncio.timeout(seconds):
                await moved
        except TimeoutError:
            return False
        finally:
            del self._waiting[moved]
        return not self.has_ended

    async def _look(self, database: Database) -> None:
        """Look while anybody waits; an error is everybody's."""
        while self._waiting:
            try:
                end = await sync_to_thread(end_for_all, database)
            except Exception as error:  # noqa: BLE001 - each request raises it
                for moved in self._waiting:
                    if not moved.done():
                        moved.set_exception(error)
                return
            for moved, position in self._waiting.items():
                if position < end and not moved.done():
                    moved.set_result(None)
            await asyncio.sleep(PAUSE_SECONDS)


def end_for_all(database: Database) -> int:
    """Return the last position of the ledger, whoever asks."""
    # One look for all who wait: each then reads what is theirs.
    with beyond(Beyond.POSITIONS), database.get_connection() as connection:
        return end_of_feed(connection)
