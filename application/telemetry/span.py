"""A span: a step of a trace, and what begins one."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class SpanKind(StrEnum):
    """Which side of a call a span is on, as OpenTelemetry has it."""

    INTERNAL = "internal"
    SERVER = "server"
    CLIENT = "client"
    CONSUMER = "consumer"


class Span(Protocol):
    """A step that goes on."""

    @property
    def traceparent(self) -> str:
        """Return the span's place in its trace (W3C), for what follows from it."""

    def note(self, name: str, value: str | int) -> None:
        """Note something about the step. Never personal data."""

    def rename(self, name: str) -> None:
        """Give the span the name that is only known later."""

    def end(self, *, failed: bool = False) -> None:
        """End the span."""


class Tracer(Protocol):
    """Begins spans."""

    def begin(self, name: str, kind: SpanKind, parent: str | None) -> Span:
        """Begin a span below a `traceparent`, or a trace of its own for None."""
