"""Receives files of a case, under their party's key, and sends them back."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response
from litestar.concurrency import sync_to_thread
from litestar.response import Stream as Streamed
from msgspec import Struct

from application.cases.case import Case
from application.cases.case_files import stored_file
from application.cases.evidence_files import Kept, ReceivedFile
from application.cases.file_flaws import told
from application.cases.sealed_file import FileDamaged, StoredFile
from application.privacy.redaction import may_read
from application.privacy.sealing_keys import subject_of
from application.record.envelope import Recorded
from domain.case.command import Command
from domain.refusals import Invalid, NotFound, NotNow
from domain.roles import Party
from interface.api.preconditions import expected_versions
from interface.api.problems import Failure
from interface.api.request_context import RequestContext
from interface.api.thumbnails import check_type, thumbnail
from interface.api.uploads import Upload
from interface.bootstrap import System

PORTION_BYTES = 256 * 1024

PRIVATE = "private, no-store"
"""A cache would keep it past an erasure."""


class Place(Struct, frozen=True):
    """Where a file belongs: under the key of the party that hands it in."""

    context: RequestContext
    key: UUID
    cipher: Any
    subject: str

    @contextmanager
    def take(self, coming: ReceivedFile, kept: Kept) -> Iterator[None]:
        """Put the file in place. Raises Failure if its key was retired meanwhile.

        Entered just before the event is appended: an event never refers to a file that
        is not there, and a refused command leaves none behind.
        """
        # An erasure during the upload destroyed the key that the file is sealed under.
        if self.context.system.keys.current([self.subject])[self.subject] != self.key:
            raise Failure("key-retired", headers={"Retry-After": "1"})
        coming.place(kept)
        yield


class File(Struct, frozen=True):
    """What a file is called, and of which type it is."""

    media_type: str
    name: str


def place_for(
    context: RequestContext,
    dispute_id: UUID,
    kind: type[Command],
    check: Callable[[Case, RequestContext], None],
) -> Place:
    """Check, before any byte is taken, that the command is possible now.

    Nobody should send 20 MB to learn that the time for evidence is over.
    """
    expected_versions(context.headers)
    command_id = context.command_id()
    case = context.read(dispute_id)
    # A command that is sent again is answered as the first time, although the case may
    # not admit it any more.
    if all(recorded.command_id != command_id for recorded in case.events):
        try:
            check(case, context)
            context.system.disputes.limits.check(case, context.actor, kind)
        except (NotNow, Invalid) as refusal:
            raise context.refused(dispute_id, refusal) from refusal
    party = context.actor.party
    side = Party.SELLER if party is Party.SELLER else Party.BUYER
    subject = subject_of(case.case, side, case.dispute)
    key = context.system.keys.current([subject])[subject]
    return Place(context, key, context.system.keys.cipher(key), subject)


def check_restricted(context: RequestContext, case: Case, by: Party) -> None:
    """Raise Failure if the party's data is restricted, and somebody else asks."""
    party = Party.SELLER if by is Party.SELLER else Party.BUYER
    if party in case.restricted and not may_read(context.actor, party):
        raise Failure("restricted")


async def received(
    request: Request[Any, Any, Any],
    coming: ReceivedFile,
    fields: frozenset[str],
    required: frozenset[str],
) -> Upload:
    """Receive the whole upload. Raises Failure if it breaks off."""
    kind = request.headers.get("content-type", "")
    upload = Upload(kind, coming.incoming, fields, required)
    gathered = bytearray()
    async for chunk in request.stream():
        gathered += chunk
        # Hashing, sealing and writing leave the event loop; in portions, because each
        # portion is a hand-over to a thread.
        if len(gathered) >= PORTION_BYTES:
            await sync_to_thread(upload.feed, bytes(gathered))
            gathered.clear()
    await sync_to_thread(upload.feed, bytes(gathered))
    upload.finish()
    return upload


def given_out(system: System, file: File, recorded: Recorded) -> Streamed:
    """Return a file's bytes; `Digest` and `Repr-Digest` hold their SHA-256.

    `recorded` is the event that tells of it. Raises Failure if it is erased or damaged.
    """
    kept = stored_file(recorded)
    if kept is None:
        raise NotFound
    return Streamed(
        _bytes(system, kept),
        media_type=file.media_type,
        headers=_headers(file, kept),
    )


def answered_file(
    system: System, file: File, recorded: Recorded, width: int | None
) -> Streamed | Response[bytes]:
    """Return a file, or of a picture a thumbnail of a width. Raises as both do."""
    if width is None:
        return given_out(system, file, recorded)
    return small_picture(system, file, recorded, width)


def small_picture(
    system: System, file: File, recorded: Recorded, width: int
) -> Response[bytes]:
    """Return a thumbnail of a picture. Raises Failure as `given_out` does."""
    kept = stored_file(recorded)
    if kept is None:
        raise NotFound
    check_type(file.media_type)
    try:
        made = thumbnail(_bytes(system, kept), file.media_type, width)
    except FileDamaged:
        raise Failure("file-damaged") from None
    headers = {
        "ETag": f'"{kept.sha256}-{width}"',
        "Cache-Control": PRIVATE,
        "Content-Disposition": "inline",
    }
    return Response(made.content, media_type=made.media_type, headers=headers)


def _bytes(system: System, kept: StoredFile) -> Iterator[bytes]:
    """Yield the bytes, with the first chunk read already.

    After the headers, a missing or damaged file could only break the answer off.
    """
    cipher = system.keys.cipher(kept.key)
    if cipher is None:
        raise Failure("erased")
    chunks = system.evidence.read(kept, cipher)
    try:
        first = next(chunks)
    except FileDamaged as damage:
        told(system.database, damage)
        raise Failure("file-damaged") from None
    return chain([first], _rest(system, chunks))


def _rest(system: System, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what follows the first chunk; a damage breaks the answer off."""
    try:
        yield from chunks
    except FileDamaged as damage:
        told(system.database, damage)
        raise


def _headers(file: File, kept: StoredFile) -> dict[str, str]:
    digest = base64.b64encode(bytes.fromhex(kept.sha256)).decode()
    name = quote(file.name, safe="")
    return {
        "Content-Length": str(kept.size),
        # `attachment` and `nosniff`: a party's file must not run as a page of this
        # host.
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        # RFC 3230 for older clients, RFC 9530 in its place.
        "Digest": f"sha-256={digest}",
        "Repr-Digest": f"sha-256=:{digest}:",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": PRIVATE,
        "ETag": f'"{kept.sha256}"',
    }
