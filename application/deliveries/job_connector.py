"""How the library's worker reaches the database, and when it looks for a job."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from typing import Any

import psycopg
from procrastinate import PsycopgConnector
from procrastinate.connector import Notify

from application.deliveries.job_queue import SEARCH_PATH
from application.record.session import settling

ANY_QUEUE = "procrastinate_any_queue_v1"
_WAKE = json.dumps({"type": "job_inserted", "job_id": 0})


class WakingConnector(PsycopgConnector):
    """Also wakes the worker when a job was ended: another one may go on then."""

    def __init__(self, url: str) -> None:
        async def configure(connection: psycopg.AsyncConnection[Any]) -> None:
            # Not by `kwargs`: the library itself says so of the one that listens.
            await connection.set_autocommit(True)
            await connection.execute(*settling(SEARCH_PATH))
            await connection.execute("SET ROLE redress_app")
            # Without statistics yet, hashing all waiting jobs looks cheaper than
            # asking for each of them; measured: 84 ms instead of 0.6 ms at 60,000.
            await connection.execute("SET enable_hashjoin TO off")
            await connection.execute("SET enable_mergejoin TO off")
            await connection.execute("SET statement_timeout TO '30s'")

        super().__init__(
            conninfo=url,
            min_size=1,
            max_size=4,
            configure=configure,
        )
        self._ended = asyncio.Event()

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        """Run a statement that returns nothing, such as one that ends a job."""
        await super().execute_query_async(query, **arguments)
        if "job_id" in arguments:
            self._ended.set()

    async def listen_notify(
        self, on_notification: Notify, channels: Iterable[str]
    ) -> None:
        """Listen for new jobs of any queue: those of endpoints come and go."""
        del channels
        async with asyncio.TaskGroup() as group:
            group.create_task(super().listen_notify(on_notification, [ANY_QUEUE]))
            group.create_task(self._tell_of_ended(on_notification))

    async def _tell_of_ended(self, on_notification: Notify) -> None:
        while True:
            await self._ended.wait()
            self._ended.clear()
            await on_notification(channel=ANY_QUEUE, payload=_WAKE)
