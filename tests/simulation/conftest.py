"""The record whose cases are replayed."""

from __future__ import annotations

from tests.lake.conftest import written

__all__ = ["written"]
