"""Codes of answers that no operator changes, where they are no enum of the domain."""

from __future__ import annotations

from msgspec import Meta


def closed(*each: str | None) -> Meta:
    """Return what describes a text as one of these codes, for the OpenAPI document."""
    return Meta(extra_json_schema={"extra": {"enum": [*each]}})
