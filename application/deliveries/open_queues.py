"""The queues from which jobs are taken now, each up to its bound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class OpenQueues(list[str]):
    """The queues from which the next job may be taken: those below their bounds.

    The library asks for the list each time it looks for a job.
    """

    def __init__(self) -> None:
        super().__init__()
        self.bounds: dict[str, int] = {}
        self._taken: Counter[str] = Counter()

    def __iter__(self) -> Iterator[str]:
        """Yield the open queues."""
        return (one for one, most in self.bounds.items() if self._taken[one] < most)

    @contextmanager
    def taken(self, queue: str) -> Iterator[None]:
        """Count a job of a queue while it is being done."""
        self._taken[queue] += 1
        try:
            yield
        finally:
            self._taken[queue] -= 1
