"""The outer layer of the application: what holds for every answer alike.

HEAD wherever GET is, 304 wherever an ETag is, and gzip where it is asked for. It stands
outside of the routes, because a refusal has these too.
"""

from __future__ import annotations

from litestar.concurrency import sync_to_thread
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send
from litestar.types.asgi_types import HTTPResponseStartEvent, HTTPScope, Message

from application.record.row_scope import NOBODY, working_as
from interface.api.compression import (
    compressed,
    is_worth_it,
    may_compress,
    wants_gzip,
)
from interface.api.entity_tags import is_known, weak

LONG_BYTES = 128 * 1024
"""Compressing more would hold up the event loop."""

_OF_CONTENT = ("Content-Length", "Content-Type", "Content-Encoding")

OK, NOT_MODIFIED = 200, 304


def outermost(app: ASGIApp) -> ASGIApp:
    """Return an application with this layer around another one."""

    async def layered(scope: Scope, receive: Receive, send: Send) -> None:
        # The framework answers the start and the end of the process before.
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        answer = _Answer(scope, send)
        if scope["method"] == "HEAD":
            # Asked of the route, it is a GET in all but the body: what is recorded of
            # it, who may, and its headers.
            scope["method"] = "GET"
        # Until the guard knows the caller, no row of any case is shown.
        with working_as(NOBODY):
            await app(scope, receive, answer.send)

    return layered


class _Answer:
    """An answer on its way out; its head waits until the body shows what it is."""

    def __init__(self, scope: HTTPScope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._is_get = scope["method"] in {"GET", "HEAD"}
        self._is_head = scope["method"] == "HEAD"
        self._start: HTTPResponseStartEvent | None = None
        self._is_over = False

    async def send(self, message: Message) -> None:
        """Send what comes next."""
        if self._is_over:
            # The body of a HEAD, or of what the client has already.
            return
        if message["type"] == "http.response.start":
            self._start = message
            return
        if message["type"] != "http.response.body" or self._start is None:
            await self._send(message)
            return
        start, self._start = self._start, None
        body = message["body"]
        headers = MutableScopeHeaders.from_message(start)
        if self._is_known(start, headers):
            start["status"] = NOT_MODIFIED
            for name in _OF_CONTENT:
                headers.pop(name, None)
            body, self._is_over = b"", True
        elif not message["more_body"] and self._is_compressed(headers, len(body)):
            body = await _compressed(body)
            _tell_of_compression(headers, len(body))
        if self._is_head:
            body, self._is_over = b"", True
        await self._send(start)
        more = message["more_body"] and not self._is_over
        await self._send(
            {"type": "http.response.body", "body": body, "more_body": more}
        )

    def _is_known(
        self, start: HTTPResponseStartEvent, headers: MutableScopeHeaders
    ) -> bool:
        """Tell whether the client has said that it has this answer already."""
        etag = headers.get("ETag")
        if not self._is_get or start["status"] != OK or etag is None:
            return False
        known = header_values(self._scope, b"if-none-match")
        return bool(known) and is_known(", ".join(known), etag)

    def _is_compressed(self, headers: MutableScopeHeaders, size: int) -> bool:
        if not may_compress(self._scope.get("route_handler")):
            return False
        if "Content-Encoding" in headers:
            return False
        if not is_worth_it(headers.get("Content-Type", ""), size):
            return False
        return wants_gzip(",".join(header_values(self._scope, b"accept-encoding")))


def _tell_of_compression(headers: MutableScopeHeaders, size: int) -> None:
    headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(size)
    if "ETag" in headers:
        headers["ETag"] = weak(headers["ETag"])


async def _compressed(body: bytes) -> bytes:
    if len(body) < LONG_BYTES:
        return compressed(body)
    return await sync_to_thread(compressed, body)


def header_values(scope: HTTPScope, name: bytes) -> list[str]:
    """Return what a request sends under a header's name, in lower case."""
    return [v.decode("latin-1") for header, v in scope["headers"] if header == name]
