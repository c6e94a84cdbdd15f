"""Makes an idle process forget destroyed keys, too."""

from __future__ import annotations

import threading

from eventsourcing.persistence import PersistenceError

from application.operator_error import OperatorError
from application.privacy.data_keys import FRESH_SECONDS, KeyStore


class KeyCacheRefresh:
    """Asks every second whether keys have changed; if it cannot know, it forgets all.

    Every use of a key asks as well: this is for keys that a process holds and does not
    use, which an erasure has to remove from its memory all the same.
    """

    name = "key-cache"

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys

    def run(self, stop: threading.Event) -> None:
        """Ask until stopped."""
        try:
            self._repeat(stop)
        finally:
            # Whatever ended it: nobody looks after the keys until it is started again.
            self._keys.forget()

    def _repeat(self, stop: threading.Event) -> None:
        while not stop.wait(FRESH_SECONDS):
            try:
                self._keys.fresh()
            except (OperatorError, OSError, PersistenceError):
                # One of them may have been destroyed. They are read again when needed.
                self._keys.forget()
