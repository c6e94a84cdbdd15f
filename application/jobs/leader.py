"""A job that one process at a time does, on a connection of its own."""

from __future__ import annotations

import logging
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from threading import Event

import psycopg
from eventsourcing.persistence import PersistenceError
from psycopg import Connection
from psycopg.rows import TupleRow

from application.jobs.status import recovered, report
from application.jobs.wakeup import BELLS, LEDGER, Bell
from application.operator_error import OperatorError
from application.record.database import connected
from application.record.outage_log import OUTAGE_LOG
from application.record.sqlstates import Cause
from domain.refusals import Refusal

IDLE_SECONDS = 5.0
"""How long a job waits that nothing wakes: a notification can be lost, seconds."""

LOST_SECONDS = 1.0
"""How long a job waits without the lock, or without the database, in seconds."""

AGAIN_SECONDS = 60.0
"""How long the same problem is not logged again, in seconds."""

TROUBLE = (psycopg.Error, PersistenceError, OperatorError, OSError, Refusal)
"""What a job says and tries again after; a refusal is of an event that it appends."""

_log = logging.getLogger(__name__)


class LeaderJob(ABC):
    """Repeats `tick` while it holds an advisory lock.

    Other processes with the same job keep trying for the lock, and continue where the
    leader ended. A database that is out of reach is tried again.
    """

    name: str
    lock: int
    channels: tuple[str, ...] = (LEDGER,)
    """What wakes it; nothing, where it goes by time alone."""
    idle_seconds = IDLE_SECONDS
    reports_failures = False
    """Whether its failures are reported: True where nothing else would show them."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._bell = Bell(*self.channels)
        self._leading: Connection[TupleRow] | None = None
        self._is_well = False
        self._outage: Cause | None = None
        self._failing_since: float | None = None
        self._logged, self._logged_at = "", 0.0

    @property
    def job(self) -> str:
        """Return what its connection is called in the list of sessions."""
        return self.name

    def run(self, stop: Event) -> None:
        """Work until stopped."""
        try:
            self._repeat(stop)
        finally:
            # Also after an error that nobody foresaw: another process may lead then.
            self._is_well = False
            self.close()

    def _repeat(self, stop: Event) -> None:
        while not stop.is_set():
            # Before the look, so that what comes while it looks is not slept through.
            self._bell.listen()
            try:
                done = self.tick()
            except TROUBLE as error:
                self._tell(error)
                # Whatever was in memory or half done is forgotten: the next round leads
                # again, on a new connection, and goes by what is stored.
                self.close()
                self._report_failure(str(error).strip())
                done = 0
            else:
                self._tell_recovery()
                self._report_recovery()
            if self._leading is None:
                stop.wait(LOST_SECONDS)
            # The job's own pause, if it has one, which nothing ends before.
            elif rest := self.rest(done):
                stop.wait(rest)
            elif not done and not stop.is_set():
                self._bell.wait(self.idle_seconds)

    def rest(self, done: int) -> float:
        """Return how long to pause after a round, in seconds; 0.0: until woken."""
        del done
        return 0.0

    def tick(self) -> int:
        """Do one round as the leader; return how much was done, 0 if not leading."""
        if self._leading is None and not self._lead():
            return 0
        return self.work()

    def close(self) -> None:
        """Give up leadership."""
        BELLS.remove(self._bell)
        if self._leading is not None:
            self._leading.close()
        self._leading = None

    @property
    def connection(self) -> Connection[TupleRow]:
        """Return the leader's connection."""
        if self._leading is None:
            raise psycopg.OperationalError(f"{self.name} is not leading")
        return self._leading

    @abstractmethod
    def take_up(self) -> None:
        """Read, on becoming the leader, how far the work has come."""

    @abstractmethod
    def work(self) -> int:
        """Do one round as the leader; return how much was done."""

    def _tell(self, error: Exception) -> None:
        """Log a problem: the database's once for all jobs, one's own once a minute."""
        self._outage = OUTAGE_LOG.note(self.name, error)
        if self._outage is None:
            self._log_once(str(error).strip())

    def _tell_recovery(self) -> None:
        if self._outage is not None:
            OUTAGE_LOG.end(self._outage)
            self._outage = None
        if self._failing_since is not None:
            lasted = time.monotonic() - self._failing_since
            _log.warning("%s: works again, after %.1f s", self.name, lasted)
            self._failing_since = None

    def _log_once(self, problem: str) -> None:
        """Log a problem when it is new, then once a minute."""
        ago = time.monotonic() - self._logged_at
        if problem == self._logged and ago < AGAIN_SECONDS:
            return
        _log.warning("%s: %s", self.name, problem)
        self._logged, self._logged_at = problem, time.monotonic()
        self._failing_since = self._failing_since or self._logged_at

    def _report_failure(self, problem: str) -> None:
        """Report a problem on a connection of its own."""
        # If the database is out of reach, there is nowhere to report, and no need to:
        # health finds that out by itself.
        self._is_well = False
        if self.reports_failures:
            with suppress(psycopg.Error), connected(self._url, self.job) as connection:
                report(connection, self.name, 0, problem)

    def _report_recovery(self) -> None:
        if self.reports_failures and self._leading is not None and not self._is_well:
            # What fails here is tried again after the next round.
            with suppress(psycopg.Error):
                recovered(self._leading, self.name)
                self._is_well = True

    def _lead(self) -> bool:
        connection = connected(self._url, self.job)
        # The lock is the session's, and goes with the connection, however a process
        # ends.
        held = connection.execute("SELECT pg_try_advisory_lock(%s)", (self.lock,))
        if held.fetchone() != (True,):
            connection.close()
            return False
        self._leading = connection
        BELLS.add(self._bell)
        self.take_up()
        return True
