"""Reads a CSV file record by record, and says what is wrong with a bad record.

A quote that is never closed costs only its own line. A record of several lines counts
only if it has as many fields as the header. Otherwise its first line is a bad row, and
the next record begins with its second line.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Self, TextIO

from msgspec import Struct

from application.imports.mapping import FileMapping, MappingError

LONGEST_FIELD = 1 << 20
"""The csv module allows 131,072 characters if nothing else is set."""


class Row(Struct, frozen=True):
    """A record: the line it begins on, its cells, and what is wrong with it.

    If the line is not CSV, its only cell is the line as it is in the file.
    """

    line: int
    cells: tuple[Any, ...]
    wrong: str | None = None

    @property
    def size(self) -> int:
        """Return how large the row is, in characters."""
        return sum(len(cell) if isinstance(cell, str) else 64 for cell in self.cells)


class Lines:
    """Iterates over the lines of a file, and can take back those of a bad record."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self.first = 1

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._text)
        self._taken.append(line)
        return line

    @property
    def taken(self) -> int:
        """Return how many lines the current record has."""
        return len(self._taken)

    def go_on(self) -> None:
        """Begin the next record."""
        self.first += len(self._taken)
        self._taken = []

    def only_first(self) -> str:
        """Return the first line of the current record; take back all of its others."""
        # extendleft puts one line before the other, and so turns their order around.
        self._again.extendleft(reversed(self._taken[1:]))
        del self._taken[1:]
        return self._taken[0].rstrip("\r\n")


@contextmanager
def opened(path: Path, mapping: FileMapping) -> Iterator[CsvFile]:
    """Open a CSV file. Raises MappingError if it does not begin with a header."""
    csv.field_size_limit(LONGEST_FIELD)
    # Bytes that are not text become lone surrogates, and their row is rejected.
    with (
        path.open("rb") as raw,
        io.TextIOWrapper(
            raw, encoding=_encoding(mapping), errors="surrogateescape", newline=""
        ) as text,
    ):
        yield CsvFile(path, raw, text, mapping)


class CsvFile:
    """An open CSV file, at its first record."""

    def __init__(
        self, path: Path, raw: BinaryIO, text: TextIO, mapping: FileMapping
    ) -> None:
        self._path = path
        self._raw = raw
        self._size = path.stat().st_size
        self._lines = Lines(text)
        self._odd = f"not text in {mapping.encoding}: say the file's encoding"
        self._reader = csv.reader(self._lines, delimiter=mapping.delimiter, strict=True)
        self.header = self._header()

    @property
    def share_read(self) -> float:
        """Return the share of the file that has been read, from 0 to 1."""
        return min(1.0, self._raw.tell() / self._size) if self._size else 1.0

    def rows(self) -> Iterator[Row]:
        """Yield every record, good or bad. Blank lines are not records.

        Raises MappingError if the file is not in the mapping's encoding at all.
        """
        while True:
            self._lines.go_on()
            try:
                row = self._row(next(self._reader))
            except StopIteration:
                return
            except csv.Error as error:
                row = self._broken(f"not CSV: {_words(error)}")
            except UnicodeError:
                place = f"{self._path}: line {self._lines.first}"
                raise MappingError(f"{place}: {self._odd}") from None
            if row.cells:
                yield row

    def _row(self, cells: list[str]) -> Row:
        if self._lines.taken > 1 and len(cells) != len(self.header):
            last = self._lines.first + self._lines.taken - 1
            return self._broken(f"not CSV: a quote is open until line {last}")
        return Row(self._lines.first, tuple(cells), self._wrong(cells))

    def _broken(self, wrong: str) -> Row:
        return Row(self._lines.first, (self._lines.only_first(),), wrong)

    def _wrong(self, cells: list[str]) -> str | None:
        if len(cells) != len(self.header):
            return f"has {len(cells)} fields, the header has {len(self.header)}"
        for name, cell in zip(self.header, cells, strict=True):
            # Most cells are ASCII, and need not be searched for lone surrogates.
            if not cell.isascii() and any(
                "\ud800" <= char <= "\udfff" for char in cell
            ):
                return f"{name}: not text in the file's encoding"
            if "\x00" in cell:
                return f"{name}: holds a NUL"
        return None

    def _header(self) -> tuple[str, ...]:
        try:
            return tuple(next(self._reader))
        except StopIteration:
            raise MappingError(f"{self._path}: the file is empty") from None
        except csv.Error as error:
            said = f"the header is not CSV: {_words(error)}"
            raise MappingError(f"{self._path}: {said}") from None
        except UnicodeError:
            raise MappingError(f"{self._path}: the header is {self._odd}") from None


_WORDS = {
    "unexpected end of data": "a quote is not closed",
    "expected after": "there is text between a quote that closes and the delimiter",
    "field larger than field limit": f"a field is longer than {LONGEST_FIELD:,}",
    "line contains NUL": "it holds a NUL",
    "new-line character seen in unquoted field": "a line ends within a field",
}
"""What the csv module says, in the words of people who have the file."""


def _words(error: csv.Error) -> str:
    said = str(error)
    return next((words for begins, words in _WORDS.items() if begins in said), said)


def _encoding(mapping: FileMapping) -> str:
    """Return the encoding to read with: of UTF-8, without the mark at its beginning.

    Excel writes that mark; as a part of the first column's name it would not be seen.
    """
    is_utf8 = codecs.lookup(mapping.encoding).name == "utf-8"
    return "utf-8-sig" if is_utf8 else mapping.encoding
