"""Before which time an event cannot be, by the checkpoints that do not hold it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from application.log.fsck.trusted_checkpoints import Anchor

BACKDATED_SECONDS = 600.0
"""How much older than a checkpoint before it an event may say it is: the length of the
longest appending transaction, and what clocks of several machines differ by."""


class Floors:
    """The time that each entry has to be younger than.

    Of a checkpoint the earliest time counts that anyone trusted states for it: a
    witness may have seen it only much later.
    """

    def __init__(self, anchors: Sequence[Anchor]) -> None:
        earliest: dict[int, int] = {}
        for one in anchors:
            if one.time is not None:
                earliest[one.size] = min(one.time, earliest.get(one.size, one.time))
        self._sizes = sorted(earliest)
        times = (earliest[size] - BACKDATED_SECONDS for size in self._sizes)
        # What one checkpoint says stays true if the next states an earlier time.
        self._floors = list(accumulate(times, max))

    def at(self, index: int) -> float:
        """Return the time before which nothing from an entry on can be recorded."""
        place = bisect_right(self._sizes, index)
        return self._floors[place - 1] if place else float("-inf")
