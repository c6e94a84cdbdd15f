"""Errors as pages: the same words as the API's problems, and a way on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.response import Redirect

from application.texts import say
from interface.api.errors import HANDLERS, SERVER_FAULT
from interface.api.problems import ProblemDetails
from interface.pages.form_tokens import ForeignForm
from interface.pages.late_form import on_foreign_form, on_session_needed
from interface.pages.page import page
from interface.pages.page_guards import SessionNeeded
from interface.pages.page_language import language_of
from interface.pages.page_texts import page_words
from interface.pages.sealed_terms import (
    DamagedTerms,
    Unsealed,
    on_damaged_terms,
    on_plain_terms,
)
from interface.pages.sign_in.page_purposes import PurposeNeeded

PURPOSE = "/record/purpose"
_KEPT = ("Retry-After", "Allow")
"""Headers of a problem that a page has as well."""


def as_page(handler: Callable[..., Response[Any]]) -> Callable[..., Response[Any]]:
    """Return a handler whose answer is a page that tells the problem of another one."""

    def handled(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        return problem_page(request, handler(request, error))

    return handled


def problem_page(
    request: Request[Any, Any, Any], answer: Response[Any]
) -> Response[str]:
    """Return a problem as a page."""
    problem: ProblemDetails = answer.content
    title, detail = _words(request, problem)
    return page(
        request,
        "error.html",
        status=problem.status,
        headers={one: answer.headers[one] for one in _KEPT if one in answer.headers},
        title=title,
        detail=detail,
        faults=problem.errors,
        request_id=problem.request_id,
    )


def _words(request: Request[Any, Any, Any], problem: ProblemDetails) -> tuple[str, str]:
    """Return the title and the detail of a problem, as a reader of pages is told it."""
    if problem.status == SERVER_FAULT:
        # What a program should do next is nothing that a reader of pages can.
        return problem.title, ""
    caller = request.scope["state"].get("caller")
    is_look = request.method == "GET" and problem.type.endswith(":not-allowed")
    if not is_look or caller is None:
        return problem.title, problem.detail
    language = language_of(request)
    role = say("roles", caller.role, language)
    title = page_words("error.no-sight-title", language)
    return title, page_words("error.no-sight", language, role=role)


def on_purpose_needed(request: Request[Any, Any, Any], _: PurposeNeeded) -> Redirect:
    """Lead to the form that asks why it is read, and from there back."""
    query = f"?{request.url.query}" if request.url.query else ""
    asked = urlencode({"next": f"{request.url.path}{query}"})
    return Redirect(f"{PURPOSE}?{asked}", status_code=303)


PAGE_HANDLERS: dict[type[Exception] | int, Any] = {
    **{kind: as_page(handler) for kind, handler in HANDLERS.items()},
    SessionNeeded: on_session_needed,
    ForeignForm: on_foreign_form,
    PurposeNeeded: on_purpose_needed,
    Unsealed: on_plain_terms,
    DamagedTerms: on_damaged_terms,
}
