"""The queue of jobs that is kept in the same database as the record.

A job is deferred in the transaction of whatever it follows from: it is there if that
was committed, and never without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from procrastinate import SyncPsycopgConnector
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from psycopg import Connection

from application.record.schema.migrations import JOBS, STORE

SEARCH_PATH = f"{STORE.name}, {JOBS.name}"
"""The library's statements and triggers name its tables without their schema."""

STALLED_SECONDS = 8.0
"""After how long without a heartbeat the jobs of a worker are given to others."""

# Never opened: its statements run on the connections that they are given.
_manager = JobManager(SyncPsycopgConnector())

_TAKE_BACK = """
UPDATE procrastinate_jobs SET status = 'todo', scheduled_at = NULL, worker_id = NULL
WHERE status = 'doing' AND NOT EXISTS (
    SELECT FROM procrastinate_workers w WHERE w.id = worker_id
    AND w.last_heartbeat >= now() - make_interval(secs => %s))
"""


class QueuedJob(Struct, frozen=True, kw_only=True):
    """A job to be done: by which task, in which queue, with what.

    Of jobs with the same `lock`, one is done at a time, in the order in which they were
    deferred: one that is tried again later holds up those behind it.
    """

    task: str
    queue: str
    lock: str
    arguments: dict[str, Any]
    at: datetime | None = None


def defer(connection: Connection[Any], jobs: Sequence[QueuedJob]) -> None:
    """Defer jobs in the caller's transaction.

    The connection has to have `SEARCH_PATH`, or be within `with_jobs`.
    """
    if jobs:
        _manager.batch_defer_jobs(
            jobs=[_job(one) for one in jobs], connection=connection
        )


def with_jobs(connection: Connection[Any]) -> None:
    """Let a connection see the queue's tables until its transaction ends."""
    connection.execute(f"SET LOCAL search_path TO {SEARCH_PATH}".encode())


def take_back(connection: Connection[Any]) -> int:
    """Give the jobs of workers that have died to others; return how many."""
    # One statement, not the library's two: between them the job may be done.
    return connection.execute(_TAKE_BACK.encode(), (STALLED_SECONDS,)).rowcount


def _job(one: QueuedJob) -> Job:
    return Job(
        id=None,
        queue=one.queue,
        lock=one.lock,
        queueing_lock=None,
        task_name=one.task,
        task_kwargs=one.arguments,
        scheduled_at=one.at,
    )
