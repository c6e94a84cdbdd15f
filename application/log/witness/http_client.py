"""Short HTTP requests to machines that may answer nonsense, late, or never."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Event, Timer
from types import MappingProxyType
from urllib.parse import urlsplit

from msgspec import Struct

from application.operator_error import OperatorError

SECONDS = 10.0
"""How long a whole answer may take, in seconds, however slowly it comes."""

MAX_BYTES = 2_000_000
"""The longest answer that is read: twice the longest note."""

CHUNK = 65_536


class Unreachable(OperatorError):
    """There was no usable answer; the message has the address and what went wrong."""


class Answer(Struct, frozen=True):
    """The status and the content of an answer."""

    status: int
    content: bytes

    @property
    def text(self) -> str:
        """Return the beginning of the answer in one line, for messages."""
        words = self.content[:200].decode("utf-8", "replace").split()
        return "".join(c for c in " ".join(words) if c.isprintable())


def fetch(
    url: str,
    body: bytes | None = None,
    seconds: float = SECONDS,
    kind: str | None = None,
    *,
    headers: Mapping[str, str] = MappingProxyType({}),
    most: int = MAX_BYTES,
) -> Answer:
    """Get a URL, or post `body` to it. Raises Unreachable. Follows no redirects.

    `kind` is the media type of the body; `headers` are sent, too. `most` is the longest
    answer that is read, in bytes.
    """
    connection = _connection(url, seconds)
    sockets: list[socket.socket] = []
    late = Event()
    # The socket's own timeout bounds connecting, and then every single read: a byte now
    # and then would keep an exchange going for ever. The timer ends it as a whole.
    timer = Timer(seconds, _cut, [sockets, late])
    timer.daemon = True
    timer.start()
    try:
        connection.connect()
        sockets.append(connection.sock)
        if kind is not None:
            headers = {**headers, "Content-Type": kind}
        answer = _exchange(connection, url, body, headers, most)
    except (OSError, HTTPException, ValueError) as error:
        # The socket's own time and the timer's run out together: either may be first.
        if late.is_set() or isinstance(error, TimeoutError):
            raise _late(url, seconds) from None
        raise Unreachable(f"{url}: {_reason(error)}") from None
    else:
        if late.is_set():
            # What was read until the cut may look like all of it.
            raise _late(url, seconds)
        return answer
    finally:
        timer.cancel()
        connection.close()


def _late(url: str, seconds: float) -> Unreachable:
    return Unreachable(f"{url}: no whole answer within {seconds:g} s")


def _connection(url: str, seconds: float) -> HTTPConnection:
    parts = urlsplit(url)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if host is None or parts.scheme not in {"http", "https"}:
        raise Unreachable(f"{url}: not a http(s) URL")
    if parts.scheme == "https":
        return HTTPSConnection(host, port, timeout=seconds)
    return HTTPConnection(host, port, timeout=seconds)


def _exchange(
    connection: HTTPConnection,
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    most: int,
) -> Answer:
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    sent = {"User-Agent": "redress", "Accept-Encoding": "identity", **headers}
    connection.request("GET" if body is None else "POST", path or "/", body, sent)
    response = connection.getresponse()
    return Answer(response.status, _content(response, most))


def _content(response: HTTPResponse, most: int) -> bytes:
    found = b""
    while chunk := response.read(CHUNK):
        found += chunk
        if len(found) > most:
            raise ValueError(f"the answer is longer than {most} bytes")
    # Reading in pieces, http.client does not mind that promised bytes did not come.
    if response.length:
        raise ValueError("the answer broke off")
    return found


def _cut(sockets: list[socket.socket], late: Event) -> None:
    """End an exchange that takes too long."""
    # First: else its thread may see the end of the data, and take what has come for the
    # whole answer, before it can see that it was cut.
    late.set()
    for one in sockets:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
