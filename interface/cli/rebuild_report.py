"""How far a rebuild is, for the operator's page: a report like that of any job."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from application.jobs.status import REBUILD, forget, report
from application.record.session import open_session

EVERY_SECONDS = 1.0


@contextmanager
def reported(url: str) -> Iterator[Callable[[int], None]]:
    """Yield what reports how many events were folded; nothing is left of it at the end.

    An interrupted rebuild leaves its last report: it goes on from there.
    """
    with open_session(url, search_path="redress", job="progress") as connection:
        last = -EVERY_SECONDS

        def tell(passed: int) -> None:
            nonlocal last
            if time.monotonic() - last >= EVERY_SECONDS:
                report(connection, REBUILD, passed, None)
                last = time.monotonic()

        yield tell
        forget(connection, REBUILD)
