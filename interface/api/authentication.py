"""Who calls is found out at one point, by a guard before every route of the API."""

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
    """Find out who calls, and whether the route is for that role.

    Raises Unauthenticated or NotAllowed. Routes that are public say so by an option.
    """
    if not connection.url.path.startswith(_API) or "public" in handler.opt:
        return
    system: System = connection.app.state.system
    header = connection.headers.get("authorization")
    # A new token is verified in a thread: its key may have to be fetched first.
    caller = system.tokens.remembered(header)
    if caller is None:
        caller = await run_sync(system.tokens.caller, header)
    connection.state["caller"] = caller
    roles = handler.opt.get("roles")
    if roles is not None and caller.role not in roles:
        raise NotAllowed(role=caller.role)
