"""One log line for each request that was refused for who sent it: 401 and 403."""

from __future__ import annotations

import logging
from typing import Any

from litestar import Request

LOGGED = frozenset({401, 403})
MOST_PATH = 200

_log = logging.getLogger(__name__)


def log_refusal(request: Request[Any, Any, Any], status: int, code: str) -> None:
    """Log status, code, method, path and caller; never the token or the query."""
    caller = request.state.get("caller")
    who = "-"
    if caller is not None:
        who = f"{caller.platform or '-'}/{caller.role}/{caller.subject}"
    _log.warning(
        "refused %s %s %s %s by %s",
        status,
        code,
        one_word(request.method),
        one_word(request.url.path[:MOST_PATH]),
        one_word(who),
    )


def one_word(text: str) -> str:
    """Return a text with everything escaped that could forge a line, or a part of one.

    Paths hold whatever callers have sent, percent-decoded.
    """
    return "".join(
        char
        if char.isprintable() and char not in " \\"
        else char.encode("unicode_escape").decode("ascii")
        if char not in " \\"
        else f"\\x{ord(char):02x}"
        for char in text
    )
