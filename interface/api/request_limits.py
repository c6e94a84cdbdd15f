"""What a request may bring, checked before anything reads it: a middleware.

Sizes are the server's decision, not the client's: headers, parameters, the body and the
time to send it are bounded, and so is the time that a client takes to read an answer.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any, cast

from litestar.types import (
    ASGIApp,
    HTTPReceiveMessage,
    Receive,
    Scope,
    Send,
)
from litestar.types.asgi_types import HTTPScope, Message

from application.record.patience import LOCK_SECONDS, PATIENCE, Patience
from interface.api.bulkheads import BOUNDS, WORK, Work, kind_of
from interface.api.problems import Failure
from interface.api.query_times import say_times
from interface.settings.limit_settings import LimitSettings

MOST_HEADERS = 64
"""Fewer than the HTTP server takes, so that this limit is the one that is told."""
HEADER_BYTES = 16 * 1024
QUERY_BYTES = 8 * 1024
PARAMETERS = 64
NEEDLESS_BODY_BYTES = 1024
"""Many clients send "{}" where no body belongs; nobody has to send more."""

IDLE_SECONDS = 15.0
"""How long nothing may arrive of a body, and nothing may be taken of an answer."""

FORM_BYTES = 64 * 1024
"""What the fields and boundaries of an upload may add to its file."""


CUT_FORM_BYTES = 32 * 1024 * 1024
"""So much of a form of pages is read, of which no more than the limit is kept.

Whoever pastes a book into a field is told so at the field, and loses nothing else.
"""


def limited(app: ASGIApp) -> ASGIApp:
    """Return an application that bounds the requests which reach another."""

    async def bounded(scope: Scope, receive: Receive, send: Send) -> None:
        # The server takes no web sockets, and so this is all that comes.
        scope = cast("HTTPScope", scope)
        _check_head(scope)
        say_times(scope)
        limits: LimitSettings = scope["litestar_app"].state.system.settings.limits
        kind = kind_of(scope["route_handler"], scope["method"])
        WORK.set(kind)
        PATIENCE.set(Patience(LOCK_SECONDS, BOUNDS[kind].seconds))
        places: list[Any] = []
        scope["state"]["places"] = places
        body = _Body(receive, scope, *_body_bounds(scope, kind, limits))
        try:
            await app(scope, body.receive, _patient(send))
        finally:
            for give_back in places:
                give_back()

    return bounded


def _check_head(scope: HTTPScope) -> None:
    """Raise Failure for an encoded body, or more headers than any client needs."""
    if _encodings(scope) - {"", "identity"}:
        raise Failure("encoded-body")
    headers, query = list(scope["headers"]), scope["query_string"]
    size = sum(len(name) + len(value) for name, value in headers)
    if len(headers) > MOST_HEADERS or size > HEADER_BYTES:
        raise Failure(
            "headers-too-large", limit=f"{HEADER_BYTES:,}", number=str(MOST_HEADERS)
        )
    if len(query) > QUERY_BYTES or query.count(b"&") >= PARAMETERS:
        raise Failure(
            "query-too-large", limit=f"{QUERY_BYTES:,}", number=str(PARAMETERS)
        )


def _encodings(scope: HTTPScope) -> set[str]:
    """Return in which ways the body is said to be encoded."""
    named = b",".join(v for name, v in scope["headers"] if name == b"content-encoding")
    return {one.strip().lower() for one in named.decode("latin-1").split(",")}


def _body_bounds(
    scope: HTTPScope, kind: Work, limits: LimitSettings
) -> tuple[int, float]:
    """Return how many bytes the body may have, and how many seconds it may take."""
    handler = scope["route_handler"]
    if kind is Work.UPLOAD:
        most = scope["litestar_app"].state.system.settings.upload_limit
        # A form of pages may bring several files, each of them within the limit.
        files = handler.opt.get("files", 1)
        return most * files + FORM_BYTES, float(limits.upload_seconds)
    takes_body = (
        "form" in handler.opt or "data" in handler.parsed_fn_signature.parameters
    )
    most = limits.body if takes_body else NEEDLESS_BODY_BYTES
    return most, float(limits.body_seconds)


def _declared(scope: HTTPScope) -> int:
    """Return how many bytes the body is said to have; 0 if nothing is said."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


class _Body:
    """The body of a request on its way in, bounded in size and time."""

    def __init__(
        self, receive: Receive, scope: HTTPScope, most: int, seconds: float
    ) -> None:
        self._receive = receive
        self._scope = scope
        self._declared = _declared(scope)
        self._kept = most
        self._most = CUT_FORM_BYTES if _is_cut(scope) else most
        self._until = time.monotonic() + seconds
        self._size = 0
        self._is_whole = False

    async def receive(self) -> HTTPReceiveMessage:
        """Return what comes next. Raises Failure: too large, or too slow."""
        if self._is_whole:
            # What comes after the body is only that the client has gone.
            return await self._receive()  # type: ignore[return-value]
        if self._declared > self._most:
            # Not awaited, when it is said before.
            raise Failure("too-large", limit=f"{self._most:,}")
        left = min(IDLE_SECONDS, self._until - time.monotonic())
        try:
            async with asyncio.timeout(max(0.0, left)):
                message = await self._receive()
        except TimeoutError:
            # What else of it arrives is part of no request.
            raise Failure("too-slow", headers={"Connection": "close"}) from None
        if message["type"] == "http.request":
            self._size += len(message["body"])
            self._is_whole = not message["more_body"]
            if self._size > self._most:
                raise Failure("too-large", limit=f"{self._most:,}")
            if self._size > self._kept:
                self._cut(message)
        return message  # type: ignore[return-value]

    def _cut(self, message: Any) -> None:
        """Leave out of a message what is beyond the bytes that are kept."""
        body = message["body"]
        message["body"] = body[: max(0, self._kept - (self._size - len(body)))]
        self._scope["state"]["form_was_cut"] = True


def _is_cut(scope: HTTPScope) -> bool:
    """Tell whether a body is a form of pages that is cut, and not refused."""
    return bool(scope["route_handler"].opt.get("cuts"))


def _patient(send: Send) -> Send:
    """Return a `send` that gives up on a client who takes nothing of the answer."""

    async def sent(message: Message) -> None:
        # Alone what comes in parts can fill the connection, and wait.
        if not message.get("more_body"):
            await send(message)
            return
        async with asyncio.timeout(IDLE_SECONDS):
            await send(message)

    return sent
