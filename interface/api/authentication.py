"""The guard before every route of the API that finds out who the caller is."""

from __future__ import annotations

from typing import Any

from anyio.to_thread import run_sync
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from domain.refusals import NotAllowed
from interface.bootstrap import System

_API = "/v1/"


async def authenticate(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Find out who the caller is, and whether the route is for that role.

    Raises Unauthenticated or NotAllowed. Routes that are public say so by an option.
    """
    # Whatever is below /v1 needs a token unless its route says otherwise, so that a
    # new route is closed until somebody opens it.
    if not connection.url.path.startswith(_API) or "public" in handler.opt:
        return
    system: System = connection.app.state.system
    header = connection.headers.get("authorization")
    # A known token is found without leaving the event loop. A new one is verified in a
    # thread: its key may have to be fetched first, which would hold up all requests.
    caller = system.tokens.remembered(header)
    if caller is None:
        caller = await run_sync(system.tokens.caller, header)
    connection.state["caller"] = caller
    roles = handler.opt.get("roles")
    # None: whom the route is for depends on the case, and its handler decides.
    if roles is not None and caller.role not in roles:
        raise NotAllowed(role=caller.role)
