"""Folders for what a work spills: gone at its end, or when the next one looks.

A process holds its folder by a lock that ends with it, however it ends. Whoever begins
the next work removes the folders that nobody holds.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp


@contextmanager
def spill_folder(prefix: str, room: Path | None = None) -> Iterator[Path]:
    """Yield an empty folder, and remove those of killed processes.

    `room`: the folder that it lies in; None: the one for temporary files.
    """
    remove_left(prefix, room)
    path, held = _held(prefix, room)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(held)


def remove_left(prefix: str, room: Path | None = None) -> None:
    """Remove the folders of a prefix that no process holds any more."""
    for path in Path(room or gettempdir()).glob(f"{prefix}*"):
        # It may be gone meanwhile, be held, be another user's, or no folder at all.
        with suppress(OSError):
            if path.lstat().st_uid == os.geteuid():
                _remove(path)


def _remove(path: Path) -> None:
    left = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(path)
    finally:
        os.close(left)


def _held(prefix: str, room: Path | None) -> tuple[Path, int]:
    """Make a folder, and hold it: another process may remove it before."""
    while True:
        path = Path(mkdtemp(prefix=prefix, dir=room))
        try:
            held = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            continue
        # Some network disks have no such locks, and then nobody removes it.
        with suppress(OSError):
            fcntl.flock(held, fcntl.LOCK_EX)
        if path.exists():
            return path, held
        os.close(held)
