"""The earliest times that events can state, by the checkpoints that lack them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from application.log.fsck.trusted_checkpoints import Anchor

BACKDATED_SECONDS = 600.0
"""How much older than a checkpoint before it an event may say that it is.

Enough for the longest transaction that appends, and for the difference between the
clocks of several machines.
"""


class Floors:
    """The time before which each entry of the log cannot have been recorded.

    For a checkpoint, the earliest time that a trusted signature states counts: a
    witness may have seen it only much later.
    """

    def __init__(self, anchors: Sequence[Anchor]) -> None:
        earliest: dict[int, int] = {}
        for one in anchors:
            if one.time is not None:
                earliest[one.size] = min(one.time, earliest.get(one.size, one.time))
        self._sizes = sorted(earliest)
        times = (earliest[size] - BACKDATED_SECONDS for size in self._sizes)
        # An entry behind several checkpoints is younger than each of them.
        self._floors = list(accumulate(times, max))

    def at(self, index: int) -> float:
        """Return the time (POSIX) before which no entry from an index on can be."""
        place = bisect_right(self._sizes, index)
        return self._floors[place - 1] if place else float("-inf")
