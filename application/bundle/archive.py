"""Zip files that are the same bytes whenever their members are, made while they leave.

A member may be a file of any size: it is measured first, and read again each time that
the archive is given out, so that no archive is ever held in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from struct import pack as packed
from zlib import crc32

from msgspec import Struct

from application.operator_error import OperatorError

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"

MAX_MEMBERS = 65_535
MAX_BYTES = 1 << 30
"""A larger file would be a Zip64, which the verifiers do not read."""

FIRST_DAY = 0x21
"""1 January 1980: the earliest day that a zip can state, and so no member's own."""

VERSION = 20
UNIX = 3 << 8
PLAIN_FILE = 0o100644 << 16
LOCAL_HEADER, ENTRY, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


class TooLarge(OperatorError):
    """The members are too many or too large for one bundle."""


class Member(Struct, frozen=True):
    """One member: its size in bytes, its SHA-256 (hex) and CRC-32, and its bytes."""

    size: int
    sha256: str
    crc: int
    read: Callable[[], Iterator[bytes]]


def member(body: bytes) -> Member:
    """Return a member that is in memory."""
    return Member(
        len(body), sha256(body).hexdigest(), crc32(body), lambda: iter([body])
    )


def streamed(read: Callable[[], Iterator[bytes]]) -> Member:
    """Return a member that is read from elsewhere, having read it once."""
    digest, size, crc = sha256(), 0, 0
    for chunk in read():
        digest.update(chunk)
        size, crc = size + len(chunk), crc32(chunk, crc)
    return Member(size, digest.hexdigest(), crc, read)


class Archive(Struct, frozen=True):
    """A zip file of some members, by their names."""

    members: Mapping[str, Member]

    def read(self) -> Iterator[bytes]:
        """Yield its bytes."""
        directory, offset = [], 0
        # Whoever opens the file sees first what is in it; the rest has one order only.
        for name in sorted(self.members, key=lambda name: (name != MANIFEST, name)):
            one, path = self.members[name], name.encode("ascii")
            about = _about(one, path)
            yield LOCAL_HEADER + packed("<H", VERSION) + about + path
            yield from one.read()
            attributes = packed("<HHHII", 0, 0, 0, PLAIN_FILE, offset)
            made_by = packed("<HH", UNIX | VERSION, VERSION)
            directory.append(ENTRY + made_by + about + attributes + path)
            offset += 30 + len(path) + one.size
        lines, many = b"".join(directory), len(directory)
        yield lines + END + packed("<HHHHIIH", 0, 0, many, many, len(lines), offset, 0)


def pack(members: Mapping[str, Member]) -> Archive:
    """Return the zip file of some members. Raises TooLarge."""
    size = sum(one.size for one in members.values())
    if len(members) > MAX_MEMBERS or size > MAX_BYTES:
        raise TooLarge(f"{len(members)} members of {size} bytes")
    return Archive(members)


def _about(one: Member, path: bytes) -> bytes:
    """Return what both headers of a member say, with nothing of machine or moment.

    Members are stored, not compressed: compressors differ by version.
    """
    stored, flags, extra = 0, 0, 0
    return packed(
        "<HHHHIIIHH",
        flags,
        stored,
        0,
        FIRST_DAY,
        one.crc,
        one.size,
        one.size,
        len(path),
        extra,
    )
