"""A file to hand in: a path, bytes, or a stream; its name and media type."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

UNKNOWN = "application/octet-stream"
BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
    b"GIF8": ("image/gif", "gif"),
    b"%PDF-": ("application/pdf", "pdf"),
}
"""How files begin that have no name to tell their kind."""


class FileToSend(Struct, frozen=True):
    """Content with a name and a media type of one's own choice.

    A text is the path of a file. Both are guessed where they are not said: the type
    from the name, or from the first bytes. A stream that cannot be rewound is sent
    once, and never again.
    """

    content: Path | str | bytes | BinaryIO
    name: str | None = None
    media_type: str | None = None


FileSource = FileToSend | Path | str | bytes | BinaryIO


@contextmanager
def opened(source: FileSource) -> Iterator[tuple[str, BinaryIO, str]]:
    """Yield name, stream and media type, from the beginning of the file."""
    said = source if isinstance(source, FileToSend) else FileToSend(source)
    if isinstance(said.content, Path | str):
        with Path(said.content).open("rb") as stream:
            yield _told(said, stream)
    elif isinstance(said.content, bytes):
        yield _told(said, BytesIO(said.content))
    else:
        if said.content.seekable():
            said.content.seek(0)
        yield _told(said, said.content)


def is_repeatable(source: FileSource | None) -> bool:
    """Tell whether a file can be sent once more from its beginning."""
    content = source.content if isinstance(source, FileToSend) else source
    return (
        content is None or isinstance(content, Path | str | bytes) or content.seekable()
    )


def _told(said: FileToSend, stream: BinaryIO) -> tuple[str, BinaryIO, str]:
    where = Path(said.content) if isinstance(said.content, Path | str) else None
    name = said.name or (where.name if where else None)
    guessed, ending = _beginning(stream)
    by_name = mimetypes.guess_type(name)[0] if name else None
    kind = said.media_type or by_name or guessed
    return name or f"file.{ending}", stream, kind


def _beginning(stream: BinaryIO) -> tuple[str, str]:
    if not stream.seekable():
        return UNKNOWN, "bin"
    first = stream.read(16)
    stream.seek(0)
    if first[:4] == b"RIFF" and first[8:12] == b"WEBP":
        return "image/webp", "webp"
    for beginning, kind in BEGINNINGS.items():
        if first.startswith(beginning):
            return kind
    return UNKNOWN, "bin"
