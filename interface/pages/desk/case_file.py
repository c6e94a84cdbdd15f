"""The files of a case, for its page: evidence and its thumbnails."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream as Streamed

from domain.refusals import NotFound
from interface.api.file_transfer import answered_file, given_out
from interface.api.recorded_reads import Read, read_of
from interface.api.request_context import RequestContext
from interface.api.routes.evidence import exhibit_file
from interface.api.routes.messages import attached_file
from interface.api.thumbnails import Width
from interface.pages.desk.queue_filters import DESK, PATH

PDF = "application/pdf"
IN_FRAME = {
    "Content-Disposition": "inline",
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
}
"""Of a file that our own page may show in a frame; all others may be in none."""

_CASE = f"{PATH}/cases/{{dispute_id:uuid}}"


@get(
    f"{_CASE}/evidence/{{number:int}}",
    sync_to_thread=True,
    opt=DESK | read_of(Read.EVIDENCE, by=DESK["roles"]),
)
def case_evidence(
    context: NamedDependency[RequestContext],
    dispute_id: FromPath[UUID],
    number: FromPath[int],
    width: Width = None,
) -> Streamed | Response[bytes]:
    """Return a piece of evidence, or with `width` a thumbnail of it."""
    file, recorded = exhibit_file(context, context.read(dispute_id), number)
    return answered_file(context.system, file, recorded, width)


@get(
    f"{_CASE}/evidence/{{number:int}}/preview",
    sync_to_thread=True,
    opt=DESK | read_of(Read.EVIDENCE, by=DESK["roles"]),
)
def evidence_preview(
    context: NamedDependency[RequestContext],
    dispute_id: FromPath[UUID],
    number: FromPath[int],
) -> Streamed:
    """Return a PDF for the frame on the page of its case. Raises NotFound for others.

    Browsers show it in a viewer of their own, apart from our pages, and refuse to in a
    frame that has a sandbox. What it is, its first bytes have said when it came.
    """
    file, recorded = exhibit_file(context, context.read(dispute_id), number)
    if file.media_type != PDF:
        raise NotFound
    answer = given_out(context.system, file, recorded)
    answer.headers.update(IN_FRAME)
    return answer


@get(
    f"{_CASE}/messages/{{number:int}}/attachment",
    sync_to_thread=True,
    opt=DESK | read_of(Read.ATTACHMENT, by=DESK["roles"]),
)
def case_attachment(
    context: NamedDependency[RequestContext],
    dispute_id: FromPath[UUID],
    number: FromPath[int],
) -> Streamed:
    """Return the file that came with a message."""
    file, recorded = attached_file(context, context.read(dispute_id), number)
    return given_out(context.system, file, recorded)
