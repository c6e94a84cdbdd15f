"""Reads a CSV file record by record, and says what is wrong with a bad record.

A quote that is never closed costs only its own line. A record of several lines counts
only if it has as many fields as the header. Otherwise its first line is a bad row, and
the next record begins with its second line.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self, TextIO

from application.imports.mapping import MappingError
from application.imports.source.packed_files import Packed, looks_like, opened_file
from application.imports.source.source_row import Row

LONGEST_FIELD = 1 << 20
"""The csv module allows 131,072 characters if nothing else is set."""

LONGEST_LINE = 4 << 20
"""In characters. A file without an end of line would else be read as a whole."""

KEPT_OF_A_LONG_LINE = 1_000


class LongLine(Exception):
    """A line is longer than any row; the file is at its end now."""


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
        if self._again:
            line = self._again.popleft()
        else:
            line = self._text.readline(LONGEST_LINE)
            if len(line) == LONGEST_LINE and not line.endswith("\n"):
                self._pass(line)
        if not line:
            raise StopIteration
        self._taken.append(line)
        return line

    def _pass(self, line: str) -> None:
        """Read on to the end of a line that is too long. Raises LongLine."""
        self._taken.append(line[:KEPT_OF_A_LONG_LINE])
        while line and not line.endswith("\n"):
            line = self._text.readline(LONGEST_LINE)
        raise LongLine

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
def opened_csv(path: Path, encoding: str, delimiter: str) -> Iterator[CsvFile]:
    """Open a CSV file. Raises MappingError if it does not begin with a header."""
    csv.field_size_limit(LONGEST_FIELD)
    with opened_file(path) as packed:
        # Bytes that are not text become lone surrogates, and their row is rejected.
        text = io.TextIOWrapper(
            packed.content,
            encoding=_encoding(encoding),
            errors="surrogateescape",
            newline="",
        )
        yield CsvFile(path, packed, text, (encoding, delimiter))
        # The file is closed by what opened it.
        text.detach()


class CsvFile:
    """An open CSV file, at its first record."""

    def __init__(
        self, path: Path, packed: Packed, text: TextIO, how: tuple[str, str]
    ) -> None:
        encoding, delimiter = how
        self._path = path
        self._packed = packed
        self._lines = Lines(text)
        self._encoding = encoding
        self._odd = f"not text in {encoding}: say the file's encoding"
        self._reader = csv.reader(self._lines, delimiter=delimiter, strict=True)
        self.header = self._header()

    @property
    def share_read(self) -> float:
        """Return the share of the file that has been read, from 0 to 1."""
        return self._packed.share_read

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
            except LongLine:
                row = self._broken(f"the line is longer than {LONGEST_LINE:,}")
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
            header = tuple(next(self._reader))
        except StopIteration:
            raise MappingError(f"{self._path}: the file is empty") from None
        except csv.Error as error:
            said = f"the header is not CSV: {_words(error)}"
        except LongLine:
            said = f"the header is longer than {LONGEST_LINE:,}"
        except UnicodeError:
            said = f"the header is {self._odd}"
        else:
            if _is_text(header):
                return header
            said = f"the header is {self._odd}"
        hint = looks_like(self._path) or _encoding_hint(self._path)
        raise MappingError(f"{self._path}: {said}{f'; {hint}' if hint else ''}")


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


def _encoding(encoding: str) -> str:
    """Return the encoding to read with: of UTF-8, without the mark at its beginning.

    Excel writes that mark; as a part of the first column's name it would not be seen.
    """
    is_utf8 = codecs.lookup(encoding).name == "utf-8"
    return "utf-8-sig" if is_utf8 else encoding


_NO_TEXT = re.compile("[\0\ud800-\udfff]")


def _is_text(header: tuple[str, ...]) -> bool:
    return _NO_TEXT.search("".join(header)) is None


_CHINESE = re.compile("[\u4e00-\u9fff]")


def _encoding_hint(path: Path) -> str | None:
    """Return a hint if the first line is text in the encoding of Chinese Windows."""
    with path.open("rb") as file:
        line = file.readline(LONGEST_FIELD)
    try:
        text = line.decode("gb18030")
    except UnicodeDecodeError:
        return None
    is_chinese = _CHINESE.search(text) is not None and text.strip().isprintable()
    return 'it reads as Chinese with encoding = "gb18030"' if is_chinese else None
