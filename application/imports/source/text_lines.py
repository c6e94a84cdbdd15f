"""Reads any text as a table of its lines, for queries that take them apart."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from application.imports.source.csv_reader import KEPT_OF_A_LONG_LINE, LONGEST_LINE
from application.imports.source.packed_files import Packed, opened_file
from application.imports.source.source_row import Row


@contextmanager
def opened_text_lines(path: Path, encoding: str) -> Iterator[TextLines]:
    """Open a text file."""
    with opened_file(path) as packed:
        text = io.TextIOWrapper(packed.content, encoding, errors="surrogateescape")
        yield TextLines(packed, text)
        # The file is closed by what opened it.
        text.detach()


class TextLines:
    """An open text file, at its first line."""

    header: tuple[str, ...] = ("line",)

    def __init__(self, packed: Packed, text: TextIO) -> None:
        self._packed = packed
        self._text = text

    @property
    def share_read(self) -> float:
        """Return the share of the file that has been read, from 0 to 1."""
        return self._packed.share_read

    def rows(self) -> Iterator[Row]:
        """Yield every line, good or bad."""
        number = 0
        while line := self._text.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE and not line.endswith("\n"):
                kept = line[:KEPT_OF_A_LONG_LINE]
                while line and not line.endswith("\n"):
                    line = self._text.readline(LONGEST_LINE)
                yield Row(number, (kept,), f"the line is longer than {LONGEST_LINE:,}")
                continue
            line = line.rstrip("\r\n")
            is_text = not any("\ud800" <= one <= "\udfff" for one in line)
            yield Row(number, (line,), None if is_text else "not text in its encoding")
