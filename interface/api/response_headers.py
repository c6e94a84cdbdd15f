"""The headers that every answer has, also those of errors and of files."""

from __future__ import annotations

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.routes import HTTPRoute
from litestar.types import Message, Scope

from interface.api.deprecation import deprecated, deprecation_headers
from interface.api.preferences import applied_wait

STRICT = "max-age=31536000; includeSubDomains"
"""A year. A cookie or a link of a subdomain in clear could else reach this host."""

CHOSEN_BY = "Accept, Accept-Encoding, Accept-Language"
"""The headers by which one address has several answers."""

OF_DATA = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
OF_PAGES = (
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Pages say the rest themselves: what each of them loads is in its own policy."""


async def add_headers(message: Message, scope: Scope) -> None:
    """Add the headers that an answer lacks, before it is sent."""
    if message["type"] != "http.response.start" or scope["type"] != ScopeType.HTTP:
        return
    headers = MutableScopeHeaders.from_message(message)
    handler = scope.get("route_handler")
    # Also where a route was not found: nothing says that the answer is for everyone.
    is_public = handler is not None and "public" in handler.opt
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("X-Frame-Options", "DENY")
    is_page = headers.get("Content-Type", "").startswith("text/html")
    headers.setdefault("Content-Security-Policy", OF_PAGES if is_page else OF_DATA)
    if not is_public or handler.opt["may_ask"]:
        # What one caller is shown, nobody else may find in a cache, nor the same person
        # after an erasure.
        headers.setdefault("Cache-Control", "no-store")
        headers.setdefault("Vary", f"{CHOSEN_BY}, Authorization")
    elif not handler.opt.get("is_static"):
        headers.setdefault("Vary", CHOSEN_BY)
    if scope["method"] == "OPTIONS" and "Allow" in headers:
        headers["Allow"] = ", ".join(sorted(_with_head(_methods(scope))))
    elif "Allow" in headers:
        # Such as that of 405, which names what a path takes instead.
        allowed = {one.strip() for one in headers["Allow"].split(",")}
        headers["Allow"] = ", ".join(sorted(_with_head(allowed)))
    if ends := deprecated(handler):
        for name, value in deprecation_headers(ends):
            headers.add(name, value)
    if (waited := scope["state"].get("waited")) is not None:
        headers.update(applied_wait(waited))
    if zone := scope["state"].get("zone"):
        # In which a plain date was taken.
        headers["X-Time-Zone"] = zone
    if _is_encrypted(scope):
        headers.setdefault("Strict-Transport-Security", STRICT)


def _with_head(methods: set[str]) -> set[str]:
    return methods | {"HEAD"} if "GET" in methods else methods


def _methods(scope: Scope) -> set[str]:
    """Return all methods of a path.

    The framework answers with those of the handler that it came to first.
    """
    handler = scope.get("route_handler")
    return {
        method
        for route in scope["litestar_app"].routes
        if isinstance(route, HTTPRoute) and handler in route.route_handlers
        for method in route.methods
    }


def _is_encrypted(scope: Scope) -> bool:
    """Tell whether the caller came over TLS, to here or to a proxy before.

    Whoever makes the header up does so for their own connection, and over plain HTTP
    browsers pass Strict-Transport-Security over.
    """
    if scope["scheme"] == "https":
        return True
    forwarded = [v for name, v in scope["headers"] if name == b"x-forwarded-proto"]
    return any(value.strip().lower() == b"https" for value in forwarded)
