"""A disk that is full while views are rebuilt: one line that says which, and what then.

What is done is kept: the next call goes on where this one stopped.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from application.operator_error import OperatorError
from application.record.sqlstates import Cause, cause_of
from projections.read_model import View

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class NoRoom(OperatorError):
    """There is no room left for what a rebuild writes."""


@contextmanager
def room_for(views: Sequence[View[Any]], folder: Path) -> Iterator[None]:
    """Raise NoRoom, with what was being done, if a disk is full."""
    names = ", ".join(view.name for view in views)
    after = "make room and run `redress rebuild` again, which goes on here"
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise NoRoom(
            f"rebuild of {names}: no room in {folder} for the ledger, which is spilt"
            f" there ({error.strerror}): {after}"
        ) from error
    except psycopg.Error as error:
        if cause_of(error) is not Cause.FULL:
            raise
        said = error.diag.message_primary or str(error)
        raise NoRoom(
            f"rebuild of {names}: the disk of the database is full"
            f" ({' '.join(said.split())}): {after}"
        ) from error
