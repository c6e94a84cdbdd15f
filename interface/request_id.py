"""The id of a request, by which an answer and the log lines about it are matched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextvars import ContextVar
from uuid import uuid4

HEADER = "X-Request-Id"

# What is taken goes into log lines as it is: no blank, no quote, nothing to forge with.
_FORM = re.compile(r"[A-Za-z0-9._:-]{1,128}", re.ASCII)

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The id of the request that is worked on in this context; None outside of any."""


def taken_or_made(sent: Sequence[str]) -> str:
    """Return the id that a client or a proxy has sent, or a new one.

    One that has another form is replaced and not refused: no request should fail for a
    header that only helps to find it again.
    """
    if len(sent) == 1 and _FORM.fullmatch(sent[0]):
        return sent[0]
    return uuid4().hex
