"""Saves a file of a case: whole and true to its digest, or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import httpx

from .answer_shape import checked, stated_digest
from .api_call import ApiCall
from .problem_raised import Unreachable
from .sender import Sender


def save(sender: Sender, href: str, path: Path, sha256: str | None) -> Path:
    """Write what an address answers to a path; return the path.

    `sha256`: what the case says of the file, in hex. Raises DigestMismatch if other
    bytes come, Unreachable if they end too early; the path is then as it was before.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    part = Path(name)
    try:
        with (
            os.fdopen(handle, "wb") as out,
            sender.stream(ApiCall("GET", href, answer="bytes")) as response,
        ):
            told = stated_digest(response.headers)
            for chunk in checked(response.iter_bytes(), told, sha256):
                out.write(chunk)
        part.replace(path)
    except httpx.RequestError as error:
        raise Unreachable(error, None) from error
    finally:
        part.unlink(missing_ok=True)
    return path
