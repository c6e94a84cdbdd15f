"""Evidence: files streamed in, hashed and sealed on the way, and streamed out."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath
from litestar.response import Stream as Streamed

from application.cases.case import Case, Readiness
from application.cases.evidence_files import Kept
from application.record.envelope import Recorded
from domain.case.decide import guard
from domain.evidence.commands import SubmitEvidence
from domain.evidence.decide import may_submit
from domain.evidence.events import EvidenceSubmitted
from domain.refusals import Invalid, NotFound, Problem, TooLate
from interface.api.file_transfer import (
    File,
    answered_file,
    check_restricted,
    place_for,
    received,
)
from interface.api.links import evidence_href
from interface.api.openapi.operations import Reading, Uploading, problems
from interface.api.presentation import now
from interface.api.recorded_reads import Read, read_of
from interface.api.request_context import RequestContext
from interface.api.responses.case import CaseShown
from interface.api.thumbnails import Width
from interface.api.uploads import MAX_NOTE, Upload
from projections.case_view.fold import sees

FIELDS = frozenset({"kind", "note", "draft"})
REQUIRED = frozenset({"kind"})
BYTES = ResponseSpec(
    bytes,
    description="The bytes",
    # A file has the type that its sender gave it; see `file_part.SIGNATURES`.
    media_type="*/*",
    generate_examples=False,
)


class EvidenceController(Controller):
    """Evidence of the parties."""

    path = "/v1/disputes"
    tags = ("parties",)

    @post(
        "/{dispute_id:uuid}/evidence",
        operation_class=Uploading,
        responses=problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503),
        operation_id="submitEvidence",
        summary="Hand in evidence",
        status_code=201,
        opt={"upload": True},
        request_max_body_size=None,
    )
    async def submit(
        self,
        request: Request[Any, Any, Any],
        context: NamedDependency[RequestContext],
        dispute_id: FromPath[UUID],
    ) -> Response[CaseShown]:
        """Add a file to the case, until one's side is closed.

        multipart/form-data with `file`, `kind` (a code of evidence) and optionally
        `note`. With `draft` = "true" only one's own side sees it, until it is handed in
        or the time is over. The same file from the same side counts once.
        """
        # On the event loop, because the bytes arrive there; what waits for the database
        # or the disk runs in threads.
        place = await sync_to_thread(
            place_for, context, dispute_id, SubmitEvidence, check_submission
        )
        limit = context.system.settings.upload_limit
        with context.system.evidence.receiving(
            place.key, place.cipher, limit
        ) as coming:
            upload = await received(request, coming, FIELDS, REQUIRED)
            kept = await sync_to_thread(coming.finish)
            command, ready = _command(upload, kept), partial(place.take, coming, kept)
            return await sync_to_thread(_add, place.context, dispute_id, command, ready)

    @get(
        "/{dispute_id:uuid}/evidence/{number:int}",
        operation_class=Reading,
        responses=problems(400, 401, 404, 410, 415, 422, 503) | {200: BYTES},
        operation_id="downloadEvidence",
        summary="Read evidence",
        sync_to_thread=True,
        opt=read_of(Read.EVIDENCE),
    )
    def read(
        self,
        context: NamedDependency[RequestContext],
        dispute_id: FromPath[UUID],
        number: FromPath[int],
        width: Width = None,
    ) -> Streamed | Response[bytes]:
        """Return a file's bytes; `Digest` and `Repr-Digest` hold their SHA-256.

        With `width`, a thumbnail of a picture, which has no digest and no metadata.
        """
        file, recorded = exhibit_file(context, context.read(dispute_id), number)
        return answered_file(context.system, file, recorded, width)


def exhibit_file(
    context: RequestContext, case: Case, number: int
) -> tuple[File, Recorded]:
    """Return a piece of evidence that the caller may read. Raises NotFound, Failure."""
    exhibit = next((one for one in case.dispute.exhibits if one.number == number), None)
    # The other side's draft is not found: it may never become evidence.
    if exhibit is None or not sees(
        context.actor, by=exhibit.by, is_draft=exhibit.draft
    ):
        raise NotFound
    # The state keeps no name, size and type; its event does.
    for recorded in context.system.record.opened(case.events):
        event = recorded.event
        if isinstance(event, EvidenceSubmitted) and event.number == number:
            check_restricted(context, case, event.by)
            return _file(event), recorded
    raise NotFound


def _file(event: EvidenceSubmitted) -> File:
    name = event.name or f"evidence-{event.number}"
    return File(event.media_type, name)


def _add(
    context: RequestContext,
    case_id: UUID,
    command: SubmitEvidence,
    ready: Readiness,
) -> Response[CaseShown]:
    case = context.done(case_id, command, ready)
    # Found by its hash: the same file from the same side counts once, so the number may
    # be an earlier one.
    number = next(
        exhibit.number
        for exhibit in case.dispute.exhibits
        if (exhibit.by, exhibit.sha256) == (context.actor.party, command.sha256)
    )
    return context.answer(case, evidence_href(case_id, number))


def check_submission(case: Case, context: RequestContext) -> None:
    """Raise a refusal unless the caller may hand in evidence now."""
    deciding = context.system.disputes.context(case, context.actor)
    dispute = now(case, deciding)
    guard(SubmitEvidence, dispute, deciding)
    if not may_submit(dispute, deciding):
        raise TooLate(awaited="evidence")


def _command(upload: Upload, kept: Kept) -> SubmitEvidence:
    kind = upload.text("kind", limit=64)
    if not kind:
        raise Invalid([Problem("/kind", "required")])
    return SubmitEvidence(
        kind=kind,
        sha256=kept.sha256,
        size=kept.size,
        media_type=upload.media_type or "",
        name=upload.file_name,
        note=upload.text("note", limit=MAX_NOTE) or None,
        draft=_is_draft(upload),
        sealed=kept.sealed,
    )


def _is_draft(upload: Upload) -> bool:
    said = upload.text("draft", limit=5) or "false"
    if said not in {"true", "false"}:
        raise Invalid([Problem("/draft", "unknown-code", {"allowed": "true, false"})])
    return said == "true"
