"""The files of a table, which on a disk Arrow itself reads and writes.

For deltalake's own file system Arrow's threads call back into Python. A thread that is
still reading ahead when a damaged file ends the program then ends it by a signal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

import pyarrow as pa
from deltalake import DeltaTable
from deltalake.fs import DeltaStorageHandler
from pyarrow.dataset import Dataset
from pyarrow.fs import FileSystem, LocalFileSystem, PyFileSystem, SubTreeFileSystem
from pyarrow.parquet import ParquetFile

AT_A_TIME = 2_000
"""Rows that are read at a time."""


def data_of(opened: DeltaTable) -> Dataset:
    """Return the files of a table as one set of data."""
    local = _on_disk(opened)
    return opened.to_pyarrow_dataset(filesystem=local)


def files_of(opened: DeltaTable, options: Mapping[str, str] | None) -> FileSystem:
    """Return the place of a table's files, by their paths in it.

    `options` are those of the object store, if it is one.
    """
    if (local := _on_disk(opened)) is not None:
        return local
    given = dict(options) if options else None
    return PyFileSystem(DeltaStorageHandler(opened.table_uri, given))


def _on_disk(opened: DeltaTable) -> FileSystem | None:
    """Return the folder of a table; None for an object store."""
    place = urlsplit(opened.table_uri)
    if place.scheme not in {"", "file"}:
        return None
    return SubTreeFileSystem(unquote(place.path), LocalFileSystem())


def rows_of(opened: DeltaTable) -> pa.Table:
    """Return all rows of a table."""
    return data_of(opened).to_table()


def stream_of(
    opened: DeltaTable,
    schema: pa.Schema,
    options: Mapping[str, str] | None,
    only: tuple[str, str] | None = None,
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a table, or of a partition (column and value), few at a time.

    One file is open at a time. Arrow's own scan of a set of data keeps of each file
    what it tells of some hundred columns, which is more than the rows take.
    """
    files = files_of(opened, options)
    for path, values in _listed(opened):
        if only is not None and values[only[0]] != only[1]:
            continue
        with ParquetFile(files.open_input_file(path), pre_buffer=False) as file:
            for batch in file.iter_batches(AT_A_TIME, use_threads=False):
                yield _whole(batch, schema, values)


def _listed(opened: DeltaTable) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the path of each file of a table, and the values of its partition."""
    columns = opened.metadata().partition_columns
    for action in pa.table(opened.get_add_actions(flatten=True)).to_pylist():
        yield (
            action["path"],
            {one: str(action[f"partition.{one}"]) for one in columns},
        )


def _whole(
    batch: pa.RecordBatch, schema: pa.Schema, values: Mapping[str, str]
) -> pa.RecordBatch:
    """Add what is not in the file: its partition, and columns of a later version."""
    held, rows = {*batch.schema.names}, batch.num_rows

    def column(field: pa.Field) -> pa.Array:
        if field.name in held:
            return batch[field.name].cast(field.type)
        value = pa.scalar(values.get(field.name)).cast(field.type)
        return pa.repeat(value, rows)

    return pa.RecordBatch.from_arrays([column(one) for one in schema], schema=schema)
