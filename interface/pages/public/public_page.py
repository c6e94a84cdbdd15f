"""The answer of a page that is the same for everyone: it may be kept, and compared."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response

from interface.api.routes.log import FOR_EVER
from interface.bootstrap import System
from interface.pages.charts.public_words import Wording
from interface.pages.page import NO_STORE, page
from interface.pages.page_language import asked_language, language_of
from interface.pages.page_times import PageTimes
from projections.reports.report_edition import digest

FOR_A_WHILE = "public, max-age=300"
OK = 200
BRIEFLY = "public, max-age=1"


def public_page_of(
    request: Request[Any, Any, Any],
    template: str,
    *,
    kept: str = FOR_A_WHILE,
    status: int = 200,
    **values: Any,
) -> Response[str]:
    """Return a page with an ETag, which is of its bytes in its language.

    What is asked again answers 304: the outer layer compares the tags.
    """
    system: System = request.app.state.system
    answer = page(
        request,
        f"public/{template}",
        status=status,
        cached=True,
        headers={"Cache-Control": _kept(request, kept) if status == OK else NO_STORE},
        words=wording_of(request),
        times=PageTimes(system.zone, system.clock(), language_of(request)),
        **values,
    )
    answer.headers["ETag"] = f'"{digest(answer.content.encode())}"'
    return answer


def wording_of(request: Request[Any, Any, Any]) -> Wording:
    """Return the words of pages in the language of a request."""
    system: System = request.app.state.system
    return Wording(language_of(request), system.rulebooks.codes)


def file_answer(
    request: Request[Any, Any, Any],
    content: str | bytes,
    media_type: str,
    name: str,
    *,
    kept: str = FOR_EVER,
) -> Response[Any]:
    """Return a file for download, with an ETag; that of an edition never changes."""
    data = content if isinstance(content, bytes) else content.encode()
    headers = {
        "ETag": f'"{digest(data)}"',
        "Cache-Control": _kept(request, kept),
        "Content-Disposition": f'attachment; filename="{name}"',
        "Vary": "Accept-Encoding, Accept-Language, Cookie",
    }
    return Response(data, media_type=media_type, headers=headers)


def _kept(request: Request[Any, Any, Any], kept: str) -> str:
    """Return for whom an answer is kept.

    One whose address names a language leaves the cookie of that choice, which no cache
    may give to others.
    """
    if asked_language(request):
        return kept.replace("public", "private")
    return kept
