"""The key of a lake's pseudonyms: one for each lake, wherever it is called from.

A lake says of its key a check value. Another key would give everybody a second
pseudonym in the middle of the lake: it is refused.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from application.exports.pseudonyms import Pseudonyms, read_key, read_or_make_key
from interface.bootstrap import System
from interface.cli.pseudonym_key import key_file, old_key_file
from projections.lake.lake_errors import LakeWrong
from projections.lake.lake_store import Lake

ROOM = "lakes"
"""The folder of REDRESS_HOME in which keys of lakes lie."""


@contextmanager
def lake_pseudonyms(
    system: System, lake: Lake, path: Path | None
) -> Iterator[Pseudonyms]:
    """Yield the pseudonyms of a lake, by its key or the one in a file.

    The key of a new lake is made, and removed if the lake is not made after all.
    Raises OperatorError, and LakeWrong for a key that is not the lake's.
    """
    check = lake.pseudonyms
    if check is not None:
        yield _of_lake(system, lake, path, check)
        return
    file = path or key_file(system, ROOM, _whole(lake))
    made = not file.exists()
    key = Pseudonyms(read_or_make_key(file))
    if made and path is not None:
        # A name that was mistyped makes a key, too.
        click.echo(f"{path}: a new key of pseudonyms", err=True)
    try:
        yield key
    except BaseException:
        if made and lake.is_new:
            file.unlink(missing_ok=True)
        raise


def _of_lake(system: System, lake: Lake, path: Path | None, check: str) -> Pseudonyms:
    """Return the pseudonyms under the key that a lake was made under."""
    named = [path] if path is not None else _files(system, lake)
    found = [Pseudonyms(read_key(file)) for file in named if file.exists()]
    for one in found:
        if one.fingerprint == check:
            return one
    said = f"was made under another key of pseudonyms (check value {check})"
    what = f"has the check value {found[0].fingerprint}" if found else "is not there"
    mend = "bring the file of its key back, or name it by --pseudonyms"
    other = "a lake in another folder gets a key of its own"
    raise LakeWrong(f"{lake.place}: {said}: {named[0]} {what}; {mend}; {other}")


def _files(system: System, lake: Lake) -> list[Path]:
    """Return where the key of a lake may be, as files are and were named."""
    whole = _whole(lake)
    return [
        key_file(system, ROOM, whole),
        old_key_file(system, ROOM, whole),
        old_key_file(system, ROOM, lake.place),
    ]


def _whole(lake: Lake) -> str:
    # Path.resolve would follow a link, which may be the name of a lake.
    return lake.place if lake.is_remote else os.path.abspath(lake.place)  # noqa: PTH100
