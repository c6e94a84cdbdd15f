"""Bulkheads: each kind of work has threads, and a number of requests, of its own.

Six waiting readers once held every thread of the process, and its liveness too. A kind
of work that is slow, blocked or asked for too often now fills its own bulkhead only.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextvars import ContextVar
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from litestar.concurrency import set_asyncio_executor
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler
from msgspec import Struct

from interface.api.problems import Failure
from interface.callers.caller import Caller

R = TypeVar("R")


class Work(StrEnum):
    """The kinds of work that a request can be."""

    READ = "read"
    WRITE = "write"
    UPLOAD = "upload"
    BUNDLE = "bundle"
    WAIT = "wait"
    """A request that waits for a view; it is a reader as well."""
    HEALTH = "health"
    FEED = "feed"
    """A request that reads the feed, and may wait for what comes."""


class Bounds(Struct, frozen=True):
    """What a kind of work may take.

    `threads` work at once. Of `requests` at once, each caller may have `by_caller`.
    `seconds` is the longest that one statement may take.
    """

    threads: int
    requests: int
    by_caller: int
    seconds: float = 15.0


BOUNDS: Mapping[Work, Bounds] = {
    Work.READ: Bounds(6, 512, 64),
    # 50 requests at once under one key are one effect and 50 answers, so more than 50.
    Work.WRITE: Bounds(6, 256, 64),
    Work.UPLOAD: Bounds(4, 64, 8),
    # One thread: bundles hash and decrypt, and two would leave others no processor.
    Work.BUNDLE: Bounds(1, 8, 4, seconds=60.0),
    Work.WAIT: Bounds(1, 256, 32),
    Work.FEED: Bounds(2, 256, 16),
    Work.HEALTH: Bounds(2, 32, 32, seconds=5.0),
}

WORK: ContextVar[Work] = ContextVar("work", default=Work.READ)
"""The kind of work that goes on in this context."""


def work(kind: Work) -> dict[str, Any]:
    """Return a route's options: its kind of work, if method and path do not tell."""
    return {"work": kind}


def kind_of(handler: BaseRouteHandler, method: str) -> Work:
    """Return the kind of work that a request to a route is."""
    if handler.opt.get("upload") and method == "POST":
        return Work.UPLOAD
    given: Work | None = handler.opt.get("work")
    return given or (Work.READ if method in {"GET", "HEAD"} else Work.WRITE)


def _step_back() -> None:
    """Let other threads have a processor first, where a thread can say so (Linux)."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


class _Threads(Executor):
    """A pool of threads for each kind of work; the context says which one is used."""

    def __init__(self) -> None:
        self._pools = {
            kind: ThreadPoolExecutor(
                bounds.threads,
                thread_name_prefix=kind,
                initializer=_step_back if kind is Work.BUNDLE else None,
            )
            for kind, bounds in BOUNDS.items()
        }

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        """Run a function in the pool of the work that goes on."""
        return self._pools[WORK.get()].submit(fn, *args, **kwargs)


@cache
def use_threads() -> None:
    """Have the framework run synchronous handlers in these threads, in this process."""
    # The framework takes any executor, and asks for a pool of threads by name only.
    set_asyncio_executor(_Threads())  # type: ignore[arg-type]


class Occupancy:
    """Which places are taken, counted on the event loop, by kind of work and caller."""

    def __init__(self) -> None:
        self._taken: Counter[Work] = Counter()
        self._by_caller: Counter[tuple[Work, object]] = Counter()

    def taken(self, kind: Work) -> int:
        """Return how many places of a kind are taken."""
        return self._taken[kind]

    def take(self, kind: Work, caller: object) -> Callable[[], None]:
        """Take a place; return what gives it back. Raises Failure if none is free."""
        bounds, own = BOUNDS[kind], (kind, caller)
        if self._by_caller[own] >= bounds.by_caller:
            raise Failure(
                "too-many-at-once",
                headers={"Retry-After": "1"},
                limit=str(bounds.by_caller),
            )
        if self._taken[kind] >= bounds.requests:
            raise Failure("busy", headers={"Retry-After": "1"})
        self._taken[kind] += 1
        self._by_caller[own] += 1

        def give_back() -> None:
            self._taken[kind] -= 1
            self._by_caller[own] -= 1
            # Callers come and go: without this, each would be remembered for ever.
            if not self._by_caller[own]:
                del self._by_caller[own]

        return give_back


def caller_key(connection: ASGIConnection[Any, Any, Any, Any]) -> object:
    """Return whom a request counts for: its caller, or everyone without a token."""
    caller: Caller | None = connection.scope["state"].get("caller")
    return caller and (caller.platform, caller.role, caller.subject)


async def take_place(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Take a place for the request. Raises Failure if its kind of work has none left.

    The middleware gives the place back when the request is over.
    """
    occupancy: Occupancy = connection.app.state.occupancy
    kind = kind_of(handler, connection.scope["method"])  # type: ignore[typeddict-item]
    give_back = occupancy.take(kind, caller_key(connection))
    connection.scope["state"]["places"].append(give_back)
