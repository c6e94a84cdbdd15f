"""What the API would answer to a command that is refused, for the form that sent it."""

from __future__ import annotations

from typing import Any

from litestar import Request
from msgspec.structs import replace

from domain.refusals import Refusal
from interface.api.errors import on_failure, on_refusal, on_refused
from interface.api.problems import Failure, Fault, ProblemDetails, Refused
from interface.pages.page_language import language_of
from interface.pages.page_texts import page_words


def told_problem(
    request: Request[Any, Any, Any], error: Refused | Refusal | Failure
) -> ProblemDetails:
    """Return the problem that the API would answer, without codes in its words."""
    match error:
        case Refused():
            answer = on_refused(request, error)
        case Failure():
            answer = on_failure(request, error)
        case _:
            answer = on_refusal(request, error)
    told: ProblemDetails = answer.content
    language = language_of(request)
    errors = tuple(_without_code(one, language) for one in told.errors)
    return replace(told, errors=errors)


def _without_code(fault: Fault, language: str) -> Fault:
    if fault.code != "not-with-this":
        return fault
    return replace(fault, detail=page_words("case.not-with-this", language))
