"""Watches every request from outside: its id, its trace, its time and its outcome."""

from __future__ import annotations

import time
from collections.abc import Callable

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send
from litestar.types.asgi_types import HTTPScope, Message

from application.telemetry.span import Span, SpanKind
from application.telemetry.steps import tracer
from interface.api.outer_layer import header_values
from interface.api.request_line import log_request
from interface.api.request_metrics import observe
from interface.api.served_request import NO_ANSWER, ServedRequest, served_request
from interface.request_id import (
    HEADER,
    REQUEST_ID,
    TRACE,
    taken_or_made,
    traceparent,
)

SERVER_FAULT = 500


def watched(
    app: ASGIApp, logs_requests: Callable[[], bool], is_ending: Callable[[], bool]
) -> ASGIApp:
    """Return an application that tells operators of each request to another one."""

    async def watching(scope: Scope, receive: Receive, send: Send) -> None:
        # The framework answers the start and the end of the process before.
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        request_id = taken_or_made(header_values(scope, b"x-request-id"))
        span, trace = _begun(scope)
        tokens = REQUEST_ID.set(request_id), TRACE.set(trace)
        answer = _Watch(send, request_id, is_ending)
        method = scope["method"]
        try:
            await app(scope, receive, answer.send)
        finally:
            served = answer.served(scope, method)
            observe(served)
            if span is not None:
                _end(span, served)
            if logs_requests():
                log_request(served, trace)
            REQUEST_ID.reset(tokens[0])
            TRACE.reset(tokens[1])

    return watching


class _Watch:
    """Notes what an answer is, and when it began."""

    def __init__(
        self, send: Send, request_id: str, is_ending: Callable[[], bool]
    ) -> None:
        self._send, self._request_id, self._is_ending = send, request_id, is_ending
        self._began = time.perf_counter()
        self._head_at: float | None = None
        self._status, self._location = NO_ANSWER, ""

    async def send(self, message: Message) -> None:
        """Send what comes next."""
        if message["type"] == "http.response.start":
            self._head_at, self._status = time.perf_counter(), message["status"]
            headers = MutableScopeHeaders.from_message(message)
            headers[HEADER] = self._request_id
            if self._is_ending():
                # The client's next request goes to a process that stays.
                headers["Connection"] = "close"
            self._location = headers.get("Location", "")
        await self._send(message)

    def served(self, scope: HTTPScope, method: str) -> ServedRequest:
        """Return the request with its outcome."""
        over = time.perf_counter()
        return served_request(
            scope,
            method,
            self._status,
            self._location,
            seconds=over - self._began,
            head_seconds=(self._head_at or over) - self._began,
        )


def _begun(scope: HTTPScope) -> tuple[Span | None, str | None]:
    """Begin a span below that of the client; return it, and the request's place.

    Without a tracer, the client's own place is kept with the events.
    """
    sent = traceparent(header_values(scope, b"traceparent"))
    begins = tracer()
    if begins is None:
        return None, sent
    # Its name is known when a route is found.
    span = begins.begin("request", SpanKind.SERVER, sent)
    return span, span.traceparent


def _end(span: Span, served: ServedRequest) -> None:
    """End a span with what OpenTelemetry's conventions for HTTP ask for."""
    span.rename(f"{served.method} {served.route}")
    span.note("http.request.method", served.method)
    span.note("http.route", served.route)
    span.note("http.response.status_code", served.status)
    if served.case is not None:
        span.note("redress.case", served.case)
    if served.problem is not None:
        span.note("redress.problem", served.problem)
    span.end(failed=served.status >= SERVER_FAULT)
