"""The rows of a source, whichever form it has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from msgspec import Struct


class Row(Struct, frozen=True):
    """A record: the line it begins on, its cells, and what is wrong with it.

    Cells are texts, or lists and tables of a source that has such. If the line cannot
    be read at all, its only cell is the line as it is in the file. `file` is its name
    where a source has several.
    """

    line: int
    cells: tuple[Any, ...]
    wrong: str | None = None
    file: str | None = None

    @property
    def size(self) -> int:
        """Return how large the row is, in characters."""
        return sum(len(cell) if isinstance(cell, str) else 64 for cell in self.cells)

    @property
    def place(self) -> str:
        """Return where the row stands: its line, after the name of one of files."""
        return f"{self.file}:{self.line}" if self.file else str(self.line)


class Table(Protocol):
    """An open source: the names of its columns, and its rows."""

    header: tuple[str, ...]

    @property
    def share_read(self) -> float:
        """Return the share of it that has been read, from 0 to 1."""

    def rows(self) -> Iterator[Row]:
        """Yield every row, good or bad."""


def shown(text: str, most: int = 60) -> str:
    """Return a text of a file as a terminal may see it: printable, and not long."""
    plain = "".join(one if one.isprintable() else "\ufffd" for one in text[:most])
    return plain + ("…" if len(text) > most else "")


def named(header: tuple[str, ...], most: int = 40) -> str:
    """Return the names of columns as a terminal may see them."""
    more = f" and {len(header) - most} more" if len(header) > most else ""
    return ", ".join(map(shown, header[:most])) + more
