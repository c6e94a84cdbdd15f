"""Cells of the queue: all cases that most filters cannot tell apart.

There are some hundreds of them on a platform, however many cases it has. A list asks
each cell for its first cases, in an index that begins with the cell's number, so that
no case is read in vain; how many cases a cell has is counted as they change.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256

import msgspec
from msgspec import Struct


class QueueCell(Struct, frozen=True, kw_only=True):
    """What the cases of a cell have in common; "": none. `claimed`: somebody has it."""

    platform: str
    phase: str
    waiting_party: str
    claimed: bool
    outcome: str
    category: str
    reason: str
    language: str

    @property
    def number(self) -> int:
        """Return the cell's number (64 bits), the same wherever it is computed."""
        return _number(self)


# Few cells, many cases. What an import brings is bounded by the tables of codes.
@cache
def _number(cell: QueueCell) -> int:
    digest = sha256(msgspec.json.encode(cell)).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
