"""An exception that stands for kill -9 within one process."""

from __future__ import annotations


class Killed(BaseException):
    """Stands for kill -9: nothing after it runs, and nobody catches it."""
