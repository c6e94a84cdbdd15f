"""How much a long test does: a part of it in every run, the whole when asked.

`TEST_SIZE=whole pytest -m "long or kill"` is for a night, or for a change of what such
a test is about. Both sizes look for the same; the whole one only looks longer.
"""

from __future__ import annotations

import os
from typing import TypeVar

import pytest

T = TypeVar("T", int, float)

WHOLE = os.environ.get("TEST_SIZE") == "whole"


only_whole = pytest.mark.skipif(
    not WHOLE, reason="takes long, and others look for the same: TEST_SIZE=whole"
)
"""Marks a test of which even a part would take long."""


def sized(part: T, whole: T) -> T:
    """Return how much to do in this run."""
    return whole if WHOLE else part
