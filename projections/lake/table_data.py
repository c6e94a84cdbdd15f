"""Reads the files of a table, on a disk by Arrow itself.

For deltalake's own file system Arrow's threads call back into Python. A thread that is
still reading ahead when a damaged file ends the program then ends it by a signal.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pyarrow as pa
from deltalake import DeltaTable
from pyarrow.dataset import Dataset
from pyarrow.fs import LocalFileSystem, SubTreeFileSystem


def data_of(opened: DeltaTable) -> Dataset:
    """Return the files of a table as one set of data."""
    place = urlsplit(opened.table_uri)
    if place.scheme not in {"", "file"}:
        return opened.to_pyarrow_dataset()
    folder = unquote(place.path)
    return opened.to_pyarrow_dataset(
        filesystem=SubTreeFileSystem(folder, LocalFileSystem())
    )


def rows_of(opened: DeltaTable) -> pa.Table:
    """Return all rows of a table."""
    return data_of(opened).to_table()
