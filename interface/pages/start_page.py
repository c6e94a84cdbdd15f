"""The start page: what is here, for whom."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get

from interface.pages.page import page
from interface.pages.page_options import public_page

DOORS = (
    ("cases", "/cases"),
    ("desk", "/desk"),
    ("record", "/record"),
    ("analysis", "/analysis"),
    ("service", "/service"),
    ("operator", "/operator"),
    ("figures", "/figures"),
    ("verifier", "/verify"),
    ("api", "/schema"),
)
"""Where the start page leads, by the names in the texts."""

OF_ROLES = frozenset(
    {"/cases", "/desk", "/record", "/analysis", "/service", "/operator"}
)
"""Doors that only open to some: who has signed in is shown those of their own."""


@get("/", sync_to_thread=False, opt=public_page("it says what is here"))
def start_page(request: Request[Any, Any, Any]) -> Response[str]:
    """Say what is here."""
    return page(request, "start.html", doors=DOORS, of_roles=OF_ROLES)
