"""Which answers are compressed (gzip), for whom, and how."""

from __future__ import annotations

import gzip
from typing import Any

from litestar.handlers.base import BaseRouteHandler

LEAST_BYTES = 1024
"""Below it, the header of an answer outweighs what is won."""

LEVEL = 5

_TYPES = ("application/json", "application/vnd.oai.openapi+json", "text/")

COMPRESSED: dict[str, Any] = {"compressed": True}
"""The option of a route whose answers may be compressed although they need a token.

The length of a compressed answer tells how much two parts of it have in common. Who
watches the connection and writes one part can so guess the other (BREACH). A case holds
the buyer's contact beside what the seller writes, so neither it nor its history is
compressed; lists and figures hold no text of anybody.
"""


def may_compress(handler: BaseRouteHandler | None) -> bool:
    """Tell whether the answers of a route hold nothing that their length may betray."""
    if handler is None:
        return False
    return bool(handler.opt.get("compressed", "public" in handler.opt))


def is_worth_it(content_type: str, size: int) -> bool:
    """Tell whether an answer of this type and size becomes much smaller."""
    return size >= LEAST_BYTES and content_type.startswith(_TYPES)


def wants_gzip(accept_encoding: str) -> bool:
    """Tell whether a client takes gzip (RFC 9110, 12.5.3)."""
    weights: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        name, _, parameter = part.strip().partition(";")
        weights[name.strip()] = _weight(parameter)
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        # A malformed preference is none.
        return 0.0


def compressed(body: bytes) -> bytes:
    """Return a body in gzip, which holds no time: equal answers have equal bytes."""
    return gzip.compress(body, LEVEL, mtime=0)
