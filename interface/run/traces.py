"""Has this process send traces, where a collector is set."""

from __future__ import annotations

from application.operator_error import OperatorError
from application.telemetry.span import Tracer
from application.telemetry.steps import trace_with, tracer
from interface.settings.settings import Settings


def start_traces(settings: Settings) -> Tracer | None:
    """Send traces from now on, as the settings say; once for each process.

    Raises OperatorError if the library is not there. What is left is sent when the
    process ends.
    """
    if settings.operation.otlp is None:
        return None
    if (running := tracer()) is not None:
        return running
    try:
        # An option: most platforms have no collector, and it takes long to load.
        from interface.run.otlp_tracer import OtlpTracer
    except ModuleNotFoundError:
        raise OperatorError(
            "REDRESS_OTLP_URL: the extra `otel` is not installed: pip install"
            " '.[otel]' in the folder of the sources"
        ) from None
    made = OtlpTracer(settings.operation.otlp, settings.operation.trace_share)
    trace_with(made)
    return made
