"""What the API would answer to a command that is refused, for the form that sent it."""

from __future__ import annotations

from typing import Any

from litestar import Request

from domain.refusals import Refusal
from interface.api.errors import on_failure, on_refusal, on_refused
from interface.api.problems import Failure, ProblemDetails, Refused


def told_problem(
    request: Request[Any, Any, Any], error: Refused | Refusal | Failure
) -> ProblemDetails:
    """Return the problem that the API would answer."""
    match error:
        case Refused():
            answer = on_refused(request, error)
        case Failure():
            answer = on_failure(request, error)
        case _:
            answer = on_refusal(request, error)
    told: ProblemDetails = answer.content
    return told
