"""Parses a multipart upload while it arrives; the file goes straight to its place.

Only the small fields are held in memory.
"""

from __future__ import annotations

from multipart import (
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
    parse_options_header,
)

from application.cases.evidence_files import Incoming
from application.decode_errors import pointer
from domain.refusals import Invalid, Problem, refuse_if
from interface.api.file_part import CONTROL, SIGNATURES, FilePart
from interface.api.problems import Failure, malformed
from interface.api.responses.case_parts import Field

MAX_FIELD_BYTES = 20_000
"""Enough for MAX_TEXT characters of four bytes each."""

MAX_PARTS = 8
MAX_NOTE = 1_000
MAX_TEXT = 5_000

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
        self._file: FilePart | None = None

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
        if self._file is None:
            missing.insert(0, "file")
        refuse_if([Problem(f"/{name}", "required") for name in missing])
        if self._file is not None:
            self._file.check()

    @property
    def media_type(self) -> str | None:
        """Return the type of the file, None before it has begun."""
        return self._file.media_type if self._file else None

    @property
    def file_name(self) -> str:
        """Return what the file is called, "" if nobody says."""
        return self._file.name if self._file else ""

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
        if CONTROL.search(text):
            raise Invalid([Problem(f"/{name}", "control-characters")])
        return text.strip()

    def _begin(self, segment: MultipartSegment) -> None:
        self._segment = segment
        if segment.name == "file":
            if self._file is not None:
                raise Invalid([Problem("/file", "one-file-only")])
            self._file = FilePart(segment)
        elif segment.name in self._fields:
            self._texts[segment.name] = bytearray()
        else:
            # Its name came as bytes of no known encoding; only ASCII is repeated.
            name = segment.name.encode("ascii", "replace").decode()[:64]
            raise Invalid([Problem(pointer("", name), "unknown-field")])

    def _take(self, data: bytes) -> None:
        name = self._segment.name if self._segment else None
        if name == "file":
            if self._file is not None:
                self._file.see(data)
            self._incoming.write(data)
        elif name is not None:
            field = self._texts[name]
            field += data
            # While it comes: a field without end must not fill the memory.
            if len(field) > MAX_FIELD_BYTES:
                raise Failure("too-large", limit=str(MAX_FIELD_BYTES))


def _no_form() -> Failure:
    return malformed("", "no-multipart")
