"""Every path that the document knows for GET."""

from __future__ import annotations

import re

from tests.http_app import whole_app

PARAMETERS = {
    "{dispute_id}": "00000000-0000-0000-0000-000000000000",
    "{erasure_id}": "00000000-0000-0000-0000-000000000000",
    "{webhook_id}": "00000000-0000-0000-0000-000000000000",
    "{delivery_id}": "00000000-0000-0000-0000-000000000000",
    "{number}": "1",
    "{version}": "1",
    "{name}": "cn-default",
    "{seller}": "s-1",
    "{period}": "2026",
    "{tile}": "0/000",
    "{link}": "none",
    "{edition}": "1",
}


def readable() -> list[str]:
    """Return every path that the document knows for GET, with its ids filled in."""
    paths = whole_app().openapi_schema.paths or {}
    found = []
    for path, item in paths.items():
        if item.get is None:
            continue
        found.append(re.sub(r"\{\w+\}", lambda one: PARAMETERS[one[0]], path))
    return found


READABLE = readable()
