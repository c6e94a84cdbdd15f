"""Threads that are started again when an error that nobody foresaw ends them.

Such a thread would else be gone without a word, and with it a part of the program.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import psycopg

from application.jobs.status import recovered, report_restarts, thread_part
from application.jobs.wakeup import BELLS
from application.record.database import connected

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 60.0
"""How long a thread that ended waits before it is started again: doubled each time."""

STEADY_SECONDS = 10.0
"""How long a thread has to run before what ended it last counts as over."""

AGAIN_SECONDS = 60.0
"""How long the same error of a thread is not logged again, in seconds."""

ROOT = Path(__file__).parents[2]

Run = Callable[[threading.Event], None]
"""Works until the event is set, and returns then."""

_log = logging.getLogger(__name__)


class SupervisedThread:
    """One thread, how often it ended by an error, and by which the last time."""

    def __init__(self, name: str, run: Run, stop: threading.Event) -> None:
        self.name = name
        self.failures = 0
        self.problem: str | None = None
        self._run, self._stop = run, stop
        self._since = time.monotonic()
        self._logged, self._logged_at = "", 0.0
        self._thread = threading.Thread(target=self._keep_up, name=name, daemon=True)

    def start(self) -> None:
        """Start it."""
        self._thread.start()

    def join(self) -> None:
        """Wait until it has ended what it is doing; it has to be told to stop."""
        if self._thread.is_alive():
            self._thread.join()

    @property
    def is_steady(self) -> bool:
        """Tell whether it has run for a while without an error."""
        return time.monotonic() - self._since > STEADY_SECONDS

    def _keep_up(self) -> None:
        pause = FIRST_SECONDS
        while not self._stop.is_set():
            self._since = time.monotonic()
            try:
                self._run(self._stop)
            except BaseException as error:  # noqa: BLE001 - none may end it silently
                pause = FIRST_SECONDS if self.is_steady else pause
                self._failed(_kind_and_place(error))
            else:
                if self._stop.is_set():
                    return
                self._failed("an end that nobody asked for")
            # Not steady while it waits, however long that is.
            self._since = float("inf")
            self._stop.wait(pause)
            pause = min(pause * 2, LONGEST_SECONDS)

    def _failed(self, problem: str) -> None:
        self.failures += 1
        self.problem = problem
        ago = time.monotonic() - self._logged_at
        if problem != self._logged or ago > AGAIN_SECONDS:
            _log.error("%s: ended by %s; it is started again", self.name, problem)
            self._logged, self._logged_at = problem, time.monotonic()


class Supervisor:
    """Starts threads, and reports to the database which of them had to be restarted."""

    def __init__(self, url: str, runs: Mapping[str, Run]) -> None:
        self._url = url
        self._stop = threading.Event()
        self._over = threading.Event()
        self._threads = [
            SupervisedThread(n, run, self._stop) for n, run in runs.items()
        ]
        self._reported = dict.fromkeys(runs, 0)
        # What the process before this one reported last is not known to be over.
        self._open = set(runs)
        self._watch = threading.Thread(
            target=self._look, name="supervisor", daemon=True
        )

    def start(self) -> None:
        """Start all threads."""
        for thread in self._threads:
            thread.start()
        self._watch.start()

    def stop(self) -> None:
        """End all threads, each at the end of what it is doing."""
        self._stop.set()
        BELLS.ring()
        for thread in self._threads:
            thread.join()
        self._over.set()
        if self._watch.is_alive():
            self._watch.join()

    def _look(self) -> None:
        """Report until all threads have ended; what could not be, the next time."""
        is_last = False
        while not is_last:
            is_last = self._over.wait(FIRST_SECONDS)
            with suppress(psycopg.Error):
                self._report()

    def _report(self) -> None:
        failed = [
            one for one in self._threads if one.failures > self._reported[one.name]
        ]
        over = [
            one for one in self._threads if one.name in self._open and one.is_steady
        ]
        if not failed and not over:
            return
        # On a connection of its own, and only when there is something to say.
        with connected(self._url, "supervisor") as connection:
            for one in failed:
                failures = one.failures
                new = failures - self._reported[one.name]
                report_restarts(connection, one.name, new, one.problem)
                self._reported[one.name] = failures
                self._open.add(one.name)
            for one in over:
                if one not in failed:
                    recovered(connection, thread_part(one.name))
                    if one.failures:
                        _log.warning("%s: runs again", one.name)
                    self._open.discard(one.name)


def _kind_and_place(error: BaseException) -> str:
    """Return an error's kind and place: its message may quote personal texts."""
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith(str(ROOT))
        and "site-packages" not in frame.filename
    ]
    if not ours:
        return type(error).__name__
    place = Path(ours[-1].filename).relative_to(ROOT)
    return f"{type(error).__name__} at {place}:{ours[-1].lineno}"
