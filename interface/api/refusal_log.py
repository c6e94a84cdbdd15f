"""One log line for each request that was refused for who sent it, or for its size."""

from __future__ import annotations

import logging
from typing import Any

from litestar import Request

from interface.run.log_lines import one_word

LOGGED = frozenset({401, 403, 408, 413, 414, 429, 431})
"""Statuses: who the caller is, and limits that no honest client reaches."""

LOGGED_CODES = frozenset({"not-found"})
"""No such case, or not one that the caller may see; both are answered alike."""

MOST_PATH = 200

_log = logging.getLogger(__name__)


def log_refusal(request: Request[Any, Any, Any], status: int, code: str) -> None:
    """Log status, code, method, path and caller; never the token or the query."""
    caller = request.state.get("caller")
    unknown = request.state.get("refused_token", "-")
    _log.warning(
        "refused %s %s %s %s by %s",
        status,
        code,
        one_word(request.method),
        one_word(request.url.path[:MOST_PATH]),
        unknown if caller is None else caller.in_log,
    )
