"""Marks the operations that are going to end in the OpenAPI document."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler
from litestar.plugins import ReceiveRoutePlugin
from litestar.routes import BaseRoute

from interface.api.deprecation import deprecated


class DeprecatedRoutes(ReceiveRoutePlugin):
    """Marks what the table of deprecations names."""

    def receive_route(self, route: BaseRoute) -> None:
        """Mark the handlers of a route."""
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler) and deprecated(handler):
                handler.deprecated = True
