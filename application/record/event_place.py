"""Where an event stands, and what is wrong with it, as operators are told."""

from __future__ import annotations

from uuid import UUID


def event_place(position: int, case: UUID, version: int | None) -> str:
    """Return in words where an event stands; `version` None: no event is there now."""
    there = "" if version is None else f", version {version}"
    return f"position {position}, case {case}{there}"


def fault(error: Exception) -> str:
    """Return in one line what was raised for an event."""
    return " ".join(f"{type(error).__name__}: {error}".split())
