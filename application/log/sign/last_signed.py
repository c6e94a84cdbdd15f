"""What a signer or a witness signed last, in a file: it never signs against that."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import msgspec
from msgspec import Struct

from application.log.format.checkpoint import Checkpoint, parse_text
from application.log.format.note import NoteMalformed, parse_note
from application.operator_error import OperatorError
from application.whole_files import PRIVATE, rewrite


class StateUnusable(OperatorError):
    """The file of what was last signed is damaged, lost, or in use by another."""


class LastSigned(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The last checkpoint, with its signatures, and the latest time signed (POSIX)."""

    note: str
    time: int

    @property
    def checkpoint(self) -> Checkpoint:
        """Return the checkpoint itself."""
        return parse_text(parse_note(self.note).text)


class StateFile:
    """Keeps what was last signed. One process at a time holds it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: int | None = None

    def hold(self) -> None:
        """Keep others out for as long as this process lives. Raises StateUnusable."""
        if self._lock is not None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        name = self.path.with_name(f"{self.path.name}.lock")
        lock = os.open(name, os.O_RDWR | os.O_CREAT, PRIVATE)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise StateUnusable(f"{self.path}: another process signs with it") from None
        self._lock = lock

    def release(self) -> None:
        """Let others in."""
        if self._lock is not None:
            os.close(self._lock)
        self._lock = None

    def read(self) -> LastSigned | None:
        """Return what was last signed, None if nothing ever was.

        Raises StateUnusable: who does not know what it signed must not sign.
        """
        try:
            found = msgspec.json.decode(self.path.read_bytes(), type=LastSigned)
            _ = found.checkpoint
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError, NoteMalformed) as error:
            raise StateUnusable(f"{self.path}: {error}") from None
        return found

    def write(self, signed: LastSigned) -> None:
        """Keep what was signed, on the disk itself, whole or not at all."""
        rewrite(self.path, msgspec.json.encode(signed))
