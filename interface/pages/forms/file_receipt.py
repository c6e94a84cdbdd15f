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
from interface.pages.forms.told_problem import told_problem
from interface.pages.page_files import file_size
from interface.pages.page_language import language_of
from interface.pages.page_texts import page_words

KINDS = (("image/", "picture"), ("video/", "video"), ("application/pdf", "pdf"))
"""What people call the types of files that are taken."""


class FileReceipt(Struct, frozen=True):
    """What became of a file: None if it was taken, else why not, and that in words."""

    name: str
    problem: ProblemDetails | None = None
    words: str = ""


def refused_file(
    request: Request[Any, Any, Any],
    name: str,
    error: Refused | Refusal | Failure | TooLargeFile,
) -> FileReceipt:
    """Return why a file is not taken, in the words of pages: no types, no bytes."""
    language = language_of(request)
    if isinstance(error, TooLargeFile):
        problem: ProblemDetails = on_file(request, error).content
        limit = file_size(error.limit)
        words = page_words("upload.too-large", language, limit=limit)
        return FileReceipt(name, problem, words)
    problem = told_problem(request, error)
    if isinstance(error, Failure) and error.code == "unsupported-type":
        return FileReceipt(name, problem, _of_kind(error, language))
    said = " ".join(one.detail for one in problem.errors)
    return FileReceipt(name, problem, said or problem.detail or problem.title)


def file_name(head: MultipartSegment) -> str:
    """Return what a file is called, also one that is not taken."""
    try:
        return FilePart(head).name
    except (Failure, Invalid):
        return (head.filename or "").encode("latin-1").decode(errors="replace")[:200]


def _of_kind(error: Failure, language: str) -> str:
    said = next((one.details.get("type", "") for one in error.faults), "")
    if not said:
        return page_words("upload.wrong-kind", language)
    kind = next((name for begin, name in KINDS if said.startswith(begin)), "text")
    named = page_words(f"upload.kind-{kind}", language)
    return page_words("upload.otherwise", language, kind=named)
