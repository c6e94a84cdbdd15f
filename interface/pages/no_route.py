"""Answers where there is no such path: a page to who reads pages, else a problem."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException

from interface.api import authentication
from interface.api.outer_layer import header_values
from interface.pages.error_pages import problem_page
from interface.pages.sign_in.page_cookies import keep_language

_OF_PROGRAMS = ("/v1/", "/health/", "/static/", "/schema")


def on_no_route(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Answer what no route answers, in the form that is asked for."""
    reads_pages = "text/html" in accepted(request)
    if not reads_pages or request.url.path.startswith(_OF_PROGRAMS):
        return authentication.on_no_route(request, error)
    keep_language(request.scope)
    return problem_page(request, authentication.on_no_route(request, error))


def accepted(request: Request[Any, Any, Any]) -> str:
    """Return what a request accepts, before anything has read its headers."""
    return ",".join(header_values(request.scope, b"accept")).lower()
