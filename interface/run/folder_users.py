"""Which processes use a folder: the last one that leaves it puts out the light."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


class FolderUsers:
    """The users of a folder, as locks on two files beside it.

    The kernel gives a killed process's locks up, so that nobody has to guess from a
    number whether a process still runs.
    """

    def __init__(self, folder: Path) -> None:
        self._gate = folder.with_name(f".{folder.name}.gate")
        self._users = folder.with_name(f".{folder.name}.users")
        self._held: BinaryIO | None = None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else come or go meanwhile."""
        with self._gate.open("ab") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield

    def join(self) -> bool:
        """Count this process among the users, inside `alone`; tell if it is new."""
        if self._held is not None:
            return False
        self._held = self._users.open("ab")
        fcntl.flock(self._held, fcntl.LOCK_SH)
        return True

    def leave(self, last: Callable[[], None]) -> None:
        """Count this process no more; call `last` if nobody else is left."""
        if self._held is None:
            return
        with self._held, self.alone():
            self._held.close()
            self._held = None
            with self._users.open("ab") as users:
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return
                last()
