"""The clock: the system's, or in a sandbox one that its clients may move forward."""

from __future__ import annotations

import fcntl
import os
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from application.whole_files import draft_beside, put_in_place

LOOK_SECONDS = 0.005
"""How long the clock's file is not looked at again: a request asks several times."""


def system_clock() -> datetime:
    """Return the time (UTC)."""
    return datetime.now(UTC)


MOST_AHEAD = timedelta(days=36_525)
"""A hundred years: beyond, some limit would end after the last year of a datetime."""


class ClockOnlyGoesForward(ValueError):
    """The test clock cannot be set back: what happened would come before itself."""


class ClockTooFar(ValueError):
    """The test clock goes a hundred years ahead at most."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class TestClock:
    """A clock that runs ahead of the system's by what a file in the home says.

    All processes of one installation share the file, so that the worker notices when a
    client of the API has moved the clock.
    """

    # pytest would take the class for a test by its name.
    __test__ = False

    def __init__(self, home: Path) -> None:
        self._path = home / "test-clock"
        self._looked = 0.0
        self._seen: tuple[int, int] | None = None
        self._ahead = timedelta()
        self._reading = threading.Lock()
        self._turn = home / ".test-clock.turn"
        self._holders = home / ".test-clock.holders"
        self._holds = threading.local()

    def __call__(self) -> datetime:
        """Return the time (UTC)."""
        return datetime.now(UTC) + self.ahead

    @property
    def ahead(self) -> timedelta:
        """Return how far this clock runs ahead; it looks every few milliseconds."""
        with self._reading:
            if time.monotonic() - self._looked >= LOOK_SECONDS:
                self._look()
            return self._ahead

    def _look(self) -> None:
        self._looked = time.monotonic()
        try:
            status = self._path.stat()
        except FileNotFoundError:
            self._ahead = timedelta()
            return
        # The file is replaced as a whole, so a new inode shows a change that comes
        # within one tick of the file system's time.
        stamp = (status.st_mtime_ns, status.st_ino)
        if stamp != self._seen:
            self._ahead = timedelta(microseconds=int(self._path.read_text() or "0"))
            self._seen = stamp

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the clock: no process moves it until then. Holds may be nested."""
        depth = getattr(self._holds, "depth", 0)
        if depth:
            yield
            return
        turn, holders = self._files()
        # In turn: else those who hold it one after another would keep somebody who
        # wants to move it waiting for ever.
        fcntl.flock(turn, fcntl.LOCK_SH)
        fcntl.flock(holders, fcntl.LOCK_SH)
        fcntl.flock(turn, fcntl.LOCK_UN)
        with self._reading:
            # It may have been moved only just now.
            self._looked = 0.0
        self._holds.depth = 1
        try:
            yield
        finally:
            self._holds.depth = 0
            fcntl.flock(holders, fcntl.LOCK_UN)

    def _files(self) -> tuple[int, int]:
        """Return this thread's descriptors of the turn's and the holders' file.

        Kept open: to open them for each command took a third of its time. Each thread
        has its own, because a lock belongs to what was opened.
        """
        files: tuple[int, int] | None = getattr(self._holds, "files", None)
        if files is None:
            self._turn.parent.mkdir(parents=True, exist_ok=True)
            mode = os.O_WRONLY | os.O_CREAT
            files = os.open(self._turn, mode), os.open(self._holders, mode)
            for one in files:
                weakref.finalize(self, os.close, one)
            self._holds.files = files
        return files

    def moved_within(self, length: timedelta) -> bool:
        """Tell whether the clock was moved within a length of real time before now."""
        try:
            moved = self._path.stat().st_mtime
        except FileNotFoundError:
            return False
        return time.time() - moved < length.total_seconds()

    def advance(self, length: timedelta) -> datetime:
        """Move the clock forward; return the new time. Raises ValueError.

        It waits for the writes that hold the clock.
        """
        if length < timedelta():
            raise ClockOnlyGoesForward
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._turn.open("ab") as turn, self._holders.open("ab") as holders:
            fcntl.flock(turn, fcntl.LOCK_EX)
            fcntl.flock(holders, fcntl.LOCK_EX)
            # What another process has moved it by just now is added to.
            self._looked = 0.0
            self._move(length)
        return self()

    def _move(self, length: timedelta) -> None:
        if self.ahead + length > MOST_AHEAD:
            raise ClockTooFar
        ahead = (self.ahead + length) // timedelta(microseconds=1)
        # Replaced and not rewritten: another process never reads half a number.
        draft = draft_beside(self._path)
        draft.write_text(str(ahead))
        put_in_place(draft, self._path)
        # Read it again at the next call: this answer has to have the new time.
        self._looked = 0.0
