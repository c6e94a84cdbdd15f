"""The API keys as one process knows them, half a second old at most."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from msgspec import Struct
from psycopg import Connection

from application.access.api_keys import ApiKey, LastNumbers, at_hand, note_uses
from interface.callers.api_key_text import (
    PREFIX,
    hashing_key,
    is_key_text,
    key_digest,
)
from interface.callers.caller import Caller, Unauthenticated

REMEMBERED = timedelta(days=7)
"""How long after its end a key is still told that it has expired."""

USE_SECONDS = 60.0
"""How exactly it is kept when a key was used last."""

_log = logging.getLogger(__name__)


class _Held(Struct, frozen=True):
    """A key as requests need it: for whom, and the times (POSIX) when it ends."""

    caller: Caller
    expires: float
    revoked: float | None


class ApiKeyList:
    """Finds whom a key stands for without I/O: all keys are at hand, by their hashes.

    That also leaves nothing to measure: a wrong key costs as much as a right one.
    """

    def __init__(self, master: bytes) -> None:
        self._hashing = hashing_key(master)
        self._last: LastNumbers | None = None
        self._held: Mapping[bytes, _Held] = {}
        self._by_id: Mapping[str, _Held] = {}
        self._used: dict[str, float] = {}
        self._kept: dict[str, float] = {}

    def caller(self, text: str) -> Caller:
        """Return whom a key stands for. Raises Unauthenticated."""
        if not is_key_text(text):
            raise Unauthenticated("not-an-api-key")
        held = self._held.get(self.digest(text))
        if held is None:
            raise Unauthenticated("unknown-api-key")
        now = time.time()
        code = _end(held, now)
        if code is not None:
            refusal = Unauthenticated(code)
            # It is the right key, so that it is known whose it was.
            refusal.whose = held.caller.in_log
            raise refusal
        self._used[str(held.caller.key_id)] = now
        return held.caller

    def holds(self, key_id: str) -> bool:
        """Tell whether a key can still be used."""
        held = self._by_id.get(key_id)
        return held is not None and _end(held, time.time()) is None

    def digest(self, text: str) -> bytes:
        """Return the hash under which a key is stored."""
        return key_digest(text, self._hashing)

    def look(self, connection: Connection[Any], last: LastNumbers) -> None:
        """Read the keys if there is something new. Raises psycopg.Error."""
        if last != self._last:
            found = at_hand(connection, datetime.now(UTC) - REMEMBERED)
            self._tell(found)
            self._held = {one.digest: _held(one) for one in found}
            self._by_id = {str(one.caller.key_id): one for one in self._held.values()}
            self._last = last
        self._keep_uses(connection)

    def _tell(self, found: Sequence[ApiKey]) -> None:
        """Log the keys that were made or revoked since the last look."""
        for one in found:
            before = self._by_id.get(one.key_id)
            if self._last and one.number > self._last.keys:
                _log.warning("made API key %s", _held(one).caller.in_log)
            if before and before.revoked is None and one.revoked_at is not None:
                _log.warning("revoked API key %s", before.caller.in_log)

    def _keep_uses(self, connection: Connection[Any]) -> None:
        """Keep when keys were used, each once a minute at most."""
        uses = {
            key_id: used
            for key_id, used in list(self._used.items())
            if used - self._kept.get(key_id, 0.0) >= USE_SECONDS
        }
        if not uses:
            return
        # Tried again after a minute: nobody is let in or shut out by it, so that it
        # must not keep this thread from seeing what was revoked.
        self._kept |= uses
        try:
            note_uses(connection, uses)
        except psycopg.Error as error:
            _log.info("uses of API keys: %s", " ".join(str(error).split()))


def is_meant(text: str) -> bool:
    """Tell whether a bearer token is meant as an API key; no JWT begins like one."""
    return text.startswith(PREFIX)


def _held(key: ApiKey) -> _Held:
    caller = Caller(
        subject=key.subject,
        role=key.role,
        platform=key.platform,
        key_id=key.key_id,
        scopes=None if key.scopes is None else frozenset(key.scopes),
    )
    revoked = None if key.revoked_at is None else key.revoked_at.timestamp()
    return _Held(caller, key.expires_at.timestamp(), revoked)


def _end(held: _Held, now: float) -> str | None:
    """Return why a key does not hold any more, or None."""
    if held.revoked is not None:
        return "api-key-revoked"
    return "api-key-expired" if now >= held.expires else None
