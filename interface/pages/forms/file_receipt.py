"""What became of the files that a form brought, one by one."""

from __future__ import annotations

from typing import Any

from litestar import Request
from msgspec import Struct
from multipart import MultipartSegment

from application.cases.evidence_files import TooLargeFile
from domain.refusals import Invalid, Refusal
from interface.api.errors import on_file
from interface.api.file_part import FilePart
from interface.api.problems import Failure, ProblemDetails, Refused
from interface.pages.forms.action_form import Attempt
from interface.pages.forms.told_problem import told_problem


class FileReceipt(Struct, frozen=True):
    """What became of a file: None if it was taken, else why not."""

    name: str
    problem: ProblemDetails | None


def status_of(attempt: Attempt | None, receipts: list[FileReceipt] | None) -> int:
    """Return the status of a page that shows what became of a form."""
    if attempt is not None:
        return attempt.problem.status
    refused = [one.problem for one in receipts or () if one.problem is not None]
    return refused[0].status if refused else 200


def why(
    request: Request[Any, Any, Any],
    error: Refused | Refusal | Failure | TooLargeFile,
) -> ProblemDetails:
    """Return why a file, or the form that brought it, is refused."""
    if isinstance(error, TooLargeFile):
        problem: ProblemDetails = on_file(request, error).content
        return problem
    return told_problem(request, error)


def file_name(head: MultipartSegment) -> str:
    """Return what a file is called, also one that is not taken."""
    try:
        return FilePart(head).name
    except (Failure, Invalid):
        return (head.filename or "").encode("latin-1").decode(errors="replace")[:200]
