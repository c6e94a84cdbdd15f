"""Files that are written whole or not at all, whatever interrupts the writing.

The content goes into a draft, which is synced before it gets the file's name. After a
crash, the name therefore never stands for half a file.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

PRIVATE = 0o600


def write_once(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, unless it is there already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = draft_beside(path)
    try:
        with os.fdopen(create(draft), "wb") as out:
            keep_owner(out.fileno(), path)
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        # A link fails where a rename would replace: of two writers, the first one
        # stays.
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def rewrite(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Replace the content of a file that only its owner can read, durably.

    The content may come in parts. If it fails, the old content is still there.
    """
    parts = [content] if isinstance(content, bytes) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = draft_beside(path)
    try:
        with os.fdopen(create(draft), "wb") as out:
            keep_owner(out.fileno(), path)
            out.writelines(parts)
            out.flush()
            os.fsync(out.fileno())
        put_in_place(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def draft_beside(path: Path) -> Path:
    """Return an unused name in the folder of a file."""
    # In the same folder, and so on the same file system: there a rename is atomic. The
    # name is cut, because a name may be as long as the file system allows already.
    return path.with_name(f".{path.name[:40]}.{secrets.token_hex(8)}")


def create(path: Path) -> int:
    """Create a file that only its owner can read; return its descriptor."""
    # The mode is set on creation: others cannot open the file for even a moment.
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)


def keep_owner(descriptor: int, path: Path) -> None:
    """Give what root writes to the owner of the file that it replaces, or its folder's.

    A process that runs under an account of its own could not read it otherwise.
    """
    if os.geteuid() == 0:
        status = (path if path.exists() else path.parent).stat()
        os.fchown(descriptor, status.st_uid, status.st_gid)


def put_in_place(draft: Path, path: Path) -> None:
    """Give a finished and synced file its name, durably."""
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    # A name is an entry of its folder, which is synced by itself.
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
