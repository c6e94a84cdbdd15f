"""Reads a CSV file record by record, and says of a bad one what is bad."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct

from application.importing.mapping import FileMapping, MappingError

if TYPE_CHECKING:
    from _csv import Reader

LONGEST_FIELD = 1 << 20


class Row(Struct, frozen=True):
    """A record: the line it begins on, its cells, and what is wrong with it."""

    line: int
    cells: tuple[str, ...]
    wrong: str | None = None


@contextmanager
def opened(path: Path, mapping: FileMapping) -> Iterator[CsvFile]:
    """Open a CSV file. Raises MappingError if it does not begin with a header."""
    csv.field_size_limit(LONGEST_FIELD)
    # Bytes that are not text become lone surrogates, and their row is rejected.
    with (
        path.open("rb") as raw,
        io.TextIOWrapper(
            raw, encoding=mapping.encoding, errors="surrogateescape", newline=""
        ) as text,
    ):
        reader = csv.reader(text, delimiter=mapping.delimiter, strict=True)
        yield CsvFile(path, raw, reader)


class CsvFile:
    """An open CSV file, at its first record."""

    def __init__(self, path: Path, raw: BinaryIO, reader: Reader) -> None:
        self._raw = raw
        self._size = path.stat().st_size
        self._reader = reader
        self.header = self._header(path)

    @property
    def share_read(self) -> float:
        """Return how much of the file has been read, 0 to 1."""
        return min(1.0, self._raw.tell() / self._size) if self._size else 1.0

    def rows(self) -> Iterator[Row]:
        """Yield every record, good or bad; blank lines are none."""
        while True:
            line = self._reader.line_num + 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except (csv.Error, UnicodeError) as error:
                yield Row(line, (), f"not CSV: {error}")
                continue
            if cells:
                yield Row(line, tuple(cells), self._wrong(cells))

    def _wrong(self, cells: list[str]) -> str | None:
        if len(cells) != len(self.header):
            return f"has {len(cells)} fields, the header has {len(self.header)}"
        for name, cell in zip(self.header, cells, strict=True):
            if not cell.isascii() and any(
                "\ud800" <= char <= "\udfff" for char in cell
            ):
                return f"{name}: not text in the file's encoding"
            if "\x00" in cell:
                return f"{name}: holds a NUL"
        return None

    def _header(self, path: Path) -> tuple[str, ...]:
        try:
            return tuple(next(self._reader))
        except StopIteration:
            raise MappingError(f"{path}: the file is empty") from None
        except (csv.Error, UnicodeError) as error:
            raise MappingError(f"{path}: the header is not CSV: {error}") from None


def _is_text(cell: str) -> bool:
    try:
        cell.encode()
    except UnicodeEncodeError:
        return False
    return True


def columns_of(mapping: FileMapping, header: tuple[str, ...]) -> Mapping[object, int]:
    """Find each column that a mapping names, by any of its names.

    Raises MappingError naming all that the file does not have.
    """
    places: dict[object, int] = {}
    missing = []
    for columns in _named(mapping):
        names = (columns,) if isinstance(columns, str) else columns
        found = [header.index(name) for name in names if name in header]
        if found:
            places[columns] = found[0]
        else:
            missing.append(" or ".join(names))
    if missing:
        raise MappingError(
            f"the file has no column {', '.join(sorted(set(missing)))}; "
            f"it has {', '.join(header)}"
        )
    return places


def _named(mapping: FileMapping) -> Iterator[str | tuple[str, ...]]:
    yield mapping.id
    for fact in mapping.facts:
        yield fact.at.column
        for condition in fact.when:
            yield condition.column
        for rule in fact.fields.values():
            if rule.column is not None:
                yield rule.column
