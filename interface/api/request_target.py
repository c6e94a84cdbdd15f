"""Checks what a request is sent to: its host, and a path that is text."""

from __future__ import annotations

import re
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from interface.api.problems import Failure, malformed

MAX_PORT = 65_535
MAX_PATH = 4_096
"""Characters of a path: no name of a file or a case is nearly as long."""

# RFC 3986: a name or an IPv4 address, or an IPv6 address in brackets; then a port.
_HOST = re.compile(
    r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._~%!$&'()*+,;=-]{0,255})(:(?P<port>\d{0,5}))?",
    re.ASCII,
)


async def refuse_odd_target(
    connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
) -> None:
    """Refuse a host that is none, and a path with control characters. Raises Failure.

    Everything behind it may ask for the URL, which cannot be made of such a host.
    """
    hosts = [value for name, value in connection.scope["headers"] if name == b"host"]
    # RFC 9112, 3.2: a request without one is answered with 400. One that is empty comes
    # the same way, and no URL of http has an empty host (RFC 9110, 4.2.1).
    if not any(hosts) and connection.scope["http_version"] != "1.0":
        raise malformed("host", "not-a-host")
    # Two hosts: a proxy in front may have gone by the other one (RFC 9112, 3.2).
    if len(hosts) > 1 or any(not is_host(host.decode("latin-1")) for host in hosts):
        raise malformed("host", "not-a-host")
    path = connection.scope["path"]
    if len(path) > MAX_PATH or not path.isprintable():
        # No page, file or case is called so.
        raise Failure("no-such-page")


def is_host(text: str) -> bool:
    """Tell whether a text is a host with or without a port."""
    match = _HOST.fullmatch(text)
    return match is not None and int(match["port"] or 0) <= MAX_PORT
