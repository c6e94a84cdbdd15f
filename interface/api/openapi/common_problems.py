"""The problems with which any route may answer, added to the document of each."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import SecurityRequirement
from litestar.plugins import ReceiveRoutePlugin
from litestar.routes import BaseRoute

from interface.api.key_scopes import KEY_ROLES
from interface.api.openapi.operations import for_everyone, problems

_TOKEN: SecurityRequirement = {"bearer": []}
_API_KEY: SecurityRequirement = {"apiKey": []}
EVERYWHERE = problems(400, 408, 413, 414, 429, 431, 503)
TO_A_STRANGER = problems(401, 403)
BY_A_PATH = problems(404)
OF_A_BODY = problems(415)


class CommonProblems(ReceiveRoutePlugin):
    """Documents what guards and middleware answer, which no handler can leave out."""

    def receive_route(self, route: BaseRoute) -> None:
        """Add the problems to the handlers of a route, where they say no other."""
        for handler in getattr(route, "route_handlers", ()):
            if not isinstance(handler, HTTPRouteHandler):
                continue
            common = dict(EVERYWHERE)
            if "public" in handler.opt:
                # With and without a token, or without: the framework leaves out a
                # list that is empty, so that the operation says it.
                handler.security = (
                    [{}, _TOKEN, _API_KEY] if handler.opt["may_ask"] else []
                )
                handler.operation_class = for_everyone(handler.operation_class)
            else:
                handler.security = [_TOKEN, _API_KEY]
                roles = handler.opt.get("roles")
                # A program has no role of those who decide.
                if "for_persons" in handler.opt or (
                    roles is not None and not roles & KEY_ROLES
                ):
                    handler.security = [_TOKEN]
                common |= TO_A_STRANGER
            if route.path_parameters:
                common |= BY_A_PATH
            if "POST" in handler.http_methods:
                common |= OF_A_BODY
            handler.responses = common | dict(handler.responses or {})
