"""Asks the lake in SQL, by DuckDB in this process: its tables as views."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
from deltalake import DeltaTable
from duckdb import DuckDBPyConnection, DuckDBPyRelation

from application.exports.spill_folder import spill_folder
from projections.lake.lake_errors import LakeWrong
from projections.lake.lake_store import Lake
from projections.lake.lake_tables import CASE_TABLES, EVENTS, TABLES, LakeTable

TRIES = 5
"""How often the tables are opened anew, while an exporter brings them on."""

MEMORY = "2GB"
OF_THREAD = 128
"""Megabytes of it for each thread: with fewer, many cores run out of it."""

SPILL = "redress-query-"
"""How the folders begin of what does not fit into memory; they are temporary files."""

_PLACED: Sequence[LakeTable] = (EVENTS, *CASE_TABLES)
"""The tables that go up to an event: dimensions and the log are as they are."""


@contextmanager
def opened_lake(
    lake: Lake, tables: Sequence[LakeTable] = TABLES, *, memory: str = MEMORY
) -> Iterator[tuple[DuckDBPyConnection, int]]:
    """Yield a session that sees tables of a lake, and up to which event they go.

    Tables of cases show the last rows of each case only. The session reads these files
    and nothing else: no network, no extensions. Raises LakeWrong.
    """
    with lake.errors(), _session(lake, tables, memory) as found:
        yield found


@contextmanager
def _session(
    lake: Lake, wanted: Sequence[LakeTable], memory: str
) -> Iterator[tuple[DuckDBPyConnection, int]]:
    tables, position = standing(lake, wanted)
    # In memory: nothing of an analyst's work is left behind.
    with (
        spill_folder(SPILL) as spilt,
        closing(_connection(memory, spilt)) as connection,
    ):
        for table, opened in tables.items():
            _show(connection, lake, table, opened)
        if not lake.is_remote:
            folder = str(Path(lake.place).resolve()).replace("'", "''")
            connection.execute(f"SET allowed_directories = ['{folder}/']")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection, position


def _connection(memory: str, spilt: Path) -> DuckDBPyConnection:
    connection = duckdb.connect(
        config={
            "memory_limit": memory,
            "threads": _threads(memory),
            # Its own choice is a folder `.tmp` where the program was started.
            "temp_directory": str(spilt),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    # For all sessions: a cursor is one of its own.
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    return connection


def _threads(memory: str) -> int:
    """Return how many threads a memory is enough for: each reads and sorts its own."""
    number, unit = int(memory[:-2]), memory[-2:]
    of_thread = OF_THREAD if unit == "MB" else OF_THREAD / 1024
    return max(1, min(os.cpu_count() or 1, int(number / of_thread)))


def standing(
    lake: Lake, wanted: Sequence[LakeTable] = TABLES
) -> tuple[Mapping[LakeTable, DeltaTable], int]:
    """Open tables as they are at one position. Raises LakeWrong."""
    positions: set[int] = set()
    for _ in range(TRIES):
        tables = {one: lake.open(one) for one in wanted}
        positions = {
            position
            for one, opened in tables.items()
            if one in _PLACED
            for position in lake.positions(one, opened).values()
        }
        if len(positions) == 1:
            return tables, positions.pop()
    said = f"its tables end at positions {sorted(positions)}: finish its export first"
    raise LakeWrong(f"{lake.place}: {said}")


def _show(
    connection: DuckDBPyConnection,
    lake: Lake,
    table: LakeTable,
    opened: DeltaTable,
) -> None:
    source = _source(connection, lake, table, opened)
    held = {*source.columns}
    # A lake of an earlier version has the newer columns in no file yet.
    columns = ", ".join(
        f'"{one.name}"' if one.name in held else _nothing(one) for one in table.schema
    )
    if table in CASE_TABLES:
        # All rows of a case are written together, with its last event's position.
        # A window over all columns takes twice as long as this join.
        last = source.aggregate('"case", max(position) AS position', '"case"')
        of_last = 'every."case" = last."case" AND every.position = last.position'
        every = source.set_alias("every")
        source = every.join(last.set_alias("last"), of_last, how="semi")
    source.project(columns).create_view(table.name)


def _source(
    connection: DuckDBPyConnection,
    lake: Lake,
    table: LakeTable,
    opened: DeltaTable,
) -> DuckDBPyRelation:
    """Return the rows of a table's files.

    It has no name: SHOW TABLES would list it beside the tables.
    """
    files: Sequence[str] = opened.file_uris()
    if not files:
        columns = ", ".join(map(_nothing, table.schema))
        return connection.sql(f"SELECT {columns} WHERE false")
    if lake.is_remote:
        # An object store: read by Arrow, which has its credentials already.
        return connection.from_arrow(opened.to_pyarrow_dataset())
    listed = ", ".join("'" + one.replace("'", "''") + "'" for one in files)
    types = ""
    if table.partition:
        kind = table.schema.field(table.partition).type
        word = "BIGINT" if kind == "int64" else "VARCHAR"
        types = f", hive_types = {{'{table.partition}': {word}}}"
    return connection.sql(
        f"FROM read_parquet([{listed}], hive_partitioning = true, union_by_name = true"
        f"{types})"
    )


def _nothing(column: pa.Field) -> str:
    return f'CAST(NULL AS {_word(column.type)}) AS "{column.name}"'


def _word(kind: pa.DataType) -> str:
    """Return how DuckDB calls a type of Arrow."""
    if pa.types.is_list(kind):
        return f"{_word(kind.value_type)}[]"
    return _TYPES[str(kind)]


_TYPES = {
    "string": "VARCHAR",
    "int64": "BIGINT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "timestamp[us, tz=UTC]": "TIMESTAMPTZ",
}
