"""Asks the lake in SQL, by DuckDB in this process: its tables as views."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
from deltalake import DeltaTable
from duckdb import DuckDBPyConnection

from projections.lake.lake_errors import LakeWrong
from projections.lake.lake_store import Lake
from projections.lake.lake_tables import CASE_TABLES, EVENTS, TABLES, LakeTable

TRIES = 5
"""How often the tables are opened anew, while an exporter brings them on."""

MEMORY = "2GB"

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
    connection = duckdb.connect(
        config={
            "memory_limit": memory,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    try:
        connection.execute("SET TimeZone = 'UTC'")
        for table, opened in tables.items():
            _show(connection, lake, table, opened)
        if not lake.is_remote:
            folder = str(Path(lake.place).resolve()).replace("'", "''")
            connection.execute(f"SET allowed_directories = ['{folder}/']")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection, position
    finally:
        connection.close()


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
    held = connection.sql(f"SELECT * FROM {source} LIMIT 0").columns
    if not {*table.schema.names} <= {*held}:
        # A lake of an earlier version has the newer columns in no file yet.
        both = f"SELECT * FROM {source} UNION ALL BY NAME FROM {_empty(table)}"
        source = f"({both})"
    columns = ", ".join(f'"{name}"' for name in table.schema.names)
    chosen = f'CREATE VIEW "{table.name}" AS SELECT {columns} FROM {source}'
    if table in CASE_TABLES:
        # All rows of a case are written together, with its last event's position.
        # A window over all columns takes twice as long as this join.
        last = f'SELECT "case", max(position) AS position FROM {source} GROUP BY 1'
        chosen += f' SEMI JOIN ({last}) AS last_rows USING ("case", position)'
    connection.execute(chosen)


def _source(
    connection: DuckDBPyConnection,
    lake: Lake,
    table: LakeTable,
    opened: DeltaTable,
) -> str:
    """Return the SQL for the rows of a table's files, for a FROM clause.

    Views of them would be listed by SHOW TABLES beside the tables.
    """
    files: Sequence[str] = opened.file_uris()
    if not files:
        return _empty(table)
    if lake.is_remote:
        # An object store: read by Arrow, which has its credentials already.
        name = f"{table.name}_files"
        connection.register(name, opened.to_pyarrow_dataset())
        return name
    listed = ", ".join("'" + one.replace("'", "''") + "'" for one in files)
    types = ""
    if table.partition:
        kind = table.schema.field(table.partition).type
        word = "BIGINT" if kind == "int64" else "VARCHAR"
        types = f", hive_types = {{'{table.partition}': {word}}}"
    return (
        f"read_parquet([{listed}], hive_partitioning = true, union_by_name = true"
        f"{types})"
    )


def _empty(table: LakeTable) -> str:
    """Return the SQL for no rows, with the columns of a table."""
    columns = ", ".join(
        f'CAST(NULL AS {_word(one.type)}) AS "{one.name}"' for one in table.schema
    )
    return f"(SELECT {columns} WHERE false)"


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
