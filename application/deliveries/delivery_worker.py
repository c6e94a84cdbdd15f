"""Does the jobs of the queue, several at a time, of each queue no more than its bound.

Several processes may do so side by side. What a process that is killed leaves half done
is taken up by another within `STALLED_SECONDS` and a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from eventsourcing.persistence import PersistenceError
from msgspec import Struct
from procrastinate import App, BaseRetryStrategy, RetryDecision
from procrastinate.exceptions import ProcrastinateException
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job

from application.deliveries.job_connector import WakingConnector
from application.deliveries.job_queue import STALLED_SECONDS
from application.deliveries.open_queues import OpenQueues
from application.jobs.wakeup import BELLS, LoopBell
from application.record.outage_log import OUTAGE_LOG
from application.record.sqlstates import Cause

NAME = "delivery"
CONCURRENCY = 32
"""Jobs that one process does at the same time, of all queues."""

HEARTBEAT_SECONDS = STALLED_SECONDS / 4
LOOK_SECONDS = 1.0
"""How often it looks which queues there are, and for jobs nobody was told of."""

GRACE_SECONDS = 10.0
"""How long a process that ends waits for what it is sending."""

LOST_SECONDS = 1.0
FAULT_PAUSE = timedelta(seconds=30)
"""After how long a job is done again that ended by an error nobody foresaw."""

_log = logging.getLogger(__name__)


class DoAgain(Exception):
    """The job is not done yet, and is done again at a time."""

    def __init__(self, at: datetime) -> None:
        super().__init__(f"again at {at}")
        self.at = at


class EndedByItself(Exception):
    """The library's worker has stopped, such as when it lost its heartbeat."""


KNOWN = (
    psycopg.Error,
    PersistenceError,
    ProcrastinateException,
    EndedByItself,
    OSError,
)
"""What is tried again after a second."""


class JobKind(Struct, frozen=True):
    """A kind of job: the name of its task, and what does it.

    It may raise DoAgain; a job is done with when it returns. It may be done again after
    it has returned, by a process that could not say so any more.
    """

    task: str
    run: Callable[..., Awaitable[None]]


Bounds = Callable[[], dict[str, int]]
"""Returns the queues that are worked on, and how many jobs of each at a time."""


class _Again(BaseRetryStrategy):
    """No job is ever lost: what did not end well is done again."""

    def get_retry_decision(
        self, *, exception: BaseException, job: Job
    ) -> RetryDecision | None:
        """Return when a job is done again."""
        del job
        if isinstance(exception, DoAgain):
            return RetryDecision(retry_at=exception.at)
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_at=datetime.now(UTC))
        _log.error("%s: a job ended by %s", NAME, type(exception).__name__)
        return RetryDecision(retry_at=datetime.now(UTC) + FAULT_PAUSE)


class DeliveryWorker:
    """Runs the queue's worker in this thread until it is told to stop."""

    name = NAME

    def __init__(self, url: str, kinds: Iterable[JobKind], bounds: Bounds) -> None:
        self._url, self._kinds, self._bounds = url, tuple(kinds), bounds
        self._outage: Cause | None = None

    def run(self, stop: threading.Event) -> None:
        """Work until stopped; a lost database is tried again."""
        # It would log every job, and every one that is tried again with its traceback.
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
        while not stop.is_set():
            try:
                asyncio.run(self._work(stop))
            except* KNOWN as group:
                self._tell(group.exceptions[0])
            stop.wait(LOST_SECONDS)

    async def _work(self, stop: threading.Event) -> None:
        # Resolvers and statements wait in threads; one that hangs must not hold up all.
        executor = ThreadPoolExecutor(2 * CONCURRENCY, thread_name_prefix=NAME)
        asyncio.get_running_loop().set_default_executor(executor)
        asyncio.get_running_loop().set_exception_handler(self._unseen)
        queues = OpenQueues()
        queues.bounds = await asyncio.to_thread(self._bounds)
        async with self._app(queues) as app:
            working = asyncio.create_task(
                app.run_worker_async(
                    queues=queues,
                    name=NAME,
                    concurrency=CONCURRENCY,
                    fetch_job_polling_interval=LOOK_SECONDS,
                    abort_job_polling_interval=3_600.0,
                    shutdown_graceful_timeout=GRACE_SECONDS,
                    delete_jobs="always",
                    install_signal_handlers=False,
                    update_heartbeat_interval=HEARTBEAT_SECONDS,
                    stalled_worker_timeout=60.0,
                )
            )
            try:
                await self._watch(stop, queues, working)
                if working.done():
                    await working
                    raise EndedByItself("one of its parts failed; it is started again")
            finally:
                working.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await working

    async def _watch(
        self, stop: threading.Event, queues: OpenQueues, working: asyncio.Task[None]
    ) -> None:
        """Keep the list of queues, until told to stop or the worker has ended."""
        loop = asyncio.get_running_loop()
        told = asyncio.Event()
        working.add_done_callback(lambda _: told.set())
        bell = LoopBell(loop, told)
        BELLS.add(bell)
        next_look = loop.time() + LOOK_SECONDS
        while not stop.is_set() and not working.done():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await told.wait()
            told.clear()
            if loop.time() >= next_look:
                queues.bounds = await asyncio.to_thread(self._bounds)
                next_look = loop.time() + LOOK_SECONDS
                if self._outage is not None:
                    OUTAGE_LOG.end(self._outage)
                    self._outage = None

    @contextlib.asynccontextmanager
    async def _app(self, queues: OpenQueues) -> AsyncIterator[App]:
        app = App(connector=WakingConnector(self._url, queues))
        for kind in self._kinds:
            app.task(name=kind.task, retry=_Again(), pass_context=True)(
                _counted(kind, queues)
            )
        async with app.open_async():
            yield app

    def _unseen(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Tell of an error that nobody waited for, without its traceback.

        Such is a job that could not be ended without the database; it is taken back.
        """
        del loop
        error = context.get("exception")
        self._tell(error if isinstance(error, Exception) else OSError("unknown"))

    def _tell(self, error: Exception) -> None:
        cause = error.__cause__ if error.__cause__ is not None else error
        self._outage = OUTAGE_LOG.note(NAME, cause)
        if self._outage is None:
            # The message of any other error may quote what was sent.
            said = str(cause) if isinstance(cause, KNOWN) else type(cause).__name__
            _log.warning("%s: %s", NAME, " ".join(said.split()))


def _counted(kind: JobKind, queues: OpenQueues) -> Callable[..., Awaitable[None]]:
    async def run(context: JobContext, **arguments: Any) -> None:
        try:
            await kind.run(**arguments)
        finally:
            # The connector has counted it when it was taken, before the next was.
            queues.give_back(context.job.queue)

    return run
