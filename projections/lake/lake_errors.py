"""What libraries say of a lake that they cannot read or write, in one line."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from application.operator_error import OperatorError
from projections.lake.table_data import data_of

_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
# Where a library goes on with the query, or with the calls that led to the error.
_MORE = re.compile(r"\n\s*(LINE \d+:|0: ).*", re.DOTALL)
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FILE = re.compile(r"[^\s'\"/\\]+\.parquet")


class LakeWrong(OperatorError):
    """A lake cannot be used; the message says where it is and what is wrong."""


class NoLake(LakeWrong):
    """Nothing is where a lake was looked for, or no lake."""


def plain(text: str) -> str:
    """Return an error's text as one line, without the codes of a terminal."""
    words = _MORE.sub("", _ESCAPES.sub("", text)).replace("↳", ":").split()
    return " ".join(words).replace(" :", ":")


@contextmanager
def lake_errors(
    place: str,
    tables: Callable[[], Iterable[DeltaTable]] = tuple,
    logs: Callable[[], str | None] = lambda: None,
) -> Iterator[None]:
    """Name the lake in errors of the libraries, and the file. Raises LakeWrong.

    `tables`: those among whose files the harmed one is looked for, if it is not named;
    `logs` names the harmed file of a table's log.
    """
    try:
        yield
    except (DeltaError, duckdb.Error, pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno in _FULL:
            said = f"{place}: there is no room to write: {plain(str(error))}"
            raise LakeWrong(said) from error
        # Those of the system name their file; object stores have no numbers.
        of_system = isinstance(error, OSError) and error.errno is not None
        if of_system and not _FILE.search(plain(str(error))):
            raise
        if isinstance(error, DeltaError):
            said = f"{place}: {_told(logs())}{plain(str(error))}"
            raise LakeWrong(said) from error
        raise LakeWrong(_sentence(place, error, tables)) from error


def _sentence(
    place: str, error: Exception, tables: Callable[[], Iterable[DeltaTable]]
) -> str:
    words = plain(str(error))
    named = _FILE.search(words)
    file = named[0] if named else _harmed(tables)
    return f"{place}: {_told(file)}{words}"


def _told(file: str | None) -> str:
    return f"the file {file} is missing or damaged: " if file else ""


def _harmed(tables: Callable[[], Iterable[DeltaTable]]) -> str | None:
    """Return the name of the first file that cannot be read: Arrow says none."""
    try:
        for table in tables():
            for fragment in data_of(table).get_fragments():
                try:
                    for _ in fragment.to_batches():
                        pass
                except (pa.ArrowException, OSError):
                    return str(fragment.path)
    except (DeltaError, LakeWrong, OSError):
        # The log of a table is what cannot be read: no file is to blame.
        return None
    return None
