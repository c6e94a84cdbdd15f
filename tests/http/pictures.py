"""Small pictures of each kind, honest and forged."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import Image

ORIENTATION, PLACE = 0x0112, 0x010E


def picture(
    form: str = "JPEG", size: tuple[int, int] = (800, 600), *, turned: bool = False
) -> bytes:
    """Return a picture, red on its left half; `turned` says so in its metadata only."""
    drawn = Image.new("RGB", size, "blue")
    drawn.paste("red", (0, 0, size[0] // 2, size[1]))
    out = BytesIO()
    if form == "JPEG":
        told = Image.Exif()
        told[PLACE] = "at home"
        told[ORIENTATION] = 6 if turned else 1
        drawn.save(out, form, exif=told)
    else:
        drawn.save(out, form)
    return out.getvalue()


def bomb(columns: int, rows: int) -> bytes:
    """Return a PNG of few bytes that says that it has so many pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
        )

    head = struct.pack(">IIBBBBB", columns, rows, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1_000)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", body)
        + chunk(b"IEND", b"")
    )
