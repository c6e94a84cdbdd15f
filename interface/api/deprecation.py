"""Which operations are going to end: told in answers, and in the OpenAPI document.

One table says it once. What is in it works as before until its day comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime

from litestar.handlers.base import BaseRouteHandler
from msgspec import Struct

LEAST_DAYS = 180
"""How long an operation goes on at least after it was said that it ends."""


class Deprecated(Struct, frozen=True, kw_only=True):
    """That an operation ends: said at a time, ending at another (both UTC).

    `about`: the address of a page that says what to use instead.
    """

    since: datetime
    ends: datetime
    about: str


DEPRECATED: dict[str, Deprecated] = {}
"""By the name of the operation. None ends as yet."""


def deprecated(handler: BaseRouteHandler | None) -> Deprecated | None:
    """Return that the operation of a route ends, None if it does not."""
    name = getattr(handler, "operation_id", None)
    return DEPRECATED.get(name) if isinstance(name, str) else None


def deprecation_headers(one: Deprecated) -> Iterator[tuple[str, str]]:
    """Yield the headers that say so: RFC 9745, RFC 8594, RFC 8288."""
    yield "Deprecation", f"@{int(one.since.timestamp())}"
    yield "Sunset", format_datetime(one.ends, usegmt=True)
    yield "Link", f'<{one.about}>; rel="deprecation"; type="text/html"'
