"""The file of an upload: of which type it says to be, and whether it begins so."""

from __future__ import annotations

import re
from collections.abc import Mapping

from multipart import MultipartSegment

from domain.refusals import Invalid, Problem
from interface.api.problems import Failure

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
MOST_NAME = 200
BEGINNING = 16
"""Bytes; enough for every signature below."""

SIGNATURES: Mapping[str, tuple[tuple[int, bytes], ...]] = {
    "application/pdf": ((0, b"%PDF-"),),
    "image/gif": ((0, b"GIF8"),),
    "image/heic": ((4, b"ftyp"),),
    "image/jpeg": ((0, b"\xff\xd8\xff"),),
    "image/png": ((0, b"\x89PNG\r\n\x1a\n"),),
    "image/webp": ((0, b"RIFF"), (8, b"WEBP")),
    "text/plain": (),
    "video/mp4": ((4, b"ftyp"),),
    "video/quicktime": ((4, b"ftyp"),),
    "video/webm": ((0, b"\x1aE\xdf\xa3"),),
}
"""The types that are taken, and what their files begin with (offset, bytes)."""

ALIASES: Mapping[str, str] = {
    "application/x-pdf": "application/pdf",
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
}
"""Names that programs give to these types, though they are not registered."""


class FilePart:
    """A file on its way in. Raises Failure for a type that is not taken."""

    def __init__(self, segment: MultipartSegment) -> None:
        kind = (segment.content_type or "application/octet-stream").lower()
        self.media_type = ALIASES.get(kind, kind)
        # A name is only shown; it never becomes the name of a file here.
        name = CONTROL.sub("", _file_name(segment.filename or ""))
        self.name = name[:MOST_NAME]
        self._beginning = b""
        if self.media_type not in SIGNATURES:
            raise Failure("unsupported-type", allowed=", ".join(SIGNATURES))

    def see(self, data: bytes) -> None:
        """Take notice of the next bytes: the first chunk may bring few."""
        if len(self._beginning) < BEGINNING:
            self._beginning = (self._beginning + data)[:BEGINNING]

    def check(self) -> None:
        """Refuse a file that does not begin as files of its type do. Raises Failure."""
        for offset, expected in SIGNATURES[self.media_type]:
            if self._beginning[offset : offset + len(expected)] != expected:
                wrong = Problem("/file", "begins-otherwise", {"type": self.media_type})
                raise Failure(
                    "unsupported-type", faults=[wrong], allowed=", ".join(SIGNATURES)
                )


def _file_name(sent: str) -> str:
    """Return a file's name, whose bytes came as Latin-1. Raises Invalid.

    Programs on a Chinese Windows write it as their system does.
    """
    raw = sent.encode("latin-1")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid([Problem("/file", "name-not-text")])
