"""What is known of a request once it is answered, and no more than operators may see.

The route stands for the path: a path holds what callers have sent, and would be another
one for each case.
"""

from __future__ import annotations

import re
from typing import Any

from litestar.types.asgi_types import HTTPScope
from msgspec import Struct

NO_ROUTE = "-"
"""The route of what leads nowhere: every probe of a scanner is the same to metrics."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER_METHOD = "OTHER"

_CASE = re.compile(r"/v1/disputes/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")

NO_ANSWER = 0
"""The status of a request whose client had gone before it was answered."""


class ServedRequest(Struct, frozen=True, kw_only=True):
    """A request and its outcome.

    `caller` is a pseudonym, as in all log lines; `problem` is the code of the answer's
    problem. `seconds` is the whole time, `head_seconds` that until the answer began.
    """

    method: str
    route: str
    status: int
    seconds: float
    head_seconds: float
    caller: str | None
    case: str | None
    problem: str | None

    @property
    def status_class(self) -> str:
        """Return the status' class, such as "2xx"."""
        return "none" if self.status == NO_ANSWER else f"{self.status // 100}xx"


def served_request(
    scope: HTTPScope,
    method: str,
    status: int,
    location: str,
    *,
    seconds: float,
    head_seconds: float,
) -> ServedRequest:
    """Return what is known of a request by what the routes left in its scope.

    `location` is the answer's: it names the case that a request began.
    """
    state: dict[str, Any] = scope.get("state", {})
    caller = state.get("caller")
    case = scope.get("path_params", {}).get("dispute_id")
    if case is None and (made := _CASE.match(location)):
        case = made[1]
    return ServedRequest(
        method=method if method in METHODS else OTHER_METHOD,
        route=scope.get("path_template") or NO_ROUTE,
        status=status,
        seconds=seconds,
        head_seconds=head_seconds,
        caller=None if caller is None else caller.in_log,
        case=None if case is None else str(case),
        problem=state.get("problem"),
    )
