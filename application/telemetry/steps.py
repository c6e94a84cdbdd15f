"""Steps of the work: timed for the metrics, and spans of the traces they belong to.

Nothing is traced or timed before the program says by what: a process that has neither
loads nothing for it, and a step then costs next to nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from application.telemetry.span import Span, SpanKind, Tracer

MOST_TRACES = 32
"""Traces that one batch has spans in: a rebuild would else send thousands at once."""

Timed = Callable[[float], None]
"""Takes for how many seconds a step went on."""


class Step:
    """A step that goes on: where it stands in a trace, and whether it failed.

    `traceparent` is for what the step calls: that of its span, or else of the first
    trace, so that a trace goes on also where this process traces nothing.
    """

    def __init__(self, traceparent: str | None) -> None:
        self.traceparent = traceparent
        self.has_failed = False


class _Watchers:
    """Who is told of steps, in this process."""

    def __init__(self) -> None:
        self.tracer: Tracer | None = None
        self.timed: dict[str, Timed] = {}


_watchers = _Watchers()


def trace_with(tracer: Tracer | None) -> None:
    """Begin spans with a tracer from now on; None: with none any more."""
    _watchers.tracer = tracer


def tracer() -> Tracer | None:
    """Return the tracer, None if nothing is traced."""
    return _watchers.tracer


def time_with(name: str, timed: Timed) -> None:
    """Have somebody told how long each step of a name takes."""
    _watchers.timed[name] = timed


@contextmanager
def step(
    name: str,
    traces: Iterable[str | None] = (),
    kind: SpanKind = SpanKind.INTERNAL,
    **notes: str | int,
) -> Iterator[Step]:
    """Do a step, with a span in each of the sampled traces that it follows from."""
    came = [one for one in traces if one is not None]
    timed = _watchers.timed.get(name)
    began = time.perf_counter()
    spans = _begun(name, came, kind, notes) if _watchers.tracer else ()
    one = Step(spans[0].traceparent if spans else next(iter(came), None))
    try:
        yield one
    except BaseException:
        one.has_failed = True
        raise
    finally:
        for span in spans:
            span.end(failed=one.has_failed)
        if timed is not None:
            timed(time.perf_counter() - began)


def is_sampled(traceparent: str) -> bool:
    """Tell whether a trace is kept: the last bit of its flags."""
    return int(traceparent[-1], 16) & 1 == 1


def _begun(
    name: str, came: Iterable[str], kind: SpanKind, notes: dict[str, str | int]
) -> list[Span]:
    tracer = _watchers.tracer
    # One span for each place in a trace: a command of ten events is one place.
    places = [one for one in dict.fromkeys(came) if is_sampled(one)][:MOST_TRACES]
    spans = [tracer.begin(name, kind, one) for one in places] if tracer else []
    for span in spans:
        for key, value in notes.items():
            span.note(f"redress.{key}", value)
    return spans
