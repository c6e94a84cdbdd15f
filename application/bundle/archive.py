"""Zip files that are the same bytes whenever their members are."""

from __future__ import annotations

import io
from collections.abc import Mapping
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from application.operator_error import OperatorError

MANIFEST = "manifest.json"

MAX_MEMBERS = 65_535
MAX_BYTES = 1 << 30
"""A larger file would be a Zip64, which the verifiers do not read."""

FIRST_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip file can state, and so no member's own."""

UNIX = 3
PLAIN_FILE = 0o100644 << 16


class TooLarge(OperatorError):
    """The members are too many or too large for one bundle."""


def pack(members: Mapping[str, bytes]) -> bytes:
    """Return the zip file of some members. Raises TooLarge."""
    size = sum(map(len, members.values()))
    if len(members) > MAX_MEMBERS or size > MAX_BYTES:
        raise TooLarge(f"{len(members)} members of {size} bytes")
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        # Whoever opens the file sees first what is in it; the rest has one order only.
        for name in sorted(members, key=lambda name: (name != MANIFEST, name)):
            archive.writestr(_entry(name), members[name])
    return out.getvalue()


def _entry(name: str) -> ZipInfo:
    """Return a member's header, with nothing of the machine or the moment in it.

    Members are stored, not compressed: compressors differ by version.
    """
    entry = ZipInfo(name, FIRST_TIME)
    entry.compress_type = ZIP_STORED
    entry.create_system = UNIX
    entry.external_attr = PLAIN_FILE
    return entry
