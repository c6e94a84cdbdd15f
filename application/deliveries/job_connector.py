"""How the library's worker reaches the database, and when it looks for a job."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import psycopg
from procrastinate import PsycopgConnector
from procrastinate.connector import LISTEN_TIMEOUT, Notify

from application.deliveries.job_queue import SEARCH_PATH
from application.deliveries.open_queues import OpenQueues
from application.record.session import settling

ANY_QUEUE = "procrastinate_any_queue_v1"
_WAKE = json.dumps({"type": "job_inserted", "job_id": 0})


class WakingConnector(PsycopgConnector):
    """Also wakes the worker when a job was ended: another one may go on then."""

    def __init__(self, url: str, queues: OpenQueues) -> None:
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
            # A server that crashes may forget that a job was taken or ended: it is
            # done again then, and finds what became of its message. What is deferred,
            # and what became of it, is committed elsewhere, and to the disk.
            await connection.execute("SET synchronous_commit TO off")

        super().__init__(
            conninfo=url,
            min_size=1,
            max_size=4,
            configure=configure,
        )
        self._queues, self._ended = queues, asyncio.Event()

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        """Run a statement that returns nothing, such as one that ends a job."""
        await super().execute_query_async(query, **arguments)
        if "job_id" in arguments:
            self._ended.set()

    async def execute_query_one_async(
        self, query: Any, **arguments: Any
    ) -> dict[str, Any]:
        """Run a statement that returns a row, such as one that takes a job."""
        row: dict[str, Any] = await super().execute_query_one_async(query, **arguments)
        if "queues" in arguments and row["id"] is not None:
            self._queues.take(row["queue_name"])
        return row

    async def listen_notify(
        self, on_notification: Notify, channels: Iterable[str]
    ) -> None:
        """Listen for new jobs of any queue: those of endpoints come and go."""
        del channels
        async with asyncio.TaskGroup() as group:
            group.create_task(super().listen_notify(on_notification, [ANY_QUEUE]))
            group.create_task(self._tell_of_ended(on_notification))

    async def _loop_notify(
        self,
        on_notification: Notify,
        connection: psycopg.AsyncConnection[Any],
        timeout: float = LISTEN_TIMEOUT,  # noqa: ASYNC109 - the library's own
    ) -> None:
        """Wait for notifications as the library does, but asleep until there is one.

        psycopg's own wait wakes ten times a second: half of what an idle server did.
        """
        while True:
            try:
                await _is_readable(connection.fileno(), timeout)
                async for one in connection.notifies(timeout=0):
                    await on_notification(channel=one.channel, payload=one.payload)
                # A connection that broke says so here.
                await connection.execute("SELECT 1")
            except psycopg.OperationalError:
                return

    async def _tell_of_ended(self, on_notification: Notify) -> None:
        while True:
            await self._ended.wait()
            self._ended.clear()
            await on_notification(channel=ANY_QUEUE, payload=_WAKE)


async def _is_readable(descriptor: int, seconds: float) -> None:
    """Wait until something can be read, for some seconds at most."""
    loop, readable = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(descriptor, readable.set)
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await readable.wait()
    finally:
        loop.remove_reader(descriptor)
