"""Processes that do parts of one work, and end with the one that has started them."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


@contextmanager
def worker_processes(jobs: int) -> Iterator[Executor | None]:
    """Yield so many processes; None for one job, which this process does itself."""
    if jobs <= 1:
        yield None
        return
    # Not forked: connections and threads of this process are not theirs.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context, initializer=_end_with_parent) as pool:
        try:
            yield pool
        except BaseException:
            # What is being done is committed or not; what waits is not begun.
            pool.shutdown(cancel_futures=True)
            raise


def each(
    pool: Executor | None, work: Callable[..., T], calls: Sequence[tuple[Any, ...]]
) -> Iterator[T]:
    """Yield what comes of each call, in whatever order they end."""
    if pool is None:
        yield from (work(*call) for call in calls)
        return
    for one in as_completed([pool.submit(work, *call) for call in calls]):
        yield one.result()


def _end_with_parent() -> None:
    """End this process when the one that has started it is killed."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=watch, daemon=True).start()
