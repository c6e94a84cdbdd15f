"""Files written whole or not at all."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

PRIVATE = 0o600


def write_once(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, unless it is there already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = draft_beside(path)
    try:
        with os.fdopen(create(draft), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def rewrite(path: Path, content: bytes) -> None:
    """Put new content, durably, in the place of a file that only its owner can read.

    If it fails, the old content is still there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = draft_beside(path)
    try:
        with os.fdopen(create(draft), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        put_in_place(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def draft_beside(path: Path) -> Path:
    """Return a new name in the same folder."""
    return path.with_name(f".{path.name[:40]}.{secrets.token_hex(8)}")


def create(path: Path) -> int:
    """Create a file that only its owner can read; return its descriptor."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)


def put_in_place(draft: Path, path: Path) -> None:
    """Give a finished file its name, durably."""
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
