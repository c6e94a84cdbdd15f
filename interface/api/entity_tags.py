"""ETags as they come back: If-Match and If-None-Match, also as proxies rewrite them."""

from __future__ import annotations

import re

_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_LIST = re.compile(rf"[ \t]*{_TAG.pattern}[ \t]*(?:,[ \t]*{_TAG.pattern}[ \t]*)*")

# What proxies add when they compress: Apache "-gzip", others "--gzip".
_ENCODED = re.compile(r"--?(?:gzip|br|zstd|deflate)$")


def tags_in(header: str) -> tuple[str, ...] | None:
    """Return the opaque tags of a list, weak or strong; None if it is no such list.

    What a proxy has added for its compression is taken off.
    """
    if not _LIST.fullmatch(header):
        return None
    return tuple(_ENCODED.sub("", tag) for tag in _TAG.findall(header))


def is_known(header: str, etag: str) -> bool:
    """Tell whether If-None-Match names an ETag, compared weakly (RFC 9110, 13.1.2)."""
    if header.strip() == "*":
        return True
    return bool(set(tags_in(header) or ()) & set(tags_in(etag) or ()))


def weak(etag: str) -> str:
    """Return the ETag of a representation that is the same but for its encoding."""
    return etag if etag.startswith("W/") else f"W/{etag}"
