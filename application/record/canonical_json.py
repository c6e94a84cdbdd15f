"""JSON in one form, so that the same value always has the same bytes and hash."""

from __future__ import annotations

from typing import Any

import msgspec


def canonical_json(value: Any) -> bytes:
    """Write JSON in one form: sorted by name, without spaces, one final newline."""
    return msgspec.json.encode(value, order="sorted") + b"\n"
