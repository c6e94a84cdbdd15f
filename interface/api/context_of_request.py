"""Makes the context of a request from what came with it."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.di import NamedDependency

from application.texts import chosen
from interface.api.on_behalf_of import OnBehalfOf, actor_of, standing_for
from interface.api.request_context import RequestContext
from interface.bootstrap import System
from interface.callers.caller import Caller, Unauthenticated


def request_context(
    request: Request[Any, Any, Any], system: NamedDependency[System]
) -> RequestContext:
    """Return what comes with a request. Raises Unauthenticated or Failure."""
    # The guard has found out who the caller is.
    client: Caller | None = request.scope["state"].get("caller")
    # The guard lets public routes through, and one of them may ask for a caller.
    if client is None:
        raise Unauthenticated("no-token")
    named: OnBehalfOf | None = request.scope["state"].get("on_behalf_of")
    return RequestContext(
        system=system,
        client=client,
        caller=standing_for(client, named),
        actor=actor_of(client, named, reads=request.method == "GET"),
        language=chosen(request.headers.get("accept-language")),
        headers=request.headers,
        lines=system.disputes.line_reader(),
        method=request.method,
        path=request.url.path,
        query=request.scope["state"].get("sent_query", request.url.query),
        loaded=request.scope["state"].get("case"),
        on_behalf_of=named,
    )
