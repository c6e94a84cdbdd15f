"""Zip files that are the same bytes whenever their members are.

Members are stored, not compressed: compressors differ by version. The manifest comes
first, the others by name; times and attributes are fixed.
"""

from __future__ import annotations

from collections.abc import Mapping
from struct import pack
from zlib import crc32

from application.operator_error import OperatorError

MANIFEST = "manifest.json"
MAX_MEMBERS = 65_535
MAX_BYTES = 1 << 30

_FIRST_OF_1980 = 0x21
_UNIX_3_1, _VERSION_2_0 = 0x314, 20
_PLAIN_FILE = 0o100644 << 16


class TooLarge(OperatorError):
    """The members are too many or too large for one bundle."""


def packed(members: Mapping[str, bytes]) -> bytes:
    """Return the zip. Raises TooLarge."""
    names = sorted(members, key=lambda name: (name != MANIFEST, name))
    size = sum(map(len, members.values()))
    if len(names) > MAX_MEMBERS or size > MAX_BYTES:
        raise TooLarge(f"{len(names)} members of {size} bytes")
    parts: list[bytes] = []
    lines: list[bytes] = []
    offset = 0
    for name in names:
        body, path = members[name], name.encode("ascii")
        about = _about(path, body)
        parts += [b"PK\x03\x04", pack("<H", _VERSION_2_0), about, path, body]
        lines.append(_line(about, path, offset))
        offset += 30 + len(path) + len(body)
    return b"".join([*parts, *lines, _end(len(names), sum(map(len, lines)), offset)])


def _about(path: bytes, body: bytes) -> bytes:
    """Write what a member's header and its line in the directory have in common."""
    size = len(body)
    return pack(
        "<HHHHIIIHH", 0, 0, 0, _FIRST_OF_1980, crc32(body), size, size, len(path), 0
    )


def _line(about: bytes, path: bytes, offset: int) -> bytes:
    made_by = pack("<HH", _UNIX_3_1, _VERSION_2_0)
    rest = pack("<HHHII", 0, 0, 0, _PLAIN_FILE, offset)
    return b"PK\x01\x02" + made_by + about + rest + path


def _end(count: int, size: int, offset: int) -> bytes:
    return b"PK\x05\x06" + pack("<HHHHIIH", 0, 0, count, count, size, offset, 0)
