"""Lets an idle process forget destroyed keys too."""

from __future__ import annotations

import threading

from eventsourcing.persistence import PersistenceError

from application.operator_error import OperatorError
from application.privacy.data_keys import FRESH_SECONDS, KeyStore


class KeyCacheRefresh:
    """Asks every second whether keys have changed; if it cannot know, it forgets all.

    Whoever uses keys asks as well: this is for what a process holds and does not use.
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
                self._keys.forget()
