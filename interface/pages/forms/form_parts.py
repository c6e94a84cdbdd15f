"""A form that brings files, read as it comes: its texts first, then file by file.

The framework would put files on the disk in clear before anybody has sealed them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from typing import Any

from litestar import Request
from multipart import (
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
    parse_options_header,
)

from domain.refusals import Problem
from interface.api.problems import Failure, malformed
from interface.pages.forms.sent_form import SentForm, as_typed, marked

MOST_PARTS = 128
MOST_TEXT_BYTES = 100_000
"""Of a text; no field takes that much, and the form says that it was cut."""

PORTION_BYTES = 256 * 1024


class FormParts:
    """The parts of a form in their order; one that is in no parts has none."""

    def __init__(self, request: Request[Any, Any, Any]) -> None:
        kind, options = parse_options_header(request.headers.get("content-type", ""))
        self._chunks = request.stream()
        self._events: deque[Any] = deque()
        self._file: MultipartSegment | None = None
        self._parser: PushMultipartParser | None = None
        self._is_whole = False
        if kind == "multipart/form-data" and options.get("boundary"):
            self._parser = _parser(options["boundary"])

    async def texts(self) -> SentForm:
        """Return the texts that stand before the first file. Raises Failure."""
        values: dict[str, tuple[str, ...]] = {}
        name, text, cut = "", bytearray(), ""
        while (event := await self._next()) is not _END:
            if isinstance(event, MultipartSegment):
                if event.filename is not None:
                    self._file = event
                    break
                name, text = event.name, bytearray()
            elif event is None:
                values[name] = (*values.get(name, ()), as_typed(_decoded(name, text)))
            else:
                room = MOST_TEXT_BYTES - len(text)
                text += event[:room]
                cut = name if len(event) > room else cut
        return SentForm(values, was_cut=True, cut=cut) if cut else marked(values)

    async def file(self) -> MultipartSegment | None:
        """Return the head of the next file, passing over the rest of the one before.

        None: there is no other one. A field for files that was left empty is none.
        """
        while True:
            found, self._file = self._file, None
            while found is None:
                event = await self._next()
                if event is _END:
                    return None
                if isinstance(event, MultipartSegment) and event.filename is not None:
                    found = event
            if found.filename:
                return found

    async def content(self) -> AsyncIterator[bytes]:
        """Yield the bytes of the file whose head was returned last, in portions."""
        gathered = bytearray()
        while (event := await self._next()) is not None:
            if event is _END:
                raise Failure("malformed", faults=[Problem("", "truncated")])
            gathered += event
            if len(gathered) >= PORTION_BYTES:
                yield bytes(gathered)
                gathered.clear()
        yield bytes(gathered)

    async def drain(self) -> None:
        """Read what is left: a browser shows no answer before it has sent all."""
        while await self._next() is not _END:
            pass

    async def _next(self) -> Any:
        """Return a head, bytes, None at the end of a part, or `_END`."""
        while not self._events:
            if self._parser is None or self._is_whole:
                return _END
            chunk = await anext(self._chunks, b"")
            try:
                if chunk:
                    self._events.extend(self._parser.parse(chunk))
                else:
                    self._is_whole = True
                    self._parser.close()
            except MultipartError:
                self._is_whole = True
                raise malformed("", "no-multipart") from None
        return self._events.popleft()


_END = object()


def _parser(boundary: str) -> PushMultipartParser | None:
    try:
        return PushMultipartParser(
            boundary,
            max_segment_count=MOST_PARTS,
            # Whatever the bytes of a file's name are.
            header_charset="latin-1",
            strict=True,
        )
    except MultipartError:
        return None


def _decoded(name: str, text: bytearray) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError:
        # Cut within a character, or of another encoding than our pages have.
        if len(text) >= MOST_TEXT_BYTES:
            return text.decode(errors="ignore")
        raise malformed(name, "text-not-utf-8") from None
