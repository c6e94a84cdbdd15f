"""What an API key is for: operations of the API by their ids, or paths.

`fileDispute` is one operation; `GET /v1/disputes` is every route at that path and below
it by that method, and `* /v1/disputes` by any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.handlers import HTTPRouteHandler
from litestar.handlers.base import BaseRouteHandler
from litestar.routes import HTTPRoute

from domain.roles import STAFF
from interface.api.problems import Failure
from interface.callers.caller import CLIENTS, Caller

INSUFFICIENT = 'Bearer error="insufficient_scope"'
"""RFC 6750, 3.1: the key is valid, and not for this."""

KEY_ROLES = CLIENTS - STAFF
"""Roles that a key may have. Staff decide cases, and whoever decides is a person."""

FOR_PERSONS: dict[str, Any] = {"for_persons": True}
"""The option of a route that no API key may use, whatever its scopes."""

_PATH = re.compile(r"(GET|POST|PUT|PATCH|DELETE|\*) (/v1(?:/[^/\s]+)*)", re.ASCII)


def check_scope(
    caller: Caller,
    connection: ASGIConnection[Any, Any, Any, Any],
    handler: BaseRouteHandler,
) -> None:
    """Raise Failure for an API key that is not for a route."""
    if caller.key_id is None:
        return
    if "for_persons" in handler.opt:
        raise Failure("not-by-api-key")
    if caller.scopes is None:
        return
    method = str(connection.scope["method"])  # type: ignore[typeddict-item]
    # As the route declares it: what stands for an id is the same for all ids.
    path = str(connection.scope["path_template"])
    operation = str(getattr(handler, "operation_id", ""))
    if not any(_covers(one, operation, method, path) for one in caller.scopes):
        raise Failure(
            "out-of-scope",
            headers={"WWW-Authenticate": INSUFFICIENT},
            operation=operation,
        )


def unknown_scopes(app: Litestar, scopes: Iterable[str]) -> Iterator[int]:
    """Yield the places of scopes that are for nothing which the API has."""
    routes = list(_routes(app))
    for place, scope in enumerate(scopes):
        if not any(_covers(scope, *one) for one in routes):
            yield place


def _routes(app: Litestar) -> Iterator[tuple[str, str, str]]:
    """Yield each operation's id, method and path."""
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            continue
        for handler in route.route_handlers:
            if isinstance(handler, HTTPRouteHandler):
                for method in handler.http_methods:
                    operation = str(handler.operation_id or "")
                    yield operation, str(method), route.path_format


def _covers(scope: str, operation: str, method: str, path: str) -> bool:
    found = _PATH.fullmatch(scope)
    if found is None:
        return bool(operation) and scope == operation
    below = found[2]
    return found[1] in {method, "*"} and f"{path}/".startswith(f"{below}/")
