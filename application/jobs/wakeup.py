"""What wakes a job that waits: PostgreSQL's notifications, and a bell in the process.

Nobody has to ask again and again whether there is something to do. A notification can
be lost, such as with the connection that it was meant for: each job also looks after a
while without one.
"""

from __future__ import annotations

import asyncio
import logging
import select
import threading
from contextlib import suppress
from weakref import WeakSet

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from application.record.database import connected

APPENDED = "redress_appended"
"""Events were appended. Each process says so after a commit, and then is quiet."""

LEDGER = "redress_ledger"
"""Events have their positions."""

VIEWS = "redress_views"
"""The views have gone on, or the clock of a sandbox was moved."""

LOG = "redress_log"
"""The log has grown."""

CHANNELS = (APPENDED, LEDGER, VIEWS, LOG)

LOOK_SECONDS = 1.0
"""How long the listener waits before it sees whether it has to stop, in seconds."""

_log = logging.getLogger(__name__)


class Bell:
    """Wakes one job, on its channels."""

    def __init__(self, *channels: str) -> None:
        self.channels = frozenset(channels)
        self._rung = threading.Event()

    def ring(self) -> None:
        """Wake the job, or keep it from falling asleep."""
        self._rung.set()

    def listen(self) -> None:
        """Forget what has rung until now: the job looks at everything next."""
        self._rung.clear()

    def wait(self, seconds: float) -> None:
        """Wait until it rings."""
        self._rung.wait(seconds)


class LoopBell(Bell):
    """Wakes what waits in an event loop, when all bells are rung."""

    def __init__(self, loop: asyncio.AbstractEventLoop, told: asyncio.Event) -> None:
        super().__init__()
        self._loop, self._told = loop, told

    def ring(self) -> None:
        """Wake what waits."""
        # The loop may have ended: nobody waits then.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._told.set)


class Bells:
    """The bells of the jobs that this process leads."""

    def __init__(self) -> None:
        self._bells: WeakSet[Bell] = WeakSet()
        self._lock = threading.Lock()

    def add(self, bell: Bell) -> None:
        """Have a bell rung from now on."""
        with self._lock:
            self._bells.add(bell)

    def remove(self, bell: Bell) -> None:
        """Have a bell not rung any more."""
        with self._lock:
            self._bells.discard(bell)

    def ring(self, channel: str | None = None) -> int:
        """Ring the bells of a channel, or all; return how many there are."""
        with self._lock:
            bells = [
                bell
                for bell in self._bells
                if channel is None or channel in bell.channels
            ]
        for bell in bells:
            bell.ring()
        return len(bells)


BELLS = Bells()


class Listener:
    """Listens to PostgreSQL for all jobs of the process."""

    name = "listener"

    def __init__(self, url: str) -> None:
        self._url = url

    def run(self, stop: threading.Event) -> None:
        """Ring the bells until stopped; a lost database is tried again."""
        while not stop.is_set():
            try:
                with connected(self._url, self.name) as connection:
                    self._listen(connection, stop)
            except (psycopg.Error, OSError) as error:
                # The jobs say what is wrong, and look for themselves meanwhile.
                _log.debug("listener: %s", error)
                stop.wait(LOOK_SECONDS)

    def _listen(self, connection: Connection[TupleRow], stop: threading.Event) -> None:
        for channel in CHANNELS:
            connection.execute(f"LISTEN {channel}".encode())
        # What was notified before is not heard: everybody looks once.
        BELLS.ring()
        while not stop.is_set():
            # Not psycopg's own wait, which wakes ten times a second.
            select.select([connection.fileno()], [], [], LOOK_SECONDS)
            heard = {one.channel for one in connection.notifies(timeout=0)}
            for channel in heard:
                BELLS.ring(channel)
