"""The first row of a view that is not what the record says."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

MOST_SHOWN = 60
"""Characters of a value that are shown: a column can hold a whole state."""


class ViewDifference(Struct, frozen=True, kw_only=True):
    """A row that differs: its view, its case, its key, and the column if it is one.

    Without a column, the row is missing in the view, or the record calls for no such
    row. `expected` and `got` are values as text, None where there is none to show.
    """

    view: str
    said: str
    case: UUID | None = None
    key: str = ""
    column: str | None = None
    expected: str | None = None
    got: str | None = None

    def __str__(self) -> str:
        """Return the difference in one line."""
        places = (
            ("case", self.case),
            ("row", self.key or None),
            ("column", self.column),
        )
        place = ", ".join(f"{name} {at}" for name, at in places if at is not None)
        text = f"view {self.view}: {place + ': ' if place else ''}{self.said}"
        if self.expected is None or self.got is None:
            return text
        return f"{text}: expected {self.expected}, got {self.got}"


def beyond(position: int, end: int) -> str:
    """Say that a view stands where the record has nothing yet."""
    return f"it stands at position {position}, beyond the end of the record at {end}"


def shown(value: object) -> str:
    """Return a value for a message, in one line of bounded length."""
    text = "none" if value is None else " ".join(str(value).split())
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def shown_apart(expected: object, got: object) -> tuple[str, str]:
    """Return two long texts from a little before the place where they part."""
    one, other = shown_whole(expected), shown_whole(got)
    same = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    begin = max(0, same - 20) if max(len(one), len(other)) > MOST_SHOWN else 0
    before = "…" if begin else ""
    return before + shown(one[begin:]), before + shown(other[begin:])


def shown_whole(value: object) -> str:
    """Return a value as one line."""
    return "none" if value is None else " ".join(str(value).split())
