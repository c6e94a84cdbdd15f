"""Messages that bring a file, and the files that came with messages."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream as Streamed

from application.cases.case import Case
from application.record.envelope import Recorded
from domain.case.decide import guard
from domain.negotiation.commands import PostMessage
from domain.negotiation.events import Attachment, MessagePosted
from domain.refusals import Invalid, NotFound, Problem
from interface.api.file_transfer import (
    File,
    answered_file,
    check_restricted,
    place_for,
    received,
)
from interface.api.openapi.operations import Attaching, Reading, problems
from interface.api.presentation import now
from interface.api.recorded_reads import Read, read_of
from interface.api.request_context import RequestContext
from interface.api.responses.case import CaseShown
from interface.api.routes.evidence import BYTES
from interface.api.thumbnails import Width
from interface.api.uploads import MAX_TEXT

FIELDS = frozenset({"text"})


class MessagesController(Controller):
    """Messages with files."""

    path = "/v1/disputes"
    tags = ("parties",)

    @post(
        "/{dispute_id:uuid}/messages/files",
        operation_class=Attaching,
        responses=problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503),
        operation_id="postMessageWithFile",
        summary="Post a message with a file",
        status_code=201,
        request_max_body_size=None,
        opt={"upload": True},
    )
    async def attach(
        self,
        request: Request[Any, Any, Any],
        context: NamedDependency[RequestContext],
        dispute_id: FromPath[UUID],
    ) -> Response[CaseShown]:
        """Say something to the others of the case, with a file.

        multipart/form-data with `text` and `file`. A file that is to prove something is
        evidence instead.
        """
        place = await sync_to_thread(
            place_for, context, dispute_id, PostMessage, check_message
        )
        limit = context.system.settings.upload_limit
        with context.system.evidence.receiving(
            place.key, place.cipher, limit
        ) as coming:
            upload = await received(request, coming, FIELDS, FIELDS)
            kept = await sync_to_thread(coming.finish)
            text = (upload.text("text", limit=MAX_TEXT) or "").strip()
            if not text:
                raise Invalid([Problem("/text", "required")])
            attachment = Attachment(
                sha256=kept.sha256,
                size=kept.size,
                media_type=upload.media_type or "",
                name=upload.file_name or None,
                sealed=kept.sealed,
            )
            command = PostMessage(text=text, attachment=attachment)
            ready = partial(place.take, coming, kept)
            case = await sync_to_thread(place.context.done, dispute_id, command, ready)
            href = f"/v1/disputes/{dispute_id}/messages/{case.dispute.messages}"
            return await sync_to_thread(
                place.context.answer, case, f"{href}/attachment"
            )

    @get(
        "/{dispute_id:uuid}/messages/{number:int}/attachment",
        operation_class=Reading,
        responses=problems(400, 401, 404, 410, 415, 422, 503) | {200: BYTES},
        operation_id="downloadAttachment",
        summary="Read the file of a message",
        sync_to_thread=True,
        opt=read_of(Read.ATTACHMENT),
    )
    def read(
        self,
        context: NamedDependency[RequestContext],
        dispute_id: FromPath[UUID],
        number: FromPath[int],
        width: Width = None,
    ) -> Streamed | Response[bytes]:
        """Return the bytes of the file that came with a message.

        With `width`, a thumbnail of a picture.
        """
        file, recorded = attached_file(context, context.read(dispute_id), number)
        return answered_file(context.system, file, recorded, width)


def attached_file(
    context: RequestContext, case: Case, number: int
) -> tuple[File, Recorded]:
    """Return the file of a message. Raises NotFound, or Failure if it is restricted."""
    for recorded in context.system.record.opened(case.events):
        event = recorded.event
        if isinstance(event, MessagePosted) and event.number == number:
            if event.attachment is None:
                break
            check_restricted(context, case, event.by)
            return _file(event.attachment, number), recorded
    raise NotFound


def check_message(case: Case, context: RequestContext) -> None:
    """Raise a refusal unless the caller may post a message now."""
    deciding = context.system.disputes.context(case, context.actor)
    guard(PostMessage, now(case, deciding), deciding)


def _file(attached: Attachment, number: int) -> File:
    name = attached.name or f"message-{number}"
    return File(attached.media_type, name)
