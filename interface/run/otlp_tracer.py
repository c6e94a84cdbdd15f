"""Sends spans to a collector by OpenTelemetry (OTLP over HTTP): the extra `otel`.

Imported only where a collector is set: the library takes half a second to load.
"""

from __future__ import annotations

from importlib.metadata import version
from urllib.parse import urlsplit

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)
from opentelemetry.trace import Span as LibrarySpan

from application.telemetry import span as ours

SECONDS = 5.0
"""How long a collector may take; a request never waits for it."""

_KINDS = {
    ours.SpanKind.INTERNAL: SpanKind.INTERNAL,
    ours.SpanKind.SERVER: SpanKind.SERVER,
    ours.SpanKind.CLIENT: SpanKind.CLIENT,
    ours.SpanKind.CONSUMER: SpanKind.CONSUMER,
}


class OtlpSpan:
    """A span of the library."""

    def __init__(self, span: LibrarySpan) -> None:
        self._span = span

    @property
    def traceparent(self) -> str:
        """Return the span's place in its trace (W3C)."""
        here = self._span.get_span_context()
        flags = int(here.trace_flags)
        return f"00-{here.trace_id:032x}-{here.span_id:016x}-{flags:02x}"

    def note(self, name: str, value: str | int) -> None:
        """Note something about the step."""
        self._span.set_attribute(name, value)

    def rename(self, name: str) -> None:
        """Give the span another name."""
        self._span.update_name(name)

    def end(self, *, failed: bool = False) -> None:
        """End the span; of an error, its words are not told: they may quote a text."""
        if failed:
            self._span.set_status(StatusCode.ERROR)
        self._span.end()


class OtlpTracer:
    """Begins spans that are sent to a collector, several together, by a thread."""

    def __init__(self, url: str, share: float) -> None:
        exporter = OTLPSpanExporter(
            endpoint=_endpoint(url), timeout=SECONDS, compression=Compression.Gzip
        )
        # No attribute but these: what the library finds out by itself names the
        # machine, its user and the command line.
        resource = Resource(
            {"service.name": "redress", "service.version": version("redress")}
        )
        self._provider = TracerProvider(
            sampler=ParentBased(TraceIdRatioBased(share)), resource=resource
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("redress")

    def begin(self, name: str, kind: ours.SpanKind, parent: str | None) -> OtlpSpan:
        """Begin a span below a `traceparent`, or a trace of its own for None."""
        above = Context() if parent is None else _above(parent)
        return OtlpSpan(self._tracer.start_span(name, context=above, kind=_KINDS[kind]))

    def send(self) -> None:
        """Send what waits to be sent."""
        self._provider.force_flush()

    def close(self) -> None:
        """Send what waits, and end the thread."""
        self._provider.shutdown()


def _endpoint(url: str) -> str:
    """Return where spans are posted: the usual path, if a URL names only a server."""
    usual = urlsplit(url).path.strip("/") == ""
    return url.rstrip("/") + "/v1/traces" if usual else url


def _above(traceparent: str) -> Context:
    _, trace_id, span_id, flags = traceparent.split("-")
    place = SpanContext(
        trace_id=int(trace_id, 16),
        span_id=int(span_id, 16),
        is_remote=True,
        trace_flags=TraceFlags(int(flags, 16)),
    )
    return set_span_in_context(NonRecordingSpan(place), Context())
