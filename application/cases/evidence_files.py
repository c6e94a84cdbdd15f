"""The files of evidence, by their SHA-256, sealed with the key of their data subject.

A file is a header, then chunks of one MiB sealed with AES-256-GCM. A chunk's nonce is
the file's random prefix and the chunk's number, so that chunks cannot change places.
Its associated data tells the last chunk from the others, so that chunks cannot be cut
off.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from application.whole_files import create, draft_beside, put_in_place

MAGIC = b"RDRS1"
# A nonce of GCM has 12 bytes: these 8 and 4 for the chunk's number. It must never
# repeat under one key, and one key seals all files of a data subject.
PREFIX_BYTES = 8
CHUNK_BYTES = 1 << 20
TAG_BYTES = 16


class TooLargeFile(Exception):
    """The file is larger than the limit."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the file is larger than {limit} bytes")
        self.limit = limit


class FileDamaged(Exception):
    """A kept file is missing or was changed."""


class Kept(Struct, frozen=True):
    """A file that is safely on the disk: its SHA-256 (hex) and its size in bytes."""

    sha256: str
    size: int


class Incoming:
    """A file that is arriving: it is hashed, sealed and written chunk by chunk.

    No part of it is ever on the disk in clear.
    """

    def __init__(self, draft: Path, cipher: AESGCM, limit: int) -> None:
        self._out = os.fdopen(create(draft), "wb")
        self._cipher = cipher
        self._prefix = os.urandom(PREFIX_BYTES)
        self._limit = limit
        self._hash = sha256()
        self._pending = bytearray()
        self._chunks = 0
        self.size = 0
        self._out.write(MAGIC + self._prefix)

    def write(self, data: bytes) -> None:
        """Take the next bytes. Raises TooLargeFile as soon as the limit is passed."""
        self.size += len(data)
        if self.size > self._limit:
            raise TooLargeFile(self._limit)
        self._hash.update(data)
        self._pending += data
        # A chunk that is just full waits: it is the last one if nothing follows, and
        # only `finish` knows that.
        while len(self._pending) > CHUNK_BYTES:
            self._seal(bytes(self._pending[:CHUNK_BYTES]), last=False)
            del self._pending[:CHUNK_BYTES]

    def finish(self) -> Kept:
        """Write the last chunk, and wait until all is on the disk."""
        self._seal(bytes(self._pending), last=True)
        self._out.flush()
        os.fsync(self._out.fileno())
        self._out.close()
        return Kept(self._hash.hexdigest(), self.size)

    def close(self) -> None:
        """Close the file, finished or not."""
        # On a full disk, closing fails once more in writing what is left.
        with suppress(OSError):
            self._out.close()

    def _seal(self, data: bytes, *, last: bool) -> None:
        nonce = _nonce(self._prefix, self._chunks)
        self._out.write(self._cipher.encrypt(nonce, data, _mark(last=last)))
        self._chunks += 1


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

    def read(self, digest: str, key: UUID, cipher: AESGCM) -> Iterator[bytes]:
        """Yield a file's bytes. Raises FileDamaged at the first chunk that is wrong."""
        path = self.path(digest, key)
        try:
            with path.open("rb") as source:
                yield from _opened(source, cipher, path.stat().st_size)
        except FileNotFoundError:
            raise FileDamaged(f"{path.name} is missing") from None
        except InvalidTag:
            raise FileDamaged(f"{path.name} was altered") from None

    def sealed(self, digest: str, key: UUID) -> Iterator[bytes]:
        """Yield a file's bytes as they are kept. Raises FileDamaged without one."""
        path = self.path(digest, key)
        try:
            with path.open("rb") as source:
                while chunk := source.read(CHUNK_BYTES):
                    yield chunk
        except FileNotFoundError:
            raise FileDamaged(f"{path.name} is missing") from None

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

    def path(self, digest: str, key: UUID) -> Path:
        """Return where a file is kept."""
        # With the key in the name, an erasure finds a subject's files without a list,
        # and never deletes the copy that another subject has of the same file.
        return self.folder / digest[:2] / f"{digest}.{key.hex}"


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
        path = self.files.path(kept.sha256, self.key)
        path.parent.mkdir(parents=True, exist_ok=True)
        # A command that is decided again places its file again: by then the draft has
        # become the file.
        if self.draft.exists() or not path.exists():
            put_in_place(self.draft, path)


def _opened(source: BinaryIO, cipher: AESGCM, size: int) -> Iterator[bytes]:
    header = source.read(len(MAGIC) + PREFIX_BYTES)
    # Even an empty file has a last chunk, so one cut to its header has lost some.
    if header[: len(MAGIC)] != MAGIC or size <= len(header):
        raise InvalidTag
    prefix, left, number = header[len(MAGIC) :], size - len(header), 0
    while left > 0:
        sealed = source.read(min(left, CHUNK_BYTES + TAG_BYTES))
        left -= len(sealed)
        # Where a file was cut after a chunk, that chunk is now read as the last one,
        # and does not open, because it was sealed as one that another follows.
        mark = _mark(last=left <= 0)
        yield cipher.decrypt(_nonce(prefix, number), sealed, mark)
        number += 1


def _nonce(prefix: bytes, number: int) -> bytes:
    return prefix + number.to_bytes(4, "big")


def _mark(*, last: bool) -> bytes:
    return b"last" if last else b"more"
