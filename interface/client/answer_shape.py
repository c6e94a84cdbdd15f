"""Reads answers into their shapes, and holds files to their digests."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

import httpx
import msgspec

from .api_call import Form
from .problem_raised import DigestMismatch, UnreadableAnswer

NO_CONTENT = 204
_SHA256 = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]+):")


def read_answer(response: httpx.Response, shape: Any, form: Form) -> Any:
    """Return the answer in its shape, None for an empty one."""
    if response.status_code == NO_CONTENT:
        return None
    try:
        match form:
            case "json":
                return msgspec.json.decode(response.content, type=shape)
            case "lines":
                # The shape is of all lines; each is one of its members.
                lines = filter(bytes.strip, response.content.splitlines())
                return msgspec.convert([*map(msgspec.json.decode, lines)], type=shape)
            case "text":
                return response.text
            case "bytes":
                return b"".join(
                    checked([response.content], stated_digest(response.headers))
                )
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnreadableAnswer(f"{response.request.url}: {error}") from error


def stated_digest(headers: httpx.Headers) -> str | None:
    """Return the SHA-256 in hex that `Repr-Digest` (RFC 9530) states, if it does."""
    found = _SHA256.search(headers.get("repr-digest", ""))
    if found is None:
        return None
    try:
        return base64.b64decode(found[1], validate=True).hex()
    except binascii.Error:
        raise DigestMismatch("Repr-Digest is not base64") from None


def checked(chunks: Iterable[bytes], *digests: str | None) -> Iterator[bytes]:
    """Yield what comes; raise DigestMismatch at its end if it has another SHA-256."""
    got = hashlib.sha256()
    for chunk in chunks:
        got.update(chunk)
        yield chunk
    for digest in digests:
        if digest is not None and digest != got.hexdigest():
            raise DigestMismatch(f"sha256 {got.hexdigest()}, but {digest} was told")
