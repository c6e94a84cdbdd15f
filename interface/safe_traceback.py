"""Describes an error for the log without its message, which may quote what was sent.

A message of a decoder or a driver can hold personal text, and logs outlive an erasure.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator

import psycopg


def traced(error: BaseException) -> str:
    """Return kinds and places of an error and of the errors that caused it."""
    return " <- ".join(map(_kind_and_places, _chain(error)))


def said(error: BaseException) -> str:
    """Return the database's own words about an error, without any row's content."""
    # Only the primary message: the detail quotes values of the row.
    for one in _chain(error):
        if isinstance(one, psycopg.Error) and one.diag.message_primary:
            return f"{type(one).__name__}: {one.diag.message_primary}"
    return traced(error)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and the errors that caused it, each once."""
    # The event store raises some errors from themselves; followed without a memory,
    # such a chain has no end.
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _kind_and_places(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    places = ", ".join(f"{one.filename}:{one.lineno} {one.name}" for one in frames)
    return f"{type(error).__name__} at {places}" if places else type(error).__name__
