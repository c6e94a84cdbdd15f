"""The line that each request has in the log."""

from __future__ import annotations

import logging

from interface.api.served_request import ServedRequest
from interface.run.log_lines import REQUESTS

_log = logging.getLogger(REQUESTS)


def log_request(served: ServedRequest, trace: str | None) -> None:
    """Log a request: nothing of its body, its headers, its query or its raw path."""
    spent = round(served.seconds * 1_000, 1)
    trace_id = trace.split("-")[1] if trace else None
    fields = {
        "method": served.method,
        "route": served.route,
        "status": served.status,
        "problem": served.problem,
        "milliseconds": spent,
        "caller": served.caller,
        "case": served.case,
        "trace": trace_id,
    }
    known = {name: value for name, value in fields.items() if value is not None}
    _log.info(
        "%s %s %d%s in %s ms by %s%s%s",
        served.method,
        served.route,
        served.status,
        f" {served.problem}" if served.problem else "",
        spent,
        served.caller or "-",
        f" case={served.case}" if served.case else "",
        f" trace={trace_id}" if trace_id else "",
        extra={"fields": known},
    )
