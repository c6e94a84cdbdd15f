"""What the API would answer to a command that is refused, for the form that sent it."""

from __future__ import annotations

from typing import Any

from litestar import Request
from msgspec.structs import replace

from domain.refusals import Refusal
from interface.api.errors import on_failure, on_refusal, on_refused
from interface.api.problems import Failure, Fault, ProblemDetails, Refused
from interface.pages.page_language import language_of
from interface.pages.page_texts import page_texts, page_words


def told_problem(
    request: Request[Any, Any, Any], error: Refused | Refusal | Failure
) -> ProblemDetails:
    """Return the problem that the API would answer, in the words of pages.

    These name no header, no field of a program and no code.
    """
    match error:
        case Refused():
            answer, filling = on_refused(request, error), error.refusal.details
        case Failure():
            answer, filling = on_failure(request, error), error.filling
        case _:
            answer, filling = on_refusal(request, error), error.details
    told: ProblemDetails = answer.content
    language = language_of(request)
    code = told.type.rpartition(":")[2]
    if code in page_texts()["problem"]:
        words = page_words(f"problem.{code}", language, **filling)
        told = replace(told, detail=words)
    return replace(told, errors=tuple(in_words(one, language) for one in told.errors))


def in_words(fault: Fault, language: str) -> Fault:
    """Return a fault as pages tell it, to whom filled in a form."""
    if fault.code not in page_texts()["field-fault"]:
        return fault
    return replace(fault, detail=page_words(f"field-fault.{fault.code}", language))
