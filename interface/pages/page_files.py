"""Styles and scripts of the pages, with their digests in their names.

A name with a digest always means the same bytes, so that browsers keep them for good.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files

from litestar import Response, get
from litestar.params import FromPath
from msgspec import Struct

from interface.api.recorded_reads import public
from interface.pages.page_options import PAGE

FOLDER = "/assets"
DIGEST_LENGTH = 12
FOR_GOOD = "public, max-age=31536000, immutable"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class PageFile(Struct, frozen=True):
    """A file that pages load: its bytes, and its media type."""

    content: bytes
    media_type: str


@cache
def _served() -> tuple[dict[str, str], dict[str, PageFile]]:
    """Return the addresses by file name, and the files by the name they are sent by."""
    addresses, served = {}, {}
    for one in files(__package__).joinpath("static").iterdir():
        stem, dot, kind = one.name.rpartition(".")
        content = one.read_bytes()
        name = f"{stem}-{sha256(content).hexdigest()[:DIGEST_LENGTH]}{dot}{kind}"
        addresses[one.name] = f"{FOLDER}/{name}"
        served[name] = PageFile(content, TYPES[dot + kind])
    return addresses, served


def asset(name: str) -> str:
    """Return the address of a file by its plain name. Raises KeyError."""
    return _served()[0][name]


@get(
    f"{FOLDER}/{{name:str}}",
    sync_to_thread=False,
    opt=public("styles and scripts of pages") | PAGE | {"is_static": True},
)
def page_file(name: FromPath[str]) -> Response[bytes]:
    """Return a style or a script; only the present one has its name."""
    found = _served()[1].get(name)
    if found is None:
        return Response(b"", status_code=404, media_type="text/plain")
    headers = {"Cache-Control": FOR_GOOD}
    return Response(found.content, media_type=found.media_type, headers=headers)


def file_size(size: int) -> str:
    """Return how large a file is, in the largest unit of which it has one."""
    for unit, name in ((1 << 20, "MB"), (1 << 10, "KB")):
        if size >= unit:
            return f"{size / unit:.1f}".removesuffix(".0") + f" {name}"
    return f"{size} B"
