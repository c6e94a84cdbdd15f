"""Makes the context of a request from what came with it."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.di import NamedDependency

from application.texts import chosen
from domain.roles import Party, Role
from interface.api.problems import malformed
from interface.api.request_context import RequestContext
from interface.bootstrap import System
from interface.callers.caller import Caller, Unauthenticated


def request_context(
    request: Request[Any, Any, Any], system: NamedDependency[System]
) -> RequestContext:
    """Return what comes with a request. Raises Unauthenticated or Failure."""
    # The guard has found out who the caller is.
    caller = request.state.get("caller")
    # The guard lets public routes through, and one of them may ask for a caller.
    if caller is None:
        raise Unauthenticated("no-token")
    return RequestContext(
        system=system,
        caller=caller,
        actor=caller.actor(_on_behalf_of(request, caller)),
        language=chosen(request.headers.get("accept-language")),
        headers=request.headers,
        method=request.method,
        path=request.url.path,
        query=request.state.get("sent_query", request.url.query),
        loaded=request.state.get("case"),
    )


def _on_behalf_of(request: Request[Any, Any, Any], caller: Caller) -> Party | None:
    """Return the party for whom the platform's service client acts."""
    named = request.headers.get("on-behalf-of")
    if named is None:
        return None
    if caller.role is not Role.PLATFORM or named not in {Party.BUYER, Party.SELLER}:
        raise malformed("On-Behalf-Of", "not-on-behalf")
    return Party(named)
