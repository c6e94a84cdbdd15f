"""Replaces a key file so that its earlier content is nowhere on the disk any more.

The new content is written and synced beside it. The file then gets a second name,
`.old`, and the new content its first one. What has the second name is overwritten where
it lies, synced and deleted. Killed at any step, the next start completes it.

A disk that writes to another place than it was told to, such as an SSD or a file system
that copies on write, may keep what was overwritten: see docs/personal-data.md.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from application.whole_files import (
    PRIVATE,
    create,
    draft_beside,
    keep_owner,
    put_in_place,
    sync_folder,
)

_DRAFT_END = r"\.[0-9a-f]{16}"


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait until no other process of this machine replaces a key file."""
    name = path.with_name(f"{path.name}.lock")
    lock = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE)
    try:
        keep_owner(lock, path)
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        # The lock goes with the descriptor, however a process ends.
        os.close(lock)


def replace_content(path: Path, content: bytes) -> None:
    """Replace a key file's content durably, and overwrite the earlier one."""
    complete_replacement(path)
    draft = draft_beside(path)
    try:
        with os.fdopen(create(draft), "wb") as out:
            keep_owner(out.fileno(), path)
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.link(path, old_name(path))
        put_in_place(draft, path)
    except OSError:
        # A full disk, or one without second names: all is as it was before.
        complete_replacement(path)
        raise
    _overwrite(old_name(path))
    sync_folder(path.parent)


def complete_replacement(path: Path) -> bool:
    """Complete what a killed process has left of a replacement; tell if it had.

    Nobody else may replace the file meanwhile.
    """
    left = remains(path)
    for one in left:
        if path.exists() and one.samefile(path):
            # Killed before the new content got the name: the old one is in force.
            one.unlink()
        else:
            _overwrite(one)
    if left:
        sync_folder(path.parent)
    return bool(left)


def remains(path: Path) -> tuple[Path, ...]:
    """Return the files beside a key file that may hold earlier or unused keys."""
    draft = re.compile(re.escape(f".{path.name[:40]}") + _DRAFT_END)
    found = path.parent.iterdir() if path.parent.is_dir() else ()
    old = old_name(path).name
    return tuple(one for one in found if one.name == old or draft.fullmatch(one.name))


def old_name(path: Path) -> Path:
    """Return the second name under which a replaced file waits to be overwritten."""
    return path.with_name(f"{path.name}.old")


def _overwrite(path: Path) -> None:
    with path.open("r+b") as out:
        # In the place where it lies: to cut the file first would free its blocks, and
        # the new bytes could come to lie elsewhere.
        out.write(os.urandom(os.fstat(out.fileno()).st_size))
        out.flush()
        os.fsync(out.fileno())
    path.unlink()
