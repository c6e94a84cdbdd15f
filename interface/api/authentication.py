"""The guard before every route that finds out who the caller is.

It comes before everything that a request brings is looked at: body, parameters, and
ids in the path. A route that needs no token says so, with its reason.
"""

from __future__ import annotations

import re
from typing import Any

from litestar import Litestar, Request, Response
from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException
from litestar.handlers.base import BaseRouteHandler
from litestar.routes import HTTPRoute

from application.record.row_scope import PUBLIC, SCOPE
from domain.refusals import NotAllowed
from interface.api.errors import on_http, on_unauthenticated
from interface.api.key_scopes import check_scope
from interface.api.on_behalf_of import on_behalf_of, standing_for
from interface.api.problems import malformed
from interface.bootstrap import System
from interface.callers.caller import Unauthenticated
from interface.callers.caller_scope import scope_of
from interface.callers.signing_keys import KeysUnavailable

API = "/v1/"

ONCE = {
    "on-behalf-of": "On-Behalf-Of",
    "idempotency-key": "Idempotency-Key",
    "if-match": "If-Match",
    "purpose": "Purpose",
}
"""Headers that decide what is recorded, or whether: of two, either may be meant."""

_JOINED = re.compile(r",\s*bearer ", re.IGNORECASE)


async def authenticate(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Find out who the caller is, and whether the route is for that role.

    Raises Unauthenticated, NotAllowed, KeysUnavailable, or Failure for two tokens, or
    for an API key that is not for this.
    """
    header = authorization(connection)
    # Every route needs a token unless it says otherwise, so that a new one is closed
    # until somebody opens it. Some public routes tell more to those who send one.
    if "public" in handler.opt and (header is None or not handler.opt["may_ask"]):
        SCOPE.set(PUBLIC)
        return
    system: System = connection.app.state.system
    caller = await system.tokens.authenticated(header)
    # The scope's own: for each look, the framework makes a new state around it.
    state = connection.scope["state"]
    state["caller"] = caller
    # From here on the database shows what this caller may see. The outermost layer has
    # begun the context, and ends it.
    SCOPE.set(scope_of(caller))
    refuse_doubled_headers(connection)
    check_scope(caller, connection, handler)
    named = on_behalf_of(connection.headers.get("on-behalf-of"), caller)
    state["on_behalf_of"] = named
    roles = handler.opt.get("roles")
    # None: whom the route is for depends on the case, and its handler decides.
    seen_as = standing_for(caller, named)
    if seen_as is not caller:
        # Whoever acts for a named person sees that person's rows.
        SCOPE.set(scope_of(seen_as, caller))
    if roles is not None and seen_as.role not in roles:
        raise NotAllowed(role=seen_as.role)


def authorization(connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
    """Return the header Authorization. Raises Failure if there are several.

    A proxy and this server might each go by another one. A proxy may also have joined
    them by a comma; another text with a comma is one token, and not a valid one.
    """
    sent: list[str] = connection.headers.getall("authorization", [])
    if len(sent) > 1 or any(_JOINED.search(one) for one in sent):
        raise malformed("Authorization", "given-twice")
    return sent[0] if sent else None


def refuse_doubled_headers(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Raise Failure if a header that decides something comes more than once."""
    for header, name in ONCE.items():
        if len(connection.headers.getall(header, [])) > 1:
            raise malformed(name, "given-twice")


def on_no_route(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Ask a stranger for a token first, also where there is no such page.

    The framework looks at the ids in a path before any guard.
    """
    system: System = request.app.state.system
    path = request.url.path
    if path.startswith(API) and not _is_public(request.app, path):
        header = request.headers.get("authorization")
        try:
            request.state["caller"] = system.tokens.caller_at_hand(header)
        except Unauthenticated as refusal:
            return on_unauthenticated(request, refusal)
        except KeysUnavailable:
            # Whoever it is, there is nothing to protect here.
            pass
    return on_http(request, error)


def _is_public(app: Litestar, path: str) -> bool:
    """Tell whether everybody may ask for what a path names, whatever its id is."""
    return any(
        "{" in route.path_format
        and path.startswith(route.path_format.partition("{")[0])
        and any("public" in one.opt for one in route.route_handlers)
        for route in app.routes
        if isinstance(route, HTTPRoute)
    )
