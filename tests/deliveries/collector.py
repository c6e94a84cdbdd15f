"""A collector of traces: a real HTTP server that takes OTLP."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from msgspec import Struct
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

FAILED = 2
"""STATUS_CODE_ERROR of OTLP."""


class CollectedSpan(Struct, frozen=True, kw_only=True):
    """A span as it arrived; ids are hexadecimal, `parent` "" for none."""

    name: str
    trace: str
    span: str
    parent: str
    kind: int
    failed: bool
    attributes: dict[str, Any]


class Collector:
    """Keeps the spans that it was sent, and their bytes."""

    def __init__(self) -> None:
        self.spans: list[CollectedSpan] = []
        self.bytes = b""
        self.paths: set[str] = set()
        self.resource: dict[str, Any] = {}
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                collector.paths.add(self.path)
                sent = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    sent = gzip.decompress(sent)
                collector.take(sent)
                answer = ExportTraceServiceResponse().SerializeToString()
                self.send_response(200)
                self.send_header("Content-Type", "application/x-protobuf")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                del format, args

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def take(self, sent: bytes) -> None:
        self.bytes += sent
        request = ExportTraceServiceRequest.FromString(sent)
        for resource in request.resource_spans:
            self.resource |= _read(resource.resource.attributes)
            for scope in resource.scope_spans:
                self.spans += [_collected(one) for one in scope.spans]

    def of_trace(self, trace: str) -> list[CollectedSpan]:
        return [one for one in self.spans if one.trace == trace]


def _collected(one: Any) -> CollectedSpan:
    return CollectedSpan(
        name=one.name,
        trace=one.trace_id.hex(),
        span=one.span_id.hex(),
        parent=one.parent_span_id.hex(),
        kind=one.kind,
        failed=one.status.code == FAILED,
        attributes=_read(one.attributes),
    )


def _read(attributes: Any) -> dict[str, Any]:
    return {
        one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes
    }


@contextmanager
def collecting() -> Iterator[Collector]:
    """Run a collector."""
    one = Collector()
    thread = threading.Thread(target=one.server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield one
    finally:
        one.server.shutdown()
        thread.join()
        one.server.server_close()
