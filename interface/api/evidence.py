"""Evidence: files streamed in, hashed and sealed on the way, and streamed out."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import Any
from urllib.parse import quote
from uuid import UUID

from anyio.to_thread import run_sync
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath
from litestar.response import Stream as Streamed
from msgspec import Struct

from application.evidence_files import Kept, ReceivedFile
from application.recording import subject_of
from application.stream import Stream
from domain.commands import SubmitEvidence
from domain.decide.escalation import may_submit
from domain.events import EvidenceSubmitted
from domain.lifecycle import guard
from domain.refusals import Invalid, NotFound, NotNow, Problem, TooLate
from domain.roles import Party
from interface.api.asking import Asking, asking, expected_versions
from interface.api.cases import now
from interface.api.documentation import Reading, Uploading, problems
from interface.api.problems import Failure
from interface.api.representations import SellerCase
from interface.api.telling import evidence_href
from interface.api.uploads import MAX_NOTE, Upload
from interface.bootstrap import System

BYTES = ResponseSpec(bytes, description="The bytes", media_type=MediaType.TEXT)


class EvidenceController(Controller):
    """Evidence of the parties."""

    path = "/v1/disputes"
    tags = ("parties",)

    @post(
        "/{dispute_id:uuid}/evidence",
        operation_class=Uploading,
        responses=problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503),
        summary="Hand in evidence",
        status_code=201,
        opt={"upload": True},
        request_max_body_size=None,
    )
    async def submit(
        self,
        request: Request[Any, Any, Any],
        system: NamedDependency[System],
        dispute_id: FromPath[UUID],
    ) -> Response[SellerCase]:
        """Add a file to the case, until one's side is closed.

        multipart/form-data with `file`, `kind` (a code of evidence) and optionally
        `note`. The same file from the same side counts once.
        """
        place = await run_sync(_place_for, request, system, dispute_id)
        limit = system.settings.upload_limit
        with system.evidence.receiving(place.key, place.cipher, limit) as received:
            upload = await _received(request, received)
            kept = await run_sync(received.finish)
            command, ready = _command(upload, kept), partial(received.place, kept)
            return await run_sync(_add, place.asked, dispute_id, command, ready)

    @get(
        "/{dispute_id:uuid}/evidence/{number:int}",
        operation_class=Reading,
        responses=problems(401, 404, 410, 503)
        | {
            200: ResponseSpec(bytes, description="The bytes", media_type=MediaType.TEXT)
        },
        summary="Read evidence",
        sync_to_thread=True,
    )
    def read(
        self,
        request: Request[Any, Any, Any],
        system: NamedDependency[System],
        dispute_id: FromPath[UUID],
        number: FromPath[int],
    ) -> Streamed:
        """Return a file's bytes; `Digest` and `Repr-Digest` hold their SHA-256."""
        case = asking(request, system).read(dispute_id)
        for fact in system.disputes.mapper.opened(case.facts):
            event = fact.event
            if isinstance(event, EvidenceSubmitted) and event.number == number:
                if fact.key is None:
                    raise NotFound
                return Streamed(
                    _bytes(system, event, fact.key),
                    media_type=event.media_type,
                    headers=_headers(event),
                )
        raise NotFound


class _Place(Struct, frozen=True):
    """Where a file belongs: under the key of the party that hands it in."""

    asked: Asking
    key: UUID
    cipher: Any


def _place_for(
    request: Request[Any, Any, Any], system: System, dispute_id: UUID
) -> _Place:
    """Check, before any byte is taken, that evidence can be handed in now."""
    asked = asking(request, system)
    expected_versions(asked.headers)
    command_id = asked.command_id()
    case = asked.read(dispute_id)
    if all(fact.command_id != command_id for fact in case.facts):
        try:
            _check(case, asked)
        except NotNow as refusal:
            raise asked.refused(dispute_id, refusal) from refusal
    party = asked.actor.party
    side = Party.SELLER if party is Party.SELLER else Party.BUYER
    subject = subject_of(case.case, side, case.dispute)
    key = system.keys.current([subject])[subject]
    return _Place(asked, key, system.keys.cipher(key))


def _add(
    asked: Asking,
    case_id: UUID,
    command: SubmitEvidence,
    ready: Callable[[], None],
) -> Response[SellerCase]:
    case = asked.done(case_id, command, ready)
    number = next(
        exhibit.number
        for exhibit in case.dispute.exhibits
        if (exhibit.by, exhibit.sha256) == (asked.actor.party, command.sha256)
    )
    return asked.answer(case, evidence_href(case_id, number))


def _check(case: Stream, asked: Asking) -> None:
    context = asked.system.disputes.context(case, asked.actor)
    dispute = now(case, context)
    guard(SubmitEvidence, dispute, context)
    if not may_submit(dispute, context):
        raise TooLate(awaited="evidence")


async def _received(request: Request[Any, Any, Any], received: ReceivedFile) -> Upload:
    """Take the whole upload in. Raises Failure if it breaks off."""
    upload = Upload(request.headers.get("content-type", ""), received.incoming)
    async for chunk in request.stream():
        upload.feed(chunk)
    upload.finish()
    return upload


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
    )


def _bytes(system: System, event: EvidenceSubmitted, key: UUID) -> Iterator[bytes]:
    """Yield the bytes, the first of them read already: errors come before headers."""
    cipher = system.keys.cipher(key)
    if cipher is None:
        raise Failure("erased")
    chunks = system.evidence.read(event.sha256, key, cipher)
    return chain([next(chunks)], chunks)


def _headers(event: EvidenceSubmitted) -> dict[str, str]:
    digest = base64.b64encode(bytes.fromhex(event.sha256)).decode()
    name = quote(event.name or f"evidence-{event.number}", safe="")
    return {
        "Content-Length": str(event.size),
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Digest": f"sha-256={digest}",
        "Repr-Digest": f"sha-256=:{digest}:",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
