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

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Start asking."""
        self._thread.start()

    def stop(self) -> None:
        """Stop asking."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(FRESH_SECONDS):
            try:
                self._keys.fresh()
            except (OperatorError, OSError, PersistenceError):
                # One of them may have been destroyed. They are read again when needed.
                self._keys.forget()
