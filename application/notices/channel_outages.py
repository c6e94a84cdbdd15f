"""One log line when a mail server or a gateway is lost, and one when it is back."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Lock

from application.record.outage_log import AGAIN_SECONDS
from domain.notices.channel import Channel

_log = logging.getLogger(__name__)


class _Begun:
    def __init__(self, now: float) -> None:
        self.since = self.told = now


class ChannelOutages:
    """Tells of a channel that fails: at once, then once a minute, and when it is back.

    `clock` counts seconds monotonically.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun: dict[Channel, _Begun] = {}
        self._lock = Lock()

    def note(self, channel: Channel, problem: str) -> None:
        """Tell that a channel took nothing. `problem` never holds an address."""
        with self._lock:
            now = self._clock()
            begun = self._begun.get(channel)
            if begun is None:
                self._begun[channel] = _Begun(now)
                _log.warning("notices: %s fails: %s", channel, problem)
            elif now - begun.told >= AGAIN_SECONDS:
                begun.told = now
                lasts = now - begun.since
                _log.warning(
                    "notices: %s fails for %.0f s: %s", channel, lasts, problem
                )

    def end(self, channel: Channel) -> None:
        """Tell that a channel has taken something again."""
        with self._lock:
            begun = self._begun.pop(channel, None)
            if begun is not None:
                lasted = self._clock() - begun.since
                _log.warning("notices: %s is back after %.0f s", channel, lasted)
