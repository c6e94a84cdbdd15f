"""Parses a multipart upload while it arrives; the file goes straight to its place.

Only the small fields are held in memory.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from multipart import (
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
    parse_options_header,
)

from application.cases.evidence_files import Incoming
from application.decode_errors import pointer
from domain.refusals import Invalid, Problem, refuse_if
from interface.api.problems import Failure, malformed
from interface.api.responses.case_parts import Field

MAX_FIELD_BYTES = 20_000
"""Enough for MAX_TEXT characters of four bytes each."""

MAX_PARTS = 8
MAX_NOTE = 1_000
MAX_TEXT = 5_000

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

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


FILE = Field(name="file", type="file", required=True, codes=tuple(SIGNATURES))
"""The part that holds the file, as the actions of a case describe it."""


class Upload:
    """An upload on its way in: fields, and one file that is passed on as it comes."""

    def __init__(
        self,
        content_type: str,
        incoming: Incoming,
        fields: frozenset[str],
        required: frozenset[str],
    ) -> None:
        kind, options = parse_options_header(content_type)
        if kind != "multipart/form-data" or not options.get("boundary"):
            raise Failure("unsupported-type", allowed="multipart/form-data")
        try:
            self._parser = PushMultipartParser(
                options["boundary"],
                max_segment_count=MAX_PARTS,
                # Whatever the bytes of a file's name are; `_file_name` reads them.
                header_charset="latin-1",
                strict=True,
            )
        except MultipartError:
            raise _no_form() from None
        self._incoming = incoming
        self._fields = fields
        self._required = required
        self._segment: MultipartSegment | None = None
        self._texts: dict[str, bytearray] = {}
        self._beginning = bytearray()
        self.media_type: str | None = None
        self.file_name = ""

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes. Raises Failure, Invalid or TooLargeFile."""
        try:
            for event in self._parser.parse(chunk):
                if isinstance(event, MultipartSegment):
                    self._begin(event)
                elif event is not None:
                    self._take(bytes(event))
        except MultipartError:
            raise _no_form() from None

    def finish(self) -> None:
        """Check that all of it came. Raises Failure or Invalid."""
        try:
            self._parser.close()
        except MultipartError:
            raise Failure("malformed", faults=[Problem("", "truncated")]) from None
        missing = [name for name in sorted(self._required) if not self._texts.get(name)]
        if self.media_type is None:
            missing.insert(0, "file")
        refuse_if([Problem(f"/{name}", "required") for name in missing])
        self._check_signature()

    def text(self, name: str, limit: int) -> str | None:
        """Return a text field, None if it was not sent. Raises Invalid."""
        if name not in self._texts:
            return None
        try:
            text = self._texts[name].decode()
        except UnicodeDecodeError:
            raise Invalid([Problem(f"/{name}", "text-not-utf-8")]) from None
        if len(text) > limit:
            said = {"limit": str(limit)}
            raise Invalid([Problem(f"/{name}", "too-long", said)])
        if _CONTROL.search(text):
            raise Invalid([Problem(f"/{name}", "control-characters")])
        return text.strip()

    def _begin(self, segment: MultipartSegment) -> None:
        self._segment = segment
        if segment.name == "file":
            if self.media_type is not None:
                raise Invalid([Problem("/file", "one-file-only")])
            kind = (segment.content_type or "application/octet-stream").lower()
            self.media_type = ALIASES.get(kind, kind)
            # A name is only shown; it never becomes the name of a file here.
            self.file_name = _CONTROL.sub("", _file_name(segment.filename or ""))[:200]
            if self.media_type not in SIGNATURES:
                raise Failure("unsupported-type", allowed=", ".join(SIGNATURES))
        elif segment.name in self._fields:
            self._texts[segment.name] = bytearray()
        else:
            # Its name came as bytes of no known encoding; only ASCII is repeated.
            name = segment.name.encode("ascii", "replace").decode()[:64]
            raise Invalid([Problem(pointer("", name), "unknown-field")])

    def _take(self, data: bytes) -> None:
        name = self._segment.name if self._segment else None
        if name == "file":
            # 16 bytes are enough for every signature below, and the first chunk may
            # bring fewer.
            self._beginning += data[: max(0, 16 - len(self._beginning))]
            self._incoming.write(data)
        elif name is not None:
            field = self._texts[name]
            field += data
            # While it comes: a field without end must not fill the memory.
            if len(field) > MAX_FIELD_BYTES:
                raise Failure("too-large", limit=str(MAX_FIELD_BYTES))

    def _check_signature(self) -> None:
        """Refuse a file that does not begin as files of its type do."""
        kind = self.media_type or ""
        for offset, expected in SIGNATURES[kind]:
            if self._beginning[offset : offset + len(expected)] != expected:
                wrong = Problem("/file", "begins-otherwise", {"type": kind})
                raise Failure(
                    "unsupported-type", faults=[wrong], allowed=", ".join(SIGNATURES)
                )


def _no_form() -> Failure:
    return malformed("", "no-multipart")


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
