"""A source that is a query: tables of files in an embedded database, and one SELECT.

The database (DuckDB) sees the files of the source and nothing else: no network, no
other file, no extension from elsewhere, and no more memory than it is given. What does
not fit there lies in a private folder, and is gone afterwards.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from application.exports.spill_folder import spill_folder
from application.imports.cells import BadRow, as_text
from application.imports.mapping import Format, MappingError
from application.imports.source.source_files import (
    BY_QUERY,
    Reading,
    format_of,
    opened_files,
)
from application.imports.source.source_row import Row, shown

WHOLE = "SELECT * FROM source"
"""The query of a source that says none."""

MEMORY = "160MB"
LOADED = 5_000
"""How many rows are handed over at once."""

MOST_BAD = 10_000
"""So many rows of a query's files may be bad; they are kept until it has run."""

LINE = "_line"
"""The column that says where a row stands in its file; a query may select it."""

_READERS = {Format.PARQUET: "read_parquet", Format.JSON: "read_json"}
_NEEDED = "a query, Parquet and JSON need the extra `import`: pip install '.[import]'"


class QueryTable:
    """The rows of a query, which lie in a table of the database."""

    def __init__(self, connection: Any, bad: Sequence[Row]) -> None:
        self._connection = connection
        self._bad = bad
        described = connection.execute("DESCRIBE result").fetchall()
        names = [str(row[0]) for row in described]
        self._line = names.index(LINE) if LINE in names else None
        self.header = tuple(name for name in names if name != LINE)
        self._all = int(
            connection.execute("SELECT count(*) FROM result").fetchall()[0][0]
        )
        self._read = 0

    @property
    def share_read(self) -> float:
        """Return the share of the rows that has been read, from 0 to 1."""
        return self._read / self._all if self._all else 1.0

    def rows(self) -> Iterator[Row]:
        """Yield the rows that files could not be read by, then those of the query."""
        yield from self._bad
        found = self._connection.sql("SELECT * FROM result")
        for batch in found.to_arrow_reader(LOADED):
            columns = [column.to_pylist() for column in batch.columns]
            for cells in zip(*columns, strict=True):
                self._read += 1
                yield self._row(cells)

    def _row(self, cells: tuple[Any, ...]) -> Row:
        line = self._read
        if self._line is not None:
            given = cells[self._line]
            line = given if isinstance(given, int) else line
            cells = cells[: self._line] + cells[self._line + 1 :]
        plain = tuple(map(_plain, cells))
        wrong = "holds a NUL" if any("\0" in str(one) for one in plain) else None
        return Row(line, plain, wrong)


@contextmanager
def opened_query(
    tables: Mapping[str, tuple[Sequence[Path], Reading]], sql: str
) -> Iterator[QueryTable]:
    """Run a query over tables of files. Raises MappingError."""
    try:
        import duckdb  # noqa: PLC0415 - an extra
        import pyarrow as pa  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        raise MappingError(_NEEDED) from None
    with spill_folder("redress-import-") as folder:
        connection = duckdb.connect(f"{folder}/source.duckdb", config=_limits(folder))
        try:
            connection.execute("SET TimeZone = 'UTC'")
            bad = _loaded(connection, tables, pa.table)
            _close_doors(connection, tables)
            _run(connection, sql, duckdb)
            yield QueryTable(connection, bad)
        except duckdb.OutOfMemoryException:
            raise MappingError(f"source.sql: needs more than {MEMORY}") from None
        except duckdb.Error as error:
            raise MappingError(_said(error, tables, sql)) from None
        finally:
            connection.close()


def _limits(folder: Path) -> dict[str, Any]:
    return {
        "memory_limit": MEMORY,
        # One thread reads in one order, so that an import can go on where it stopped.
        "threads": 1,
        "temp_directory": f"{folder}/spilled",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "python_enable_replacements": "false",
    }


def _loaded(
    connection: Any,
    tables: Mapping[str, tuple[Sequence[Path], Reading]],
    table_of: Any,
) -> list[Row]:
    """Make the tables; return the rows that could not be read."""
    bad: list[Row] = []
    for name, (paths, how) in tables.items():
        kinds = {format_of(path, how.table) for path in paths}
        if kinds & BY_QUERY:
            if len(kinds) > 1:
                raise MappingError(f"source.{name}: has files of several formats")
            files = ", ".join(_quoted(str(path)) for path in paths)
            reader = _READERS[kinds.pop()]
            connection.execute(
                f'CREATE VIEW "{name}" AS SELECT * FROM {reader}([{files}])'
            )
        else:
            with opened_files(paths, how) as table:
                _load(connection, name, table, (table_of, bad))
    return bad


def _load(connection: Any, name: str, table: Any, into: tuple[Any, list[Row]]) -> None:
    """Copy a table into the database: columns as texts, and the line of each row."""
    table_of, bad = into
    columns = [one.replace('"', '""') for one in table.header]
    declared = ", ".join(f'"{one}" VARCHAR' for one in columns)
    connection.execute(f'CREATE TABLE "{name}" ({declared}, {LINE} BIGINT)')
    rows = _good(table.rows(), bad)
    numbered = [f"c{place}" for place in range(len(columns) + 1)]
    while part := list(islice(rows, LOADED)):
        texts = [(*map(_text, row.cells), row.line) for row in part]
        batch = dict(zip(numbered, zip(*texts, strict=True), strict=True))
        connection.register("part", table_of({k: list(v) for k, v in batch.items()}))
        connection.execute(f'INSERT INTO "{name}" SELECT * FROM part')
        connection.unregister("part")


def _text(cell: Any) -> str:
    """Return a cell as a text; lists and tables as JSON, which queries take apart."""
    if isinstance(cell, list | dict):
        return json.dumps(cell, ensure_ascii=False, default=str)
    try:
        return as_text(cell)
    except BadRow:
        return repr(cell)


def _plain(cell: Any) -> Any:
    """Return a cell as a text; what is none as it is, for the row to be rejected."""
    try:
        return as_text(cell)
    except BadRow:
        return cell


def _good(rows: Iterator[Row], bad: list[Row]) -> Iterator[Row]:
    for row in rows:
        if row.wrong is None:
            yield row
        elif len(bad) < MOST_BAD:
            bad.append(row)
        else:
            first = f"{bad[0].place}: {bad[0].wrong}"
            said = f"more than {MOST_BAD:,} rows cannot be read, the first at {first}"
            raise MappingError(f"source: {said}")


def _close_doors(
    connection: Any, tables: Mapping[str, tuple[Sequence[Path], Reading]]
) -> None:
    """Leave the files of the source, and nothing else, to be read."""
    paths = [path for paths, _ in tables.values() for path in paths]
    allowed = ", ".join(_quoted(str(path)) for path in paths)
    connection.execute(f"SET allowed_paths = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _run(connection: Any, sql: str, duckdb: Any) -> None:
    statements = connection.extract_statements(sql)
    kinds = [one.type for one in statements]
    if kinds != [duckdb.StatementType.SELECT]:
        raise MappingError("source.sql: has to be one SELECT")
    # A table would rename the second of two columns, and the first would be taken.
    described = connection.execute(f"DESCRIBE {sql.rstrip().rstrip(';')}").fetchall()
    counts = Counter(str(row[0]) for row in described)
    if twice := [name for name, count in counts.items() if count > 1]:
        names = ", ".join(map(shown, twice))
        raise MappingError(
            f"source.sql: has several columns of one name: {names};"
            " SELECT * EXCLUDE (…) leaves the old one out"
        )
    connection.execute(f"CREATE TABLE result AS {sql.rstrip().rstrip(';')}")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _said(
    error: Exception, tables: Mapping[str, tuple[Sequence[Path], Reading]], sql: str
) -> str:
    """Return what is wrong with a query, as far as its author can use it.

    Of a file that is read as a whole it only says that it cannot be read: the
    database's words would show what stands in it.
    """
    if sql == WHOLE:
        named = ", ".join(
            f"{path.name} as {format_of(path, how.table)}"
            for paths, how in tables.values()
            for path in paths
        )
        return f"source: cannot be read: {named}"
    return f"source.sql: {shown(str(error).split(chr(10), 1)[0], 300)}"
