"""What a signer or a witness signed last, in a file: it signs nothing against that."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import msgspec
from msgspec import Struct

from application.log.format.checkpoint import Checkpoint, parse_text
from application.log.format.note import NoteMalformed, parse_note
from application.operator_error import OperatorError
from application.whole_files import PRIVATE, keep_owner, rewrite


class StateUnusable(OperatorError):
    """The file of what was signed last is damaged, lost, or used by another process."""


class LastSigned(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The checkpoint that was signed last, as a note, and the latest time (POSIX)."""

    note: str
    time: int

    @property
    def checkpoint(self) -> Checkpoint:
        """Return the checkpoint itself."""
        return parse_text(parse_note(self.note).text)


class StateFile:
    """Keeps what was signed last; one process at a time holds the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: int | None = None

    def hold(self) -> None:
        """Keep other processes off the file. Raises StateUnusable if one holds it.

        The system releases the lock when the process ends, in whatever way.
        """
        # Two signers with one memory could sign two trees of one size. The lock is on a
        # file of its own, because each `write` puts another file in the place of this.
        if self._lock is not None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        name = self.path.with_name(f"{self.path.name}.lock")
        lock = os.open(name, os.O_RDWR | os.O_CREAT, PRIVATE)
        keep_owner(lock, self.path)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise StateUnusable(f"{self.path}: another process signs with it") from None
        self._lock = lock

    def release(self) -> None:
        """Let other processes use the file."""
        if self._lock is not None:
            os.close(self._lock)
        self._lock = None

    def read(self) -> LastSigned | None:
        """Return what was signed last, None if there is no file.

        Raises StateUnusable if the file is damaged: a signer that does not know what it
        signed must not sign.
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
        """Store what was signed, durably, whole or not at all."""
        rewrite(self.path, msgspec.json.encode(signed))
