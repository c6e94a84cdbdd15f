"""The id of a request, and its place in a trace.

By them an answer, the log lines about it and the events that it led to are matched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextvars import ContextVar
from uuid import uuid4

HEADER = "X-Request-Id"

# What is taken goes into log lines as it is: no blank, no quote, nothing to forge with.
_FORM = re.compile(r"[A-Za-z0-9._:-]{1,128}", re.ASCII)

# Of those, an event keeps only what a program makes: 32 hexadecimal digits, whole or
# as a UUID. A person's name or number in the record could never be erased again.
_MADE = re.compile(
    r"[0-9A-Fa-f]{32}|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", re.ASCII
)

# W3C Trace Context, version 00: trace id, span id, flags. All zeros stand for none.
_TRACEPARENT = re.compile(
    r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII
)

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The id of the request that is worked on in this context; None outside of any."""

TRACE: ContextVar[str | None] = ContextVar("trace", default=None)
"""Where the request that is worked on stands in a trace (W3C `traceparent`)."""


def taken_or_made(sent: Sequence[str]) -> str:
    """Return the id that a client or a proxy has sent, or a new one.

    One that has another form is replaced and not refused: no request should fail for a
    header that only helps to find it again.
    """
    if len(sent) == 1 and _FORM.fullmatch(sent[0]):
        return sent[0]
    return uuid4().hex


def recordable(request_id: str | None) -> str | None:
    """Return the id for an event to keep; None for one that a person may have made."""
    return request_id if request_id and _MADE.fullmatch(request_id) else None


def traceparent(sent: Sequence[str]) -> str | None:
    """Return the place in a trace that a client has sent; None for none, or a bad one.

    The specification has a bad header ignored, and a trace begun anew.
    """
    return sent[0] if len(sent) == 1 and _TRACEPARENT.fullmatch(sent[0]) else None
