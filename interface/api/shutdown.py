"""The end of a process: what is under way is answered, and nobody comes back to it.

For a moment, answers tell clients to close their connections, streams end, and what
waits for news is answered without any. Then no connection is taken any more, and what
is under way is finished.
"""

from __future__ import annotations

from collections.abc import Callable

DRAIN_SECONDS = 0.4
"""A connection that a client keeps open is used again within this time, or may be used
at the very moment in which it is closed: then the client has to send once more."""

QUIET_SECONDS = 0.4
"""How long no connection is made any more before the server stops: within this time,
what is on those there are has been read."""


class Shutdown:
    """Whether this process is about to end, and what is to be told of it."""

    def __init__(self) -> None:
        self.has_begun = False
        self._told: list[Callable[[], None]] = []

    def tell(self, told: Callable[[], None]) -> None:
        """Have something called, on the event loop, when the end begins."""
        self._told.append(told)

    def begin(self) -> None:
        """Begin the end; once more does nothing."""
        if self.has_begun:
            return
        self.has_begun = True
        for told in self._told:
            told()
