"""The record that logs are made of, and the reader that is installed beside."""

from __future__ import annotations

from tests.lake.conftest import written

__all__ = ["written"]
