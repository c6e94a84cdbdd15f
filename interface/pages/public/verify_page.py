"""The verifier as a page: a bundle is checked in the browser, and goes nowhere."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get

from interface.pages.page_options import public_page
from interface.pages.public.public_page import public_page_of

VERIFIER_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:;"
    " connect-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)
"""No script on this page can send anything, nor can the form."""


@get(
    "/verify",
    sync_to_thread=False,
    opt=public_page("whoever was given a bundle has to be able to check it"),
)
def verify_page(request: Request[Any, Any, Any]) -> Response[str]:
    """Show the form that checks a bundle or a receipt."""
    return public_page_of(request, "verify.html", allows=VERIFIER_POLICY)
