"""The issuer's key set at a URL or in a file: read, trusted for its age, read again."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from threading import Lock

from application.log.witness.http_client import Unreachable, fetch
from interface.callers.caller import Unauthenticated
from interface.callers.signing_keys import KeysUnavailable, VerifyingKey, key_set

FETCH_SECONDS = 5.0
"""How long a whole answer may take."""

MOST_BYTES = 256 * 1_024
"""Several hundred keys."""

UNKNOWN_SECONDS = 60.0
"""How often an unknown key id may cause a reading: callers choose the ids freely."""

RETRY_SECONDS = 5.0
"""How long after a failure the keys are not asked for again, in seconds."""

EARLY = 0.5
"""From this part of the age on, the keys are read again beside the requests."""

_log = logging.getLogger(__name__)

Keys = Mapping[str | None, VerifyingKey]


class KeySource:
    """The keys of a URL or a file. None is used for longer than `age` seconds.

    `clock` counts seconds monotonically; `setting` names the source in the log. If the
    keys cannot be read, those that were read last hold until they are too old.
    """

    def __init__(
        self,
        location: str,
        age: float,
        clock: Callable[[], float] = time.monotonic,
        setting: str = "REDRESS_JWKS",
    ) -> None:
        self.setting = setting
        self._location = location
        self._age = age
        self._clock = clock
        self._keys: Keys = {}
        # Long ago: nothing was read, and nothing was tried.
        self._read_at = self._failed_at = self._unknown_at = float("-inf")
        self._failing_since: float | None = None
        self._reading = Lock()

    @property
    def is_file(self) -> bool:
        """Tell whether the keys are in a file, and not at a URL."""
        return not self._location.startswith(("https://", "http://"))

    @property
    def fault(self) -> str | None:
        """Say that the keys cannot be read, and what follows; None if they can."""
        if self._failing_since is None:
            return None
        left = self._age - (self._clock() - self._read_at)
        then = f"the last ones hold for {left:.0f} s" if left > 0 else "none hold"
        return f"{self.setting}: the keys cannot be read; {then}"

    @property
    def _is_fresh(self) -> bool:
        return self._clock() - self._read_at < self._age

    def find(self, kid: str | None) -> VerifyingKey:
        """Return the key of an id. Raises Unauthenticated or KeysUnavailable."""
        if not self._is_fresh:
            raise KeysUnavailable
        if kid not in self._keys:
            raise Unauthenticated("unknown-key")
        return self._keys[kid]

    def holds(self, key: VerifyingKey) -> bool:
        """Tell whether a key is in the set that was read last, and that is not old."""
        return self._is_fresh and self._keys.get(key.kid) == key

    def must_refresh(self, kid: str | None) -> bool:
        """Tell whether there are no fresh keys, or not this one, and it is time to."""
        now = self._clock()
        if now - self._failed_at < RETRY_SECONDS:
            return False
        if not self._is_fresh:
            return True
        return kid not in self._keys and now - self._unknown_at >= UNKNOWN_SECONDS

    def may_refresh(self) -> bool:
        """Tell whether the keys have reached half of their age."""
        now = self._clock()
        is_old = now - self._read_at >= self._age * EARLY
        return is_old and now - self._failed_at >= RETRY_SECONDS

    def refresh(self) -> None:
        """Read the keys again; a failure is logged once, and the last keys stay."""
        with self._reading:
            # The time before the reading: a key may be withdrawn while it goes on.
            asked = self._clock()
            if self._is_fresh:
                # Whatever is the reason, an unknown id is answered by this reading.
                self._unknown_at = asked
            try:
                self._keys = self.read()
            except (OSError, ValueError, Unreachable) as error:
                self._failed_at = self._clock()
                self._tell_failure(error)
            else:
                self._read_at = asked
                self._tell_recovery()

    def read(self) -> Keys:
        """Read the key set. Raises OSError, ValueError or Unreachable."""
        if self.is_file:
            return key_set(Path(self._location).read_bytes())
        answer = fetch(self._location, seconds=FETCH_SECONDS)
        if answer.status != HTTPStatus.OK:
            # A redirect too: it could lead to anywhere.
            raise ValueError(f"answered with status {answer.status}")
        if len(answer.content) > MOST_BYTES:
            raise ValueError(f"longer than {MOST_BYTES} bytes")
        return key_set(answer.content)

    def _tell_failure(self, error: Exception) -> None:
        if self._failing_since is None:
            _log.warning("%s: %s", self.setting, " ".join(str(error).split()))
            self._failing_since = self._clock()

    def _tell_recovery(self) -> None:
        if self._failing_since is not None:
            lasted = self._clock() - self._failing_since
            said = "%s: the keys can be read again, after %.0f s"
            _log.warning(said, self.setting, lasted)
        self._failing_since = None
