"""How much a long test does: a part of it in every run, the whole when asked.

`TEST_SIZE=whole pytest -m "long or kill"` is for a night, or for a change of what such
a test is about. Both sizes look for the same; the whole one only looks longer.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TypeVar
from zlib import crc32

import pytest

T = TypeVar("T", int, float)

WHOLE = os.environ.get("TEST_SIZE") == "whole"


only_whole = pytest.mark.skipif(
    not WHOLE, reason="takes long, and others look for the same: TEST_SIZE=whole"
)
"""Marks a test of which even a part would take long."""


PARTS = 1 if WHOLE else int(os.environ.get("TEST_PARTS", "1"))
"""Of so many parts of the long tests one is run, each day the next. CI sets it: it has
twenty minutes, and all long tests together take half of them."""


def is_of_today(name: str) -> bool:
    """Tell whether a long test of this name is in today's part."""
    today = datetime.now(UTC).toordinal()
    return (crc32(name.encode()) + today) % PARTS == 0


def sized(part: T, whole: T) -> T:
    """Return how much to do in this run."""
    return whole if WHOLE else part
