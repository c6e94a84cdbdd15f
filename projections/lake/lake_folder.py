"""The folder of a lake on a disk: it is the lake's alone."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from projections.lake.lake_errors import LakeWrong

SHOWN = 5
"""Foreign files that are named."""


def check_folder(folder: Path) -> None:
    """Raise LakeWrong if a file is where the lake has to have a folder."""
    for path in (folder, *folder.parents):
        if path.exists() and not path.is_dir():
            raise LakeWrong(f"{folder}: is no place for a lake: {path} is a file")


def refuse_others(folder: Path, own: Collection[str]) -> None:
    """Raise LakeWrong for a folder with files of something else.

    `own`: the names of tables, which an export that was killed may have left.
    """
    if not folder.exists():
        return
    others = sorted(one.name for one in folder.iterdir() if one.name not in own)
    if others:
        more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
        said = f"has other files in it: {', '.join(others[:SHOWN])}{more}"
        mend = "a lake begins in an empty folder, or in a new one"
        raise LakeWrong(f"{folder}: {said}; {mend}")
