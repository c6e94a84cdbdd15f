"""The form of a sealed file: what is written of a file of evidence, and read again.

`RDRS2`, 8 random bytes of prefix, then chunks of one MiB and a label, each sealed with
AES-256-GCM. A chunk's nonce is the prefix and the chunk's number, so that chunks cannot
change places, nor come from another file. Associated data tells the last chunk from the
others, so that none can be cut off. The label comes last and holds the SHA-256 and the
size of what was handed in: a file in another's place is told from it before one byte of
it is given out.

`RDRS1` is the form of earlier versions, without a label. What it holds is only known
once all of it was read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from enum import StrEnum
from hashlib import sha256
from typing import BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from application.operator_error import OperatorError

LABELLED, UNLABELLED = b"RDRS2", b"RDRS1"
# A nonce of GCM has 12 bytes: these 8 and 4 for the chunk's number. It must never
# repeat under one key, and one key seals all files of a data subject.
PREFIX_BYTES = 8
HEADER_BYTES = len(LABELLED) + PREFIX_BYTES
CHUNK_BYTES = 1 << 20
TAG_BYTES = 16
DIGEST_BYTES = 32
SIZE_BYTES = 8
LABEL_BYTES = DIGEST_BYTES + SIZE_BYTES + TAG_BYTES
LABEL_NUMBER = 0xFFFF_FFFF
"""The label's number in its nonce: no file has so many chunks."""

# With the form's name, so that a label that is cut off makes no file of the older form.
_MARKS = {
    LABELLED: {True: b"RDRS2 last", False: b"RDRS2 more"},
    UNLABELLED: {True: b"last", False: b"more"},
}
_LABEL_MARK = b"RDRS2 label"


class Flaw(StrEnum):
    """What is wrong with a kept file."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    SIZE = "size"
    ALTERED = "altered"
    OTHER = "other"


SAID = {
    Flaw.MISSING: "is missing",
    Flaw.UNREADABLE: "cannot be read",
    Flaw.SIZE: "is not as long as it was",
    Flaw.ALTERED: "was altered",
    Flaw.OTHER: "is another file",
}


class StoredFile(Struct, frozen=True, kw_only=True):
    """A file as its event tells of it: SHA-256 (hex) and size of what was handed in.

    `version` is that of the event, `key` seals the file. `sealed` is the SHA-256 (hex)
    of its bytes on the disk; None for a file of an earlier version.
    """

    case: UUID
    version: int
    sha256: str
    size: int
    key: UUID
    sealed: str | None = None

    @property
    def name(self) -> str:
        """Return the name of the file on the disk."""
        return file_name(self.sha256, self.sealed, self.key)


class FileDamaged(OperatorError):
    """A kept file is not what was handed in; says which file, and its flaw."""

    def __init__(self, file: StoredFile, flaw: Flaw) -> None:
        where = f"case {file.case}, version {file.version}"
        super().__init__(f"{where}: its file {SAID[flaw]}")
        self.file = file
        self.flaw = flaw


class SealingWriter:
    """Seals what is written to it, chunk by chunk, into a file."""

    def __init__(self, out: BinaryIO, cipher: AESGCM) -> None:
        self._out, self._cipher = out, cipher
        self._prefix = os.urandom(PREFIX_BYTES)
        self._clear, self._sealed = sha256(), sha256()
        self._pending = bytearray()
        self._chunks = 0
        self.size = 0
        self._write(LABELLED + self._prefix)

    def write(self, data: bytes) -> None:
        """Take the next bytes."""
        self.size += len(data)
        self._clear.update(data)
        self._pending += data
        # A chunk that is just full waits: it is the last one if nothing follows, and
        # only `finish` knows that.
        while len(self._pending) > CHUNK_BYTES:
            self._seal(bytes(self._pending[:CHUNK_BYTES]), last=False)
            del self._pending[:CHUNK_BYTES]

    def finish(self) -> tuple[str, str]:
        """Write the last chunk and the label; return both digests: clear, and sealed.

        They are SHA-256 in hex.
        """
        self._seal(bytes(self._pending), last=True)
        label = self._clear.digest() + self.size.to_bytes(SIZE_BYTES, "big")
        nonce = _nonce(self._prefix, LABEL_NUMBER)
        self._write(self._cipher.encrypt(nonce, label, _LABEL_MARK))
        return self._clear.hexdigest(), self._sealed.hexdigest()

    def _seal(self, data: bytes, *, last: bool) -> None:
        nonce = _nonce(self._prefix, self._chunks)
        self._write(self._cipher.encrypt(nonce, data, _MARKS[LABELLED][last]))
        self._chunks += 1

    def _write(self, data: bytes) -> None:
        self._sealed.update(data)
        self._out.write(data)


class SealedReader:
    """Opens a sealed file; raises FileDamaged wherever it is not what it should be.

    Made, it has compared the file's length and label with what its event says.
    """

    def __init__(self, source: BinaryIO, file: StoredFile, cipher: AESGCM) -> None:
        self._source, self._file, self._cipher = source, file, cipher
        header = source.read(HEADER_BYTES)
        self._form, self._prefix = header[: len(LABELLED)], header[len(LABELLED) :]
        length = os.fstat(source.fileno()).st_size
        if self._form not in _MARKS and length >= HEADER_BYTES:
            raise FileDamaged(file, Flaw.ALTERED)
        if length != sealed_bytes(self._form, file.size):
            raise FileDamaged(file, Flaw.SIZE)
        if self._form == LABELLED:
            self._check_label()

    def check(self) -> None:
        """Read the whole file, and give nothing out."""
        # Chunks under the label's prefix are those of its digest: to hash them as well
        # takes three times as long.
        chunks = self._chunks() if self._form == LABELLED else self.read()
        for _ in chunks:
            pass

    def read(self) -> Iterator[bytes]:
        """Yield the bytes that were handed in, the last of them once all is right."""
        digest, held = sha256(), b""
        for number, chunk in enumerate(self._chunks()):
            digest.update(chunk)
            if number:
                yield held
            held = chunk
        if digest.hexdigest() != self._file.sha256:
            raise FileDamaged(self._file, Flaw.OTHER)
        yield held

    def _chunks(self) -> Iterator[bytes]:
        self._source.seek(HEADER_BYTES)
        for number, (length, last) in enumerate(_lengths(self._file.size)):
            yield self._chunk(number, length, last=last)

    def _chunk(self, number: int, length: int, *, last: bool) -> bytes:
        sealed = self._source.read(length + TAG_BYTES)
        nonce, mark = _nonce(self._prefix, number), _MARKS[self._form][last]
        try:
            return self._cipher.decrypt(nonce, sealed, mark)
        except (InvalidTag, ValueError):
            raise FileDamaged(self._file, Flaw.ALTERED) from None

    def _check_label(self) -> None:
        self._source.seek(-LABEL_BYTES, os.SEEK_END)
        nonce = _nonce(self._prefix, LABEL_NUMBER)
        try:
            label = self._cipher.decrypt(nonce, self._source.read(), _LABEL_MARK)
        except (InvalidTag, ValueError):
            raise FileDamaged(self._file, Flaw.ALTERED) from None
        size = self._file.size.to_bytes(SIZE_BYTES, "big")
        if label != bytes.fromhex(self._file.sha256) + size:
            raise FileDamaged(self._file, Flaw.OTHER)


def file_name(sha256: str, sealed: str | None, key: UUID) -> str:
    """Return the name of a sealed file."""
    # With the key last, an erasure finds a subject's files without a list, and never
    # deletes the copy that another subject has of the same file. With the sealed
    # digest, the same file handed in twice is two: each event has its own.
    middle = f".{sealed[:16]}" if sealed else ""
    return f"{sha256}{middle}.{key.hex}"


def sealed_bytes(form: bytes, size: int) -> int:
    """Return how long the sealed form of a file of `size` bytes is."""
    label = LABEL_BYTES if form == LABELLED else 0
    chunks = max(1, -(-size // CHUNK_BYTES))
    return HEADER_BYTES + size + chunks * TAG_BYTES + label


def _lengths(size: int) -> Iterator[tuple[int, bool]]:
    """Yield the length of each chunk in clear, and whether it is the last one."""
    # Even an empty file has a chunk.
    while size > CHUNK_BYTES:
        yield CHUNK_BYTES, False
        size -= CHUNK_BYTES
    yield size, True


def _nonce(prefix: bytes, number: int) -> bytes:
    return prefix + number.to_bytes(4, "big")
