"""What every event is.

Tags and field names are the storage format: add fields with defaults, never rename,
retype, remove or reuse. Texts marked Personal are stored encrypted.
"""

from __future__ import annotations

from msgspec import Struct


class Event(
    Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True, gc=False
):
    """An event. Past tense, immutable, complete without its neighbours."""
