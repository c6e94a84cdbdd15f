"""Thumbnails of pictures, made on request and kept nowhere.

Only what is seen is in them: no place, camera or time of the picture's metadata.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from io import BytesIO
from typing import Annotated

from litestar.params import QueryParameter
from msgspec import Struct
from PIL import Image, ImageOps

from interface.api.problems import Failure

LEAST_WIDTH, MOST_WIDTH = 16, 1024
MOST_PIXELS = 50_000_000
"""What a phone takes. A file of few bytes may say that it has far more."""

Width = Annotated[
    int | None,
    QueryParameter(
        ge=LEAST_WIDTH,
        le=MOST_WIDTH,
        description="Of a thumbnail of a picture; without it, the file itself.",
    ),
]

WAIT_SECONDS = 5.0

FORMATS = {
    "image/gif": "GIF",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
}
"""Types of which there are thumbnails, and the one decoder that each is given to."""

_HEIGHTS_PER_WIDTH = 4

# One that is decoded takes some 200 MB.
_AT_ONCE = threading.BoundedSemaphore(2)

# The library only warns of what is too large; `_opened` refuses it.
Image.MAX_IMAGE_PIXELS = None


class Thumbnail(Struct, frozen=True):
    """A small picture: its type, and its bytes."""

    media_type: str
    content: bytes


def check_type(media_type: str) -> None:
    """Raise Failure for a type of which there are no thumbnails."""
    if media_type not in FORMATS:
        raise Failure("no-thumbnail", allowed=", ".join(FORMATS))


def thumbnail(chunks: Iterable[bytes], media_type: str, width: int) -> Thumbnail:
    """Return a picture that is no wider than said. Raises Failure if it is none."""
    check_type(media_type)
    if not _AT_ONCE.acquire(timeout=WAIT_SECONDS):
        raise Failure("busy", headers={"Retry-After": "1"})
    try:
        return _made(b"".join(chunks), FORMATS[media_type], width)
    # The decoders raise these, and more kinds, for files that are broken or forged.
    except (OSError, SyntaxError, ValueError, EOFError, ArithmeticError, IndexError):
        raise Failure("no-picture") from None
    finally:
        _AT_ONCE.release()


def _made(content: bytes, form: str, width: int) -> Thumbnail:
    with Image.open(BytesIO(content), formats=[form]) as picture:
        columns, rows = picture.size
        if columns * rows > MOST_PIXELS:
            raise Failure("picture-too-large", limit=f"{MOST_PIXELS:,}")
        most = (width, width * _HEIGHTS_PER_WIDTH)
        # A JPEG can be decoded at a fraction of its size, to twice what is wanted.
        picture.draft("RGB", (2 * max(most), 2 * max(most)))
        # A camera that was held upright says so in the metadata only.
        upright = ImageOps.exif_transpose(picture)
        is_clear = upright.has_transparency_data
        small = upright.convert("RGBA" if is_clear else "RGB")
        small.thumbnail(most)
        # Pixels alone: copied, a picture would keep its metadata.
        bare = Image.new(small.mode, small.size)
        bare.paste(small)
        out = BytesIO()
        bare.save(out, "PNG" if is_clear else "JPEG", quality=82)
    return Thumbnail("image/png" if is_clear else "image/jpeg", out.getvalue())
