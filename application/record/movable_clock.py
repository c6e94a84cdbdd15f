"""Clocks that somebody can move, and writes that have to end before they are moved."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Protocol, runtime_checkable


@runtime_checkable
class MovableClock(Protocol):
    """A clock that is not moved while somebody holds it."""

    def held(self) -> AbstractContextManager[None]:
        """Hold the clock: it goes on, but nobody moves it."""


def held(clock: Callable[[], datetime]) -> AbstractContextManager[None]:
    """Hold a clock from the time that an event states until it is appended.

    An event that was decided before a jump of a month and appended after it would look
    back-dated for ever. A clock that nobody can move needs no holding.
    """
    return clock.held() if isinstance(clock, MovableClock) else nullcontext()
