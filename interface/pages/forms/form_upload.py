"""Files that a form brings to a case: as evidence, or with a message.

They take the way of the API's uploads: checked, hashed and sealed as they come. One
that is refused leaves the others as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request
from litestar.concurrency import sync_to_thread
from msgspec.structs import replace
from multipart import MultipartSegment

from application.cases.case import Case
from application.cases.evidence_files import Kept, TooLargeFile
from domain.case.command import Command
from domain.evidence.commands import SubmitEvidence
from domain.evidence.decide import kinds_asked
from domain.negotiation.commands import PostMessage
from domain.negotiation.events import Attachment
from domain.refusals import Invalid, NotFound, Problem, Refusal
from interface.api.file_part import CONTROL, FilePart
from interface.api.file_transfer import Place, place_for
from interface.api.problems import Failure, Refused
from interface.api.request_context import RequestContext
from interface.api.routes.evidence import check_submission
from interface.api.routes.messages import check_message
from interface.api.uploads import MAX_NOTE, MAX_TEXT
from interface.pages.form_tokens import ForeignForm, check_token
from interface.pages.forms.action_form import Attempt
from interface.pages.forms.chosen_files import with_names
from interface.pages.forms.file_receipt import FileReceipt, file_name, refused_file
from interface.pages.forms.form_action import attempt_of, headers_of
from interface.pages.forms.form_parts import FormParts
from interface.pages.forms.language_change import is_language_change, shown_again
from interface.pages.forms.sent_form import SentForm

ANY = {"if-match": "*"}

REFUSALS = (Refused, Refusal, Failure, TooLargeFile)

GUESSED = (("image/", "photo"), ("video/", "video"))
"""Of which kind a file is taken to be if nobody says so."""


async def received(
    request: Request[Any, Any, Any],
    context: RequestContext,
    case: UUID,
    path: str,
) -> Attempt | None:
    """Take the files of a form; return the form if it, or one of them, is refused.

    Raises ForeignForm, or NotFound for a case that is not there.
    """
    parts = FormParts(request)
    form = await texts_of(request, parts)
    if is_language_change(form):
        return shown_again(request, path, await with_names(form, parts))
    take = take_message if path == "messages/files" else take_evidence
    try:
        receipts = await take(request, context, case, form, parts)
    except (Refused, Refusal, Failure) as error:
        if isinstance(error, NotFound):
            await parts.drain()
            raise
        named = await with_names(form, parts)
        return attempt_of(request, path, named, error)
    return with_receipts(path, form, receipts)


def with_receipts(
    path: str, form: SentForm, receipts: list[FileReceipt]
) -> Attempt | None:
    """Return a form of whose files some were refused; None if all were taken."""
    refused = [one.problem for one in receipts if one.problem is not None]
    if not refused:
        return None
    # What is wrong with each file is told by its name, and not at the field.
    problem = replace(refused[0], errors=())
    return Attempt(
        path=path, form=form, problem=problem, version=None, receipts=tuple(receipts)
    )


async def texts_of(request: Request[Any, Any, Any], parts: FormParts) -> SentForm:
    """Return the texts of a form. Raises ForeignForm if its token is not the visit's.

    Nothing has been done with any file then.
    """
    form = await parts.texts()
    try:
        check_token(request, form)
    except ForeignForm as error:
        if error.form is None:
            await parts.drain()
            raise
        raise ForeignForm(await with_names(form, parts)) from None
    return form


async def take_evidence(
    request: Request[Any, Any, Any],
    context: RequestContext,
    case: UUID,
    form: SentForm,
    parts: FormParts,
) -> list[FileReceipt]:
    """Hand in each file that comes. Raises a refusal if none can be handed in now."""

    def command(file: FilePart, kept: Kept) -> Command:
        return SubmitEvidence(
            kind=form.get("kind") or _guessed(file.media_type, context, case),
            sha256=kept.sha256,
            size=kept.size,
            media_type=file.media_type,
            name=file.name,
            note=_checked(form, "note", MAX_NOTE) or None,
            draft=form.get("draft") == "true",
            sealed=kept.sealed,
        )

    # The case is not what the form depends on: what somebody else did meanwhile makes a
    # file no less evidence.
    keyed = replace(context, headers=headers_of(form) | ANY)
    place = await sync_to_thread(
        place_for, keyed, case, SubmitEvidence, check_submission
    )
    return await _take(request, place, case, parts, command)


async def take_message(
    request: Request[Any, Any, Any],
    context: RequestContext,
    case: UUID,
    form: SentForm,
    parts: FormParts,
) -> list[FileReceipt]:
    """Post the text with the file that comes. Raises a refusal if that is not possible.

    A file that is left out is one that is missing.
    """
    text = _checked(form, "text", MAX_TEXT)
    if not text:
        raise Invalid([Problem("/text", "required")])

    def command(file: FilePart, kept: Kept) -> Command:
        attachment = Attachment(
            sha256=kept.sha256,
            size=kept.size,
            media_type=file.media_type,
            name=file.name or None,
            sealed=kept.sealed,
        )
        return PostMessage(text=text, attachment=attachment)

    keyed = replace(context, headers=headers_of(form) | ANY)
    place = await sync_to_thread(place_for, keyed, case, PostMessage, check_message)
    return await _take(request, place, case, parts, command, most=1)


async def _take(
    request: Request[Any, Any, Any],
    place: Place,
    case: UUID,
    parts: FormParts,
    command: Callable[[FilePart, Kept], Command],
    most: int | None = None,
) -> list[FileReceipt]:
    found: list[FileReceipt] = []
    while (head := await parts.file()) is not None:
        if most is not None and len(found) >= most:
            break
        receipt = FileReceipt(file_name(head))
        try:
            await _take_one(place, case, parts, head, command)
        except REFUSALS as error:
            receipt = refused_file(request, receipt.name, error)
        found.append(receipt)
    await parts.drain()
    if not found:
        raise Invalid([Problem("/file", "required")])
    return found


async def _take_one(
    place: Place,
    case: UUID,
    parts: FormParts,
    head: MultipartSegment,
    command: Callable[[FilePart, Kept], Command],
) -> None:
    file, context = FilePart(head), place.context
    files, limit = context.system.evidence, context.system.settings.upload_limit
    with files.receiving(place.key, place.cipher, limit) as coming:
        async for portion in parts.content():
            file.see(portion)
            await sync_to_thread(coming.incoming.write, portion)
        file.check()
        kept = await sync_to_thread(coming.finish)
        made = await sync_to_thread(command, file, kept)
        await sync_to_thread(_done, context, case, made, place, coming, kept)


def _done(
    context: RequestContext,
    case: UUID,
    command: Command,
    place: Place,
    coming: Any,
    kept: Kept,
) -> Case:
    # Each file under a key of its own, which is the same if the form is sent twice.
    key = f"{context.headers['idempotency-key'][:180]}-{kept.sha256}"
    keyed = replace(context, headers={"idempotency-key": key, "if-match": "*"})
    return keyed.done(case, command, partial(place.take, coming, kept))


def _checked(form: SentForm, name: str, most: int) -> str:
    text = form.get(name).strip()
    if len(text) > most:
        raise Invalid([Problem(f"/{name}", "too-long", {"limit": str(most)})])
    if CONTROL.search(text):
        raise Invalid([Problem(f"/{name}", "control-characters")])
    return text


def _guessed(media_type: str, context: RequestContext, case: UUID) -> str:
    """Return a kind of evidence that the case takes, by the type of a file."""
    allowed = evidence_kinds(context, case)
    kinds = (kind for begin, kind in GUESSED if media_type.startswith(begin))
    return next((kind for kind in kinds if kind in allowed), "other")


def evidence_kinds(context: RequestContext, case: UUID) -> frozenset[str]:
    """Return the kinds of evidence that the caller's side may hand in."""
    found = context.read(case)
    return kinds_asked(
        found.dispute, context.system.disputes.context(found, context.actor)
    )
