"""What a party does on its case: an action, or files, sent as a form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec.structs import replace

from domain.filing.commands import Reopen
from domain.refusals import NotFound, Refusal
from interface.api.commands.filing import ReopeningBody
from interface.api.problems import Failure, Refused
from interface.api.request_context import RequestContext
from interface.api.routes.filing import reopened
from interface.pages.forms.action_form import Attempt
from interface.pages.forms.form_action import act, action_at, attempt_of, headers_of
from interface.pages.forms.form_body import filled
from interface.pages.forms.form_upload import received
from interface.pages.forms.language_change import is_language_change, shown_again
from interface.pages.forms.sent_form import SentForm
from interface.pages.page_options import TEXT_FORM, UPLOAD
from interface.pages.party.party_case import party_case_of
from interface.pages.party.party_options import PARTY, PATH

REOPENING = "reopening"
_CASE = f"{PATH}/{{dispute_id:uuid}}"


@post(
    f"{_CASE}/act/{{step:path}}",
    status_code=303,
    sync_to_thread=True,
    opt=PARTY | TEXT_FORM,
)
def act_on_own_case(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    form: NamedDependency[SentForm],
    dispute_id: FromPath[UUID],
    step: FromPath[str],
) -> Response[Any]:
    """Send a command on a case; what is refused comes back with what was typed."""
    path = step.strip("/")
    if is_language_change(form):
        again = shown_again(request, path, form)
        return party_case_of(request, context, dispute_id, again)
    if path == REOPENING:
        return _reopened(request, context, dispute_id, form)
    after = act(request, context, dispute_id, path, form)
    if isinstance(after, Attempt):
        return party_case_of(request, context, dispute_id, after)
    return _back(dispute_id, _done(action_at(path).route.name, form))


@post(f"{_CASE}/evidence", status_code=303, opt=PARTY | UPLOAD)
async def hand_in_files(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    dispute_id: FromPath[UUID],
) -> Response[Any]:
    """Hand in files as evidence. Those that are refused leave the others."""
    return await _with_files(request, context, dispute_id, "evidence")


@post(f"{_CASE}/messages", status_code=303, opt=PARTY | UPLOAD)
async def post_file(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    dispute_id: FromPath[UUID],
) -> Response[Any]:
    """Post a message with a file."""
    return await _with_files(request, context, dispute_id, "messages/files")


async def _with_files(
    request: Request[Any, Any, Any],
    context: RequestContext,
    dispute_id: UUID,
    path: str,
) -> Response[Any]:
    attempt = await received(request, context, dispute_id, path)
    if attempt is None:
        return _back(dispute_id, path.replace("/", "-"))
    return await sync_to_thread(party_case_of, request, context, dispute_id, attempt)


def _reopened(
    request: Request[Any, Any, Any],
    context: RequestContext,
    ended: UUID,
    form: SentForm,
) -> Response[Any]:
    """File the case once more, and lead to the new one."""
    try:
        body = filled(ReopeningBody, form)
        command = Reopen(new_facts=body.new_facts, evidence_note=body.evidence_note)
        keyed = replace(context, headers=headers_of(form))
        new = reopened(keyed, ended, command).content
    except (Refused, Refusal, Failure) as error:
        if isinstance(error, NotFound):
            raise
        attempt = attempt_of(request, REOPENING, form, error)
        return party_case_of(request, context, ended, attempt)
    return Redirect(f"{PATH}/{new.id}?done=filed", status_code=303)


def _done(name: str, form: SentForm) -> str:
    """Return what has been done: an answer that offers something else is an offer."""
    is_offer = name == "seller-response" and form.get("position") == "offer"
    return "offers" if is_offer else name


def _back(dispute_id: UUID, done: str) -> Response[Any]:
    return Redirect(f"{PATH}/{dispute_id}?done={done}", status_code=303)
