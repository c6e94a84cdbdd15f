"""Answers where there is no such path: a page to who reads pages, else a problem."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException

from interface.api import authentication
from interface.pages.error_pages import problem_page

_OF_PROGRAMS = ("/v1/", "/health/", "/static/", "/schema")


def on_no_route(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Answer what no route answers, in the form that is asked for."""
    answer = authentication.on_no_route(request, error)
    reads_pages = "text/html" in request.headers.get("accept", "")
    if not reads_pages or request.url.path.startswith(_OF_PROGRAMS):
        return answer
    return problem_page(request, answer)
