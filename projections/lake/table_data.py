"""The files of a table, which on a disk Arrow itself reads and writes.

For deltalake's own file system Arrow's threads call back into Python. A thread that is
still reading ahead when a damaged file ends the program then ends it by a signal.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

import pyarrow as pa
from deltalake import DeltaTable
from deltalake.fs import DeltaStorageHandler
from pyarrow.dataset import Dataset
from pyarrow.fs import FileSystem, LocalFileSystem, PyFileSystem, SubTreeFileSystem


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
