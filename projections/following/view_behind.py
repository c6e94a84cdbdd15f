"""A view that is behind the others: it has a reader of its own until it is near."""

from __future__ import annotations

import logging
from contextlib import suppress
from threading import Event, Thread
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from application.jobs.leader import TROUBLE
from application.jobs.status import recovered, report
from application.record.database import connected
from projections.following.follower import Following, Overtaken
from projections.read_model import View

RETRY_SECONDS = 0.5
"""How long a view that cannot go on waits before it tries again."""

_log = logging.getLogger(__name__)


class ViewBehind:
    """Brings a view up: between the others' batches, or in a thread of its own."""

    def __init__(self, url: str, view: View[Any]) -> None:
        self.view = view
        self._url = url
        self._stop = Event()
        self._thread: Thread | None = None
        self._connection: Connection[TupleRow] | None = None
        self._following: Following | None = None
        self._failed: str | None = None

    @property
    def is_apart(self) -> bool:
        """Tell whether it goes on in a thread of its own."""
        return self._thread is not None and self._thread.is_alive()

    def lag(self, position: int) -> int:
        """Return how many events it is behind a position."""
        return position - self.following.position

    def is_level(self, position: int) -> bool:
        """Tell whether it stands at a position and can go on from there."""
        return (
            not self.is_apart
            and self.following.halted is None
            and self.following.position == position
        )

    @property
    def following(self) -> Following:
        """Return its way through the ledger; not while it goes on by itself."""
        if self._following is None:
            self._connection = connected(self._url, f"view {self.view.name}")
            self._following = Following(self.view, self._connection)
        return self._following

    def advance(self, upto: int) -> int:
        """Follow one batch, up to a position; what fails goes on in a thread."""
        try:
            done = self.following.advance(upto)
        except Overtaken:
            self._forget()
            return 1
        except TROUBLE as error:
            self._tell(error)
            self._forget()
            self.start()
            return 0
        self._tell(None)
        return done

    def start(self) -> None:
        """Go on in a thread of its own, up to the end of the ledger."""
        self._thread = Thread(
            target=self._run, name=f"view {self.view.name}", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End at the end of the batch."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        self._forget()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                done = self.following.advance()
            except Overtaken:
                self._forget()
            except TROUBLE as error:
                self._tell(error)
                self._forget()
                self._stop.wait(RETRY_SECONDS)
            else:
                self._tell(None)
                if not done:
                    return

    def _tell(self, error: Exception | None) -> None:
        """Log and report what holds the view up, once, and that it goes on again."""
        said = None if error is None else str(error).strip()
        if said == self._failed:
            return
        self._failed = said
        # If the database is out of reach, there is nowhere to report.
        with suppress(psycopg.Error), connected(self._url, "views") as connection:
            if said is None:
                recovered(connection, self.view.name)
                _log.warning("%s: goes on again", self.view.name)
            else:
                report(connection, self.view.name, 0, said)
                _log.warning("%s: %s", self.view.name, said)

    def _forget(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = self._following = None
