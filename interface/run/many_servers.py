"""Several processes that serve on one port; each is told before it has to end."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress

from granian.server.mp import MPServer

from interface.api.shutdown import DRAIN_SECONDS, QUIET_SECONDS

WARNING = signal.SIGUSR1
"""What tells a serving process that it is going to be ended."""


class ManyServers(MPServer):
    """The server's own supervisor of processes; it lets them drain first."""

    def _stop_workers(self) -> None:
        for one in self.wrks:
            # One that has just ended by itself needs no warning.
            with suppress(ProcessLookupError):
                os.kill(one.inner.pid, WARNING)
        time.sleep(DRAIN_SECONDS + QUIET_SECONDS)
        super()._stop_workers()  # type: ignore[no-untyped-call]
