"""The key of a lake's pseudonyms: one for each lake, wherever it is called from."""

from __future__ import annotations

import os
from pathlib import Path

from application.exports.pseudonyms import Pseudonyms, read_key, read_or_make_key
from interface.bootstrap import System
from interface.cli.pseudonym_key import key_file
from projections.lake.lake_store import Lake

ROOM = "lakes"
"""The folder of REDRESS_HOME in which keys of lakes lie."""


def lake_pseudonyms(system: System, lake: Lake, path: Path | None) -> Pseudonyms:
    """Return the pseudonyms of a lake, by its key or the one in a file.

    Raises OperatorError.
    """
    if path is not None:
        return Pseudonyms(read_or_make_key(path))
    # Path.resolve would follow a link, which may be the name of a lake.
    whole = lake.place if lake.is_remote else os.path.abspath(lake.place)  # noqa: PTH100
    own = key_file(system, ROOM, whole)
    # Such files were named by the place as it was typed, which another lake may be.
    typed = key_file(system, ROOM, lake.place)
    if not own.exists() and typed.exists():
        found = Pseudonyms(read_key(typed))
        if found.fingerprint == lake.pseudonyms:
            return found
    return Pseudonyms(read_or_make_key(own))
