"""The folder of evidence files, sealed with the key of their data subject."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from application.cases.sealed_file import (
    CHUNK_BYTES,
    FileDamaged,
    Flaw,
    SealedReader,
    SealingWriter,
    StoredFile,
    file_name,
)
from application.whole_files import create, draft_beside, put_in_place

CHECKED_BYTES = 32 << 20
"""A file that is no larger is read as a whole before its first byte is given out.

Whatever is wrong with it is then an answer of its own. Of a larger one the label is
checked first, and the rest while it is given out.
"""

# What the file or its disk is the cause of, and not this process.
_NO_FILE = {errno.EIO, errno.EISDIR, errno.ENOTDIR, errno.ENXIO, errno.ELOOP}


class TooLargeFile(Exception):
    """The file is larger than the limit."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the file is larger than {limit} bytes")
        self.limit = limit


class Kept(Struct, frozen=True):
    """A file that is safely on the disk: its SHA-256 (hex) and its size in bytes.

    `sealed` is the SHA-256 (hex) of its bytes as they lie there.
    """

    sha256: str
    size: int
    sealed: str


class Incoming:
    """A file that is arriving: it is hashed, sealed and written chunk by chunk.

    No part of it is ever on the disk in clear.
    """

    def __init__(self, draft: Path, cipher: AESGCM, limit: int) -> None:
        self._out = os.fdopen(create(draft), "wb")
        self._writer = SealingWriter(self._out, cipher)
        self._limit = limit

    @property
    def size(self) -> int:
        """Return how many bytes have come."""
        return self._writer.size

    def write(self, data: bytes) -> None:
        """Take the next bytes. Raises TooLargeFile as soon as the limit is passed."""
        if self.size + len(data) > self._limit:
            raise TooLargeFile(self._limit)
        self._writer.write(data)

    def finish(self) -> Kept:
        """Write what is left, and wait until all is on the disk."""
        digest, sealed = self._writer.finish()
        self._out.flush()
        os.fsync(self._out.fileno())
        self._out.close()
        return Kept(digest, self.size, sealed)

    def close(self) -> None:
        """Close the file, finished or not."""
        # On a full disk, closing fails once more in writing what is left.
        with suppress(OSError):
            self._out.close()


class EvidenceFiles:
    """A directory of evidence files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def receiving(
        self, key: UUID, cipher: AESGCM, limit: int
    ) -> Iterator[ReceivedFile]:
        """Receive a file; unless it is put in place, nothing of it stays."""
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = draft_beside(self.folder / "incoming")
        incoming = Incoming(draft, cipher, limit)
        try:
            yield ReceivedFile(self, incoming, draft, key)
        finally:
            incoming.close()
            draft.unlink(missing_ok=True)

    def read(self, file: StoredFile, cipher: AESGCM) -> Iterator[bytes]:
        """Yield a file's bytes. Raises FileDamaged, before the first one if it can."""
        with self._opened(file) as source:
            reader = SealedReader(source, file, cipher)
            if file.size <= CHECKED_BYTES:
                reader.check()
            yield from reader.read()

    def check(self, file: StoredFile, cipher: AESGCM) -> None:
        """Raise FileDamaged unless a file is what was handed in."""
        # With its digest, or by opening it where its event names none.
        for _ in self.sealed(file, cipher):
            pass

    def sealed(self, file: StoredFile, cipher: AESGCM) -> Iterator[bytes]:
        """Yield a file's bytes as they are kept. Raises FileDamaged as `read` does."""
        with self._opened(file) as source:
            reader = SealedReader(source, file, cipher)
            if file.sealed is None:
                reader.check()
            source.seek(0)
            digest, held = sha256(), b""
            for chunk in iter(partial(source.read, CHUNK_BYTES), b""):
                digest.update(chunk)
                if held:
                    yield held
                held = chunk
            if file.sealed not in {None, digest.hexdigest()}:
                raise FileDamaged(file, Flaw.OTHER)
            yield held

    @contextmanager
    def _opened(self, file: StoredFile) -> Iterator[BinaryIO]:
        """Open a file for reading. Raises FileDamaged, also for what it raises then."""
        try:
            with os.fdopen(_descriptor(self.path(file)), "rb") as source:
                if not stat.S_ISREG(os.fstat(source.fileno()).st_mode):
                    raise FileDamaged(file, Flaw.UNREADABLE)
                yield source
        except FileNotFoundError:
            raise FileDamaged(file, Flaw.MISSING) from None
        except OSError as error:
            if error.errno not in _NO_FILE:
                raise
            raise FileDamaged(file, Flaw.UNREADABLE) from None

    def count(self, keys: Collection[UUID]) -> int:
        """Return how many files are sealed with these keys."""
        return sum(1 for _ in self._sealed_with(keys))

    def remove(self, keys: Collection[UUID]) -> None:
        """Delete every file sealed with these keys. Safe to repeat."""
        for path in list(self._sealed_with(keys)):
            path.unlink(missing_ok=True)

    def _sealed_with(self, keys: Collection[UUID]) -> Iterator[Path]:
        names = {key.hex for key in keys}
        return (path for path in self.folder.glob("??/*") if path.suffix[1:] in names)

    def path(self, file: StoredFile) -> Path:
        """Return where a file is kept."""
        return self.folder / file.name[:2] / file.name


class ReceivedFile(Struct, frozen=True):
    """A file that is being received, and the place it will have."""

    files: EvidenceFiles
    incoming: Incoming
    draft: Path
    key: UUID

    def keep(self) -> Kept:
        """Finish the file and put it in its place."""
        kept = self.finish()
        self.place(kept)
        return kept

    def finish(self) -> Kept:
        """Finish the file, on the disk but not yet in its place."""
        return self.incoming.finish()

    def place(self, kept: Kept) -> None:
        """Put the finished file in its place, durably. Safe to repeat."""
        name = file_name(kept.sha256, kept.sealed, self.key)
        path = self.files.folder / name[:2] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # A command that is decided again places its file again: by then the draft has
        # become the file.
        if self.draft.exists() or not path.exists():
            put_in_place(self.draft, path)


def _descriptor(path: Path) -> int:
    # Without waiting: something that is no file may stand in its place, such as a pipe
    # that nobody writes to.
    return os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
