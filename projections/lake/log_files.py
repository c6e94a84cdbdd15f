"""Looks for the file of a table's Delta log that is harmed: the library names none.

It passes over an empty commit and a note of checkpoints that it cannot read.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import Struct

LOG = "_delta_log"
NOTE = "_last_checkpoint"
_COMMIT = re.compile(r"(\d{20})\.json", re.ASCII)
_SUMMARY = re.compile(r"(\d{20})\.checkpoint.*\.parquet", re.ASCII)


class _Note(Struct):
    """What the note says: which checkpoint a reader begins with."""

    version: int


_note = msgspec.json.Decoder(_Note)
_action = msgspec.json.Decoder(dict[str, msgspec.Raw])


def harmed_log(table: Path) -> str | None:
    """Return the name of the first harmed or missing file of a table's log.

    `table`: the folder of the table, on a disk. None: there is none.
    """
    log = table / LOG
    note = log / NOTE
    if note.exists() and not _is_note(note):
        return f"{LOG}/{NOTE}"
    names = sorted(path.name for path in log.glob("*"))
    commits = [int(found[1]) for one in names if (found := _COMMIT.fullmatch(one))]
    for version in range(min(commits, default=0), max(commits, default=-1) + 1):
        name = f"{version:020}.json"
        if not _is_commit(log / name):
            return f"{LOG}/{name}"
    for name in filter(_SUMMARY.fullmatch, names):
        if not _is_summary(log / name):
            return f"{LOG}/{name}"
    return None


def _is_note(path: Path) -> bool:
    try:
        version = _note.decode(path.read_bytes()).version
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return False
    return any(path.parent.glob(f"{version:020}.checkpoint*.parquet"))


def _is_commit(path: Path) -> bool:
    try:
        actions = _action.decode_lines(path.read_bytes())
    except (FileNotFoundError, msgspec.MsgspecError, UnicodeDecodeError):
        return False
    return bool(actions)


def _is_summary(path: Path) -> bool:
    try:
        pq.read_metadata(path)
    except (OSError, pa.ArrowException):
        return False
    return True
