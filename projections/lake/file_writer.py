"""Writes rows into new files of a Delta table, few of them in memory at a time.

The files are Arrow's; the library commits them. Its own writer takes a quarter of an
export's time, and 100 MB more in each process (decision 103).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from uuid import uuid4

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable
from deltalake.transaction import AddAction, RemoveAction
from pyarrow.fs import FileSystem
from pyarrow.parquet import ParquetWriter

from projections.lake.table_data import files_of

GROUP = 20_000
"""Rows of a group, which wait in memory until there are as many."""

FILE = 32 * 1024 * 1024
"""Bytes of a file, after which another one is begun."""

_ORDER = "position"
"""The column of whose values a file tells the first and the last: readers choose by it.

All tables that are read by parts have it.
"""


def write_files(
    opened: DeltaTable,
    rows: Iterable[pa.RecordBatch],
    options: Mapping[str, str] | None = None,
) -> tuple[list[AddAction | RemoveAction], pa.Schema | None]:
    """Write rows; return what to commit, and their columns. None: there are no rows."""
    parts = _Parts(opened, options)
    schema = None
    for batch in rows:
        schema = batch.schema
        parts.add(batch)
    return parts.closed(), schema


class _Parts:
    """The files that are being written, by the value of the table's partition."""

    def __init__(self, opened: DeltaTable, options: Mapping[str, str] | None) -> None:
        columns = opened.metadata().partition_columns
        self._column = columns[0] if columns else None
        self._files = files_of(opened, options)
        self._opened: dict[str | None, _Part] = {}
        self._done: list[AddAction | RemoveAction] = []

    def add(self, batch: pa.RecordBatch) -> None:
        """Take rows, of whichever partitions they are."""
        for value, own in self._parted(batch):
            if value not in self._opened:
                self._opened[value] = _Part(self._files, self._column, value)
            self._opened[value].add(own)
        while sum(one.waiting for one in self._opened.values()) >= GROUP:
            most = max(self._opened.values(), key=lambda one: one.waiting)
            self._done += most.flush()

    def closed(self) -> list[AddAction | RemoveAction]:
        """Write what waits; return all files."""
        for one in self._opened.values():
            self._done += [*one.flush(), *one.close()]
        self._opened.clear()
        return self._done

    def _parted(
        self, batch: pa.RecordBatch
    ) -> Iterator[tuple[str | None, pa.RecordBatch]]:
        if self._column is None:
            yield None, batch
            return
        column = batch[self._column]
        own = batch.drop_columns([self._column])
        values = column.unique()
        for value in values:
            chosen = own.filter(pc.equal(column, value)) if len(values) > 1 else own
            yield str(value), chosen


class _Part:
    """The files of one partition: rows that wait, and the file that is begun."""

    def __init__(
        self, files: FileSystem, column: str | None, value: str | None
    ) -> None:
        self._files = files
        self._values = {} if column is None else {column: value}
        self._folder = "" if column is None else f"{column}={value}/"
        self._waiting: list[pa.RecordBatch] = []
        self._file: _File | None = None
        self.waiting = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Let rows wait."""
        self._waiting.append(batch)
        self.waiting += batch.num_rows

    def flush(self) -> list[AddAction]:
        """Write what waits as a group; return the file, if it is full."""
        if not self.waiting:
            return []
        rows = pa.Table.from_batches(self._waiting)
        self._waiting, self.waiting = [], 0
        if self._file is None:
            if self._folder:
                self._files.create_dir(self._folder, recursive=True)
            path = f"{self._folder}part-00000-{uuid4()}-c000.zstd.parquet"
            self._file = _File(self._files, path, rows.schema)
        self._file.write(rows)
        return self.close() if self._file.size >= FILE else []

    def close(self) -> list[AddAction]:
        """End the file that is begun, and return it."""
        if self._file is None:
            return []
        file, self._file = self._file, None
        return [file.closed(self._values)]


class _File:
    """A file of Parquet that is being written."""

    def __init__(self, files: FileSystem, path: str, schema: pa.Schema) -> None:
        self._path, self._rows = path, 0
        self._sink = files.open_output_stream(path)
        # Arrow's own schema would be read before the columns' types.
        self._writer = ParquetWriter(
            self._sink, schema, compression="zstd", store_schema=False
        )
        self._first: int | None = None
        self._last: int | None = None

    @property
    def size(self) -> int:
        """Return how many bytes are written."""
        written: int = self._sink.tell()
        return written

    def write(self, rows: pa.Table) -> None:
        """Write rows as a group."""
        self._writer.write_table(rows, row_group_size=GROUP)
        self._rows += rows.num_rows
        with suppress(KeyError):
            found = pc.min_max(rows[_ORDER])
            first, last = found["min"].as_py(), found["max"].as_py()
            self._first = first if self._first is None else min(self._first, first)
            self._last = last if self._last is None else max(self._last, last)

    def closed(self, values: dict[str, str | None]) -> AddAction:
        """End the file, and return what to commit of it."""
        self._writer.close()
        size = self.size
        self._sink.close()
        known: dict[str, object] = {"numRecords": self._rows}
        if self._first is not None:
            known["minValues"] = {_ORDER: self._first}
            known["maxValues"] = {_ORDER: self._last}
            known["nullCount"] = {_ORDER: 0}
        return AddAction(
            path=self._path,
            size=size,
            partition_values=values,
            modification_time=int(time.time() * 1_000),
            data_change=True,
            stats=msgspec.json.encode(known).decode(),
        )
