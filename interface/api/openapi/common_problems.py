"""The problems with which any route may answer, added to the document of each."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import SecurityRequirement
from litestar.plugins import ReceiveRoutePlugin
from litestar.routes import BaseRoute

from interface.api.openapi.operations import problems

EVERYWHERE = problems(400, 408, 413, 414, 429, 431, 503)
TO_A_STRANGER = problems(401, 403)
BY_A_PATH = problems(404)


class CommonProblems(ReceiveRoutePlugin):
    """Documents what guards and middleware answer, which no handler can leave out."""

    def receive_route(self, route: BaseRoute) -> None:
        """Add the problems to the handlers of a route, where they say no other."""
        for handler in getattr(route, "route_handlers", ()):
            if not isinstance(handler, HTTPRouteHandler):
                continue
            common = dict(EVERYWHERE)
            if "public" in handler.opt:
                # No requirement, and one that is empty: clients need no token.
                with_token: list[SecurityRequirement] = (
                    [{"bearer": []}] if handler.opt["may_ask"] else []
                )
                handler.security = [{}, *with_token]
            else:
                common |= TO_A_STRANGER
            if route.path_parameters:
                common |= BY_A_PATH
            handler.responses = common | dict(handler.responses or {})
