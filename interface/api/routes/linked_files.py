"""Links to files, and what is read through them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream as Streamed
from msgspec import Struct

from application.record.row_scope import working_as
from application.texts import chosen
from interface.api.file_links import (
    LIFETIME,
    FileKind,
    FileLink,
    opened_link,
    sealed_link,
)
from interface.api.file_transfer import answered_file
from interface.api.on_behalf_of import actor_of, standing_for
from interface.api.openapi.operations import Reading, answering, problems
from interface.api.openapi.oversight_examples import FILE_LINK
from interface.api.recorded_reads import WATCHED, Read, public, read_of, record_view
from interface.api.request_context import RequestContext
from interface.api.routes.evidence import BYTES, exhibit_file
from interface.api.routes.messages import attached_file
from interface.api.thumbnails import Width, check_type
from interface.bootstrap import System
from interface.callers.caller_scope import scope_of

FOUND = {FileKind.EVIDENCE: exhibit_file, FileKind.ATTACHMENT: attached_file}
READS = {FileKind.EVIDENCE: Read.EVIDENCE, FileKind.ATTACHMENT: Read.ATTACHMENT}

LINK_PROBLEMS = problems(400, 401, 403, 404, 410, 415, 503)


class LinkShown(Struct, frozen=True, kw_only=True):
    """An address that shows one file without a token, until `expires_at` (UTC)."""

    href: str
    expires_at: datetime


class LinksController(Controller):
    """For pages that show pictures: `<img src>` sends no token."""

    path = "/v1"
    tags = ("parties",)

    @get(
        "/disputes/{dispute_id:uuid}/evidence/{number:int}/link",
        operation_class=answering(Reading, FILE_LINK),
        responses=LINK_PROBLEMS,
        operation_id="linkEvidence",
        summary="Link to evidence",
        sync_to_thread=True,
        opt=read_of(Read.EVIDENCE),
    )
    def link_evidence(
        self,
        context: NamedDependency[RequestContext],
        dispute_id: FromPath[UUID],
        number: FromPath[int],
        width: Width = None,
    ) -> LinkShown:
        """Return an address of the file, or of a thumbnail, for five minutes.

        Whoever has the address reads that file, and nothing else, as the caller may;
        it ends when the caller may not any more.
        """
        return _link(context, FileKind.EVIDENCE, dispute_id, number, width)

    @get(
        "/disputes/{dispute_id:uuid}/messages/{number:int}/attachment/link",
        operation_class=answering(Reading, FILE_LINK),
        responses=LINK_PROBLEMS,
        operation_id="linkAttachment",
        summary="Link to the file of a message",
        sync_to_thread=True,
        opt=read_of(Read.ATTACHMENT),
    )
    def link_attachment(
        self,
        context: NamedDependency[RequestContext],
        dispute_id: FromPath[UUID],
        number: FromPath[int],
        width: Width = None,
    ) -> LinkShown:
        """Return an address of the file, or of a thumbnail, for five minutes."""
        return _link(context, FileKind.ATTACHMENT, dispute_id, number, width)

    @get(
        "/files/{link:str}",
        operation_class=Reading,
        responses=problems(403, 404, 410, 415, 422, 503) | {200: BYTES},
        operation_id="downloadLinkedFile",
        summary="Read a file by its link",
        sync_to_thread=True,
        opt=public("the link is sealed, short-lived, and for one file")
        | {"compressed": False},
    )
    def read(
        self,
        request: Request[Any, Any, Any],
        system: NamedDependency[System],
        link: FromPath[str],
    ) -> Streamed | Response[bytes]:
        """Return the bytes that a link is for. No token is needed.

        What an auditor or a regulator reads through a link is recorded like any read.
        """
        asked = opened_link(system, link, system.clock())
        context = _context(request, system, asked)
        # Who asked for the link reads the file, whoever opens it.
        with working_as(scope_of(context.caller, asked.client)):
            case = context.read(asked.case)
            if asked.role in WATCHED:
                view = context.view(case, READS[asked.kind])
                record_view(system, asked.client, context.headers, view)
            file, recorded = FOUND[asked.kind](context, case, asked.number)
        return answered_file(system, file, recorded, asked.width)


def _link(
    context: RequestContext,
    kind: FileKind,
    case_id: UUID,
    number: int,
    width: int | None,
) -> LinkShown:
    file, _ = FOUND[kind](context, context.read(case_id), number)
    if width is not None:
        check_type(file.media_type)
    now = context.system.clock()
    link = FileLink(
        case=case_id,
        kind=kind,
        number=number,
        width=width,
        subject=context.client.subject,
        role=context.client.role,
        platform=context.client.platform,
        on_behalf_of=context.on_behalf_of,
        purpose=context.headers.get("purpose", ""),
        made=now.timestamp(),
        ends=(now + LIFETIME).timestamp(),
        key_id=context.client.key_id,
    )
    ends = datetime.fromtimestamp(link.ends, UTC)
    href = f"/v1/files/{sealed_link(context.system, link)}"
    return LinkShown(href=href, expires_at=ends)


def _context(
    request: Request[Any, Any, Any], system: System, link: FileLink
) -> RequestContext:
    """Return the request as that of whoever asked for the link."""
    # What is recorded names the file, and not the link, which is a secret.
    below = "evidence" if link.kind is FileKind.EVIDENCE else "messages"
    end = "" if link.kind is FileKind.EVIDENCE else "/attachment"
    return RequestContext(
        system=system,
        client=link.client,
        caller=standing_for(link.client, link.on_behalf_of),
        actor=actor_of(link.client, link.on_behalf_of, reads=True),
        on_behalf_of=link.on_behalf_of,
        language=chosen(request.headers.get("accept-language")),
        headers={"purpose": link.purpose},
        lines=system.disputes.line_reader(),
        path=f"/v1/disputes/{link.case}/{below}/{link.number}{end}",
        query="link",
    )
