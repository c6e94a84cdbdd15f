"""The list of revoked tokens as one process knows it, half a second old at most."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta

import psycopg
from msgspec import Struct
from psycopg import Connection
from psycopg.rows import TupleRow

from application.access.api_keys import last_numbers
from application.access.revocations import Revocation, revocations
from application.record.database import connected
from application.record.outage_log import OUTAGE_LOG
from application.record.sqlstates import Cause
from interface.callers.api_key_list import ApiKeyList
from interface.callers.caller import Caller
from interface.callers.claims import LEEWAY_SECONDS, Claims
from interface.pages.sign_in.page_session import WHOLE_SECONDS
from interface.run.log_lines import one_word

EVERY_SECONDS = 0.4
"""How often the table is looked at: with a slow query, well below a second."""

_log = logging.getLogger(__name__)


class _Snapshot(Struct, frozen=True):
    """What is revoked: tokens by their ids, and subjects until a time (POSIX)."""

    last: int = -1
    tokens: frozenset[str] = frozenset()
    subjects: dict[tuple[str | None, str], float] = {}


class RevocationList:
    """Looks for new revocations in a thread of its own, on its own connection.

    The pool may be exhausted just when somebody has to be shut out. If the database is
    out of reach, the list that was read last holds. Revocations that are older than a
    token can become, `lifetime` in seconds, or a session of pages, are left out. The
    API keys are read beside them: which ones there are, and which were revoked.
    """

    def __init__(
        self, url: str, lifetime: int, api_keys: ApiKeyList | None = None
    ) -> None:
        self._url = url
        self._api_keys = api_keys
        self._lifetime = timedelta(
            seconds=max(lifetime, WHOLE_SECONDS) + 2 * LEEWAY_SECONDS
        )
        self._snapshot = _Snapshot()
        self._connection: Connection[TupleRow] | None = None
        self._is_failing = False
        self._outage: Cause | None = None

    def revokes(self, caller: Caller, claims: Claims) -> bool:
        """Tell whether a token was revoked, as far as this process knows."""
        if claims.jti is not None and self.revokes_token(claims.jti):
            return True
        return self.revokes_since(caller, claims.iat)

    def revokes_since(
        self, caller: Caller, issued: float, leeway: float = LEEWAY_SECONDS
    ) -> bool:
        """Tell whether a subject was revoked after a time (POSIX)."""
        until = self._snapshot.subjects.get((caller.platform, caller.subject))
        # The issuer's clock may be ahead: a token that says it was issued just after
        # the revocation may have been issued before.
        return until is not None and issued <= until + leeway

    def revokes_token(self, jti: str) -> bool:
        """Tell whether the token of an id was revoked."""
        return jti in self._snapshot.tokens

    def look(self) -> None:
        """Read the list if there is a new revocation. Raises psycopg.Error."""
        if self._connection is None:
            self._connection = connected(self._url, "revocations")
        numbers = last_numbers(self._connection)
        last = numbers.revocations
        if last != self._snapshot.last:
            since = datetime.now(UTC) - self._lifetime
            # The number from before the reading: one that comes between the two is
            # read twice, and none is missed.
            found = revocations(self._connection, since)
            self._tell(found)
            self._snapshot = _snapshot(last, found)
        if self._api_keys is not None:
            self._api_keys.look(self._connection, numbers)

    def _tell(self, found: tuple[Revocation, ...]) -> None:
        """Log what came since the last look; the first look finds what is no news."""
        last = self._snapshot.last
        for one in found:
            if 0 <= last < one.number:
                name = one.jti or f"{one.platform or '-'}/{one.subject}"
                kind = "subject" if one.jti is None else "token"
                who = one_word(one.revoked_by)
                _log.warning("revoked %s %s by %s", kind, one_word(name), who)

    def run(self, stop: threading.Event) -> None:
        """Look for changes until told to stop; a lost database is tried again.

        Look once before, and do not serve if that fails: a process that cannot know who
        is revoked must let nobody in.
        """
        while not stop.wait(EVERY_SECONDS):
            try:
                self.look()
            except (psycopg.Error, OSError) as error:
                self._outage = OUTAGE_LOG.note("revocations", error)
                if self._outage is None and not self._is_failing:
                    _log.warning("revocations: %s", " ".join(str(error).split()))
                self._is_failing = True
                self._close()
            else:
                self._tell_recovery()
        self._close()

    def _tell_recovery(self) -> None:
        if self._outage is not None:
            OUTAGE_LOG.end(self._outage)
        elif self._is_failing:
            _log.warning("revocations: the list can be read again")
        self._outage, self._is_failing = None, False

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def _snapshot(last: int, found: tuple[Revocation, ...]) -> _Snapshot:
    subjects: dict[tuple[str | None, str], float] = {}
    for one in found:
        if one.subject is not None:
            # In order of their numbers, and clocks may differ: the latest time counts.
            key = one.platform, one.subject
            subjects[key] = max(subjects.get(key, 0.0), one.revoked_at.timestamp())
    tokens = frozenset(one.jti for one in found if one.jti is not None)
    return _Snapshot(last, tokens, subjects)
