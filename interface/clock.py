"""The clock: the system's, or in a sandbox one that its clients may move forward."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from application.whole_files import draft_beside, put_in_place

LOOK_SECONDS = 0.005


def system_clock() -> datetime:
    """Return the time (UTC)."""
    return datetime.now(UTC)


MOST_AHEAD = timedelta(days=36_525)


class ClockOnlyGoesForward(ValueError):
    """The test clock cannot be set back: what happened would come before itself."""


class ClockTooFar(ValueError):
    """The test clock goes a hundred years ahead at most."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class TestClock:
    """A clock that runs ahead of the system's by what a file in the home says.

    All processes of one installation share the file, so that the worker notices what a
    client of the API has moved.
    """

    __test__ = False

    def __init__(self, home: Path) -> None:
        self._path = home / "test-clock"
        self._looked = 0.0
        self._seen: tuple[int, int] | None = None
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        """Return the time (UTC)."""
        return datetime.now(UTC) + self.ahead

    @property
    def ahead(self) -> timedelta:
        """Return how far this clock runs ahead; it looks every few milliseconds."""
        if time.monotonic() - self._looked < LOOK_SECONDS:
            return self._ahead
        self._looked = time.monotonic()
        try:
            status = self._path.stat()
        except FileNotFoundError:
            self._ahead = timedelta()
            return self._ahead
        stamp = (status.st_mtime_ns, status.st_ino)
        if stamp != self._seen:
            self._ahead = timedelta(microseconds=int(self._path.read_text() or "0"))
            self._seen = stamp
        return self._ahead

    def moved_within(self, length: timedelta) -> bool:
        """Tell whether it was moved in the last so much real time."""
        try:
            moved = self._path.stat().st_mtime
        except FileNotFoundError:
            return False
        return time.time() - moved < length.total_seconds()

    def advance(self, length: timedelta) -> datetime:
        """Move the clock forward; return the new time. Raises ValueError."""
        if length < timedelta():
            raise ClockOnlyGoesForward
        if self.ahead + length > MOST_AHEAD:
            raise ClockTooFar
        ahead = (self.ahead + length) // timedelta(microseconds=1)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = draft_beside(self._path)
        draft.write_text(str(ahead))
        put_in_place(draft, self._path)
        self._looked = 0.0
        return self()
