"""The files of a source: their places, and what each of them is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from msgspec import Struct

from application.imports.mapping import Format, MappingError, TableSource
from application.imports.source.csv_reader import opened_csv
from application.imports.source.json_lines import opened_json_lines
from application.imports.source.packed_files import PACKED
from application.imports.source.source_row import Row, Table, named
from application.imports.source.text_lines import opened_text_lines
from application.imports.source.workbook_reader import Workbook

_ENDS = {
    ".csv": Format.CSV,
    ".txt": Format.CSV,
    ".tsv": Format.TSV,
    ".tab": Format.TSV,
    ".json": Format.JSON,
    ".jsonl": Format.JSON_LINES,
    ".ndjson": Format.JSON_LINES,
    ".parquet": Format.PARQUET,
    ".xlsx": Format.WORKBOOK,
    ".xlsm": Format.WORKBOOK,
}
BY_QUERY = frozenset({Format.JSON, Format.PARQUET})
"""Formats that only the database of queries reads."""


def format_of(path: Path, table: TableSource) -> Format:
    """Return what a file is: as it is said, or by the end of its name."""
    if table.format is not None:
        return table.format
    ends = [one.lower() for one in path.suffixes]
    while ends and ends[-1] in PACKED:
        ends.pop()
    # A file without a known end has always been read as CSV.
    return _ENDS.get(ends[-1] if ends else "", Format.CSV)


def files_of(table: TableSource, folder: Path) -> tuple[Path, ...]:
    """Return the files that a table names, in order. Raises MappingError."""
    patterns = (table.files,) if isinstance(table.files, str) else table.files
    found: dict[Path, None] = {}
    for pattern in patterns:
        path = folder / pattern
        if path.is_file():
            found[path] = None
            continue
        matching = sorted(one for one in _glob(folder, pattern) if one.is_file())
        if not matching:
            raise MappingError(f"source: no file is called {pattern} in {folder}")
        found.update(dict.fromkeys(matching))
    return tuple(found)


def _glob(folder: Path, pattern: str) -> Iterator[Path]:
    path = Path(pattern)
    if path.is_absolute():
        return Path(path.anchor).glob(str(path.relative_to(path.anchor)))
    return folder.glob(pattern)


class Reading(Struct, frozen=True):
    """How the files of a table are read; `names`: columns that the mapping names."""

    table: TableSource
    encoding: str
    delimiter: str
    names: frozenset[str] = frozenset()


@contextmanager
def opened_plain(path: Path, how: Reading) -> Iterator[Table]:
    """Open a file that is a table by itself. Raises MappingError."""
    kind = format_of(path, how.table)
    encoding = how.table.encoding or how.encoding
    if kind is Format.WORKBOOK:
        yield Workbook(path, how.table.sheet)
    elif kind is Format.LINES:
        with opened_text_lines(path, encoding) as lines_of_text:
            yield lines_of_text
    elif kind is Format.JSON_LINES:
        with opened_json_lines(path, how.names) as lines:
            yield lines
    else:
        usual = "\t" if kind is Format.TSV else how.delimiter
        with opened_csv(path, encoding, how.table.delimiter or usual) as file:
            yield file


class SeveralFiles:
    """Files of the same columns as one table; rows name the file they are from."""

    def __init__(self, paths: Sequence[Path], how: Reading) -> None:
        self._paths = paths
        self._how = how
        self._done = 0
        self._open: Table | None = None
        with opened_plain(paths[0], how) as first:
            self.header = first.header

    @property
    def share_read(self) -> float:
        """Return the share of the files that has been read, from 0 to 1."""
        within = self._open.share_read if self._open else 0.0
        return min(1.0, (self._done + within) / len(self._paths))

    def rows(self) -> Iterator[Row]:
        """Yield the rows of each file in turn. Raises MappingError."""
        for path in self._paths:
            with opened_plain(path, self._how) as table:
                self._open = table
                order = self._order(path, table.header)
                for row in table.rows():
                    cells = row.cells
                    if row.wrong is None and order is not None:
                        cells = tuple(cells[place] for place in order)
                    yield Row(row.line, cells, row.wrong, path.name)
            self._open = None
            self._done += 1

    def _order(self, path: Path, header: tuple[str, ...]) -> list[int] | None:
        """Return the places of the first file's columns; None: the same ones."""
        if header == self.header:
            return None
        if sorted(header) != sorted(self.header):
            first = self._paths[0].name
            raise MappingError(
                f"{path}: has other columns than {first}: {named(header)}"
            )
        return [header.index(name) for name in self.header]


@contextmanager
def opened_files(paths: Sequence[Path], how: Reading) -> Iterator[Table]:
    """Open one or several files of the same columns. Raises MappingError."""
    with ExitStack() as files:
        if len(paths) == 1:
            yield files.enter_context(opened_plain(paths[0], how))
        else:
            yield SeveralFiles(paths, how)
