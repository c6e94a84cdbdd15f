"""The rows that could not be imported, in a file of their own."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from application.imports.progress import Progress
from application.imports.source.source_row import Row
from application.operator_error import OperatorError
from application.whole_files import PRIVATE

COLUMNS = ("line", "reason")


class RejectsTaken(OperatorError):
    """The rejects cannot be written to their path: something else is there."""


class Rejects:
    """The file of bad rows: line, reason, and the row as it is in the source.

    It replaces a file of rejects, but no other file, and it is deleted once no row is
    bad. Only its owner can read it, because it has personal data as the source has it.
    Without `keeps`, bad rows are only counted.
    """

    def __init__(
        self, path: Path, header: Sequence[str], begun: Progress, *, keeps: bool = True
    ) -> None:
        self._path = path
        self._keeps = keeps
        self._header = header
        self._size = begun.rejects_size
        self._out: TextIO | None = None
        self.count = begun.rejected

    def check(self, sources: Sequence[Path]) -> None:
        """Raise RejectsTaken unless the path is free or has a file of rejects."""
        if not self._keeps:
            return
        if not self._path.parent.is_dir():
            raise RejectsTaken(f"--rejects {self._path}: there is no such folder")
        if not self._path.exists():
            return
        if any(self._path.samefile(source) for source in sources):
            raise RejectsTaken(f"--rejects {self._path}: is a file to import")
        if not self._path.is_file() or not is_rejects(self._path, empty=True):
            raise RejectsTaken(
                f"--rejects {self._path}: is there already, and holds no rejects"
            )

    def __enter__(self) -> Self:
        if self._keeps and self._size and self._path.exists():
            self._open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._out is not None:
            self._out.close()
        if self._keeps and error is None and not self.count:
            self._path.unlink(missing_ok=True)

    def add(self, row: Row, reason: str) -> None:
        """Write a bad row, and count it."""
        if self._keeps:
            out = self._out or self._open()
            csv.writer(out).writerow([row.place, reason, *map(_cell, row.cells)])
        self.count += 1

    def mark(self) -> tuple[int, int]:
        """Return where the rejects are now, to go back to."""
        return self.count, self.flush()

    def back_to(self, mark: tuple[int, int]) -> None:
        """Forget the rejects after a mark: their batch is tried again."""
        self.count, self._size = mark
        if self._out is not None:
            self._out.flush()
            self._out.seek(self._size)
            self._out.truncate()

    def flush(self) -> int:
        """Wait until all is on the disk; return the file's size in bytes."""
        if self._out is None:
            return self._size
        self._out.flush()
        os.fsync(self._out.fileno())
        self._size = self._path.stat().st_size
        return self._size

    def _open(self) -> TextIO:
        """Open the file at the end of its committed part, and cut off the rest.

        The rest was written by a run that was stopped before it had committed those
        rows; they are read again.
        """
        kept = self._size if self._path.exists() else 0
        raw = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, PRIVATE), "r+b")
        raw.truncate(kept)
        raw.seek(kept)
        out = TextIOWrapper(raw, "utf-8", errors="surrogateescape", newline="")
        if not kept:
            csv.writer(out).writerow([*COLUMNS, *self._header])
        self._out = out
        return out


def _cell(value: Any) -> str:
    """Return a cell as the source has it; lists and tables as JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def is_rejects(path: Path, *, empty: bool = False) -> bool:
    """Tell whether a file has rejects; `empty`: one of a run that was stopped, too."""
    begins = f"{','.join(COLUMNS)},".encode()
    with path.open("rb") as file:
        found = file.read(len(begins))
    return found == begins or (empty and not found)
