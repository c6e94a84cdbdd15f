"""The last step of a filing as it is sent: the case, and then its first files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.response import Redirect
from msgspec import Struct
from msgspec.structs import replace

from application.cases.filing_quota import QuotaUsed
from application.cases.order_line import line_filed, numbered_case
from domain.refusals import Refusal
from interface.api.errors import on_quota
from interface.api.problems import Failure, ProblemDetails, Refused
from interface.api.request_context import RequestContext
from interface.api.routes.filing import filed
from interface.pages.forms.chosen_files import with_names
from interface.pages.forms.file_receipt import FileReceipt
from interface.pages.forms.form_parts import FormParts
from interface.pages.forms.form_upload import (
    take_evidence,
    texts_of,
    with_receipts,
)
from interface.pages.forms.sent_form import SentForm
from interface.pages.forms.told_problem import told_problem
from interface.pages.page_options import UPLOAD
from interface.pages.party.filing_draft import LAST, FilingDraft, Judged
from interface.pages.party.filing_page import step_page
from interface.pages.party.filing_steps import FILING, keep, let_go, step_address
from interface.pages.party.party_case import party_case_of
from interface.pages.party.party_options import BUYER, PATH


class Unfiled(Struct, frozen=True):
    """Why nothing was filed: what is wrong by its fields, or as a whole."""

    step: int
    judged: Judged | None
    problem: ProblemDetails | None


@post(f"{FILING}/dispute", status_code=303, opt=BUYER | UPLOAD)
async def file_dispute(
    request: Request[Any, Any, Any], context: NamedDependency[RequestContext]
) -> Response[Any]:
    """File the dispute, and hand in the files that come with it.

    The case is there before the first file: whatever becomes of one, or of the
    connection, takes nothing else away.
    """
    parts = FormParts(request)
    form = await texts_of(request, parts)
    draft = FilingDraft(context, form)
    case = await sync_to_thread(_file, request, draft)
    if isinstance(case, Unfiled):
        return await _sent_back(request, draft, case, parts)
    receipts = await _receipts(request, context, case, form, parts)
    attempt = with_receipts("evidence", SentForm({}), receipts)
    if attempt is None:
        return Redirect(f"{PATH}/{case}?done=filed", status_code=303)
    return await sync_to_thread(party_case_of, request, context, case, attempt)


async def _sent_back(
    request: Request[Any, Any, Any],
    draft: FilingDraft,
    unfiled: Unfiled,
    parts: FormParts,
) -> Response[Any]:
    """Lead to what is wrong, and say which files have to be chosen once more."""
    again = replace(draft, form=await with_names(draft.form, parts))
    step, judged, problem = unfiled.step, unfiled.judged, unfiled.problem
    key = await sync_to_thread(keep, draft.context, again.form)
    if judged is not None and key is not None:
        return Redirect(step_address(key, step, checked=True), status_code=303)
    return await sync_to_thread(step_page, request, again, step, judged, problem)


def _file(request: Request[Any, Any, Any], draft: FilingDraft) -> UUID | Unfiled:
    """File; return the case, or the step in which something is wrong."""
    judged = draft.judge(LAST)
    if judged.faults:
        return Unfiled(judged.first_step or LAST, judged, None)
    context = replace(draft.context, headers={"idempotency-key": draft.form.get("key")})
    problem: ProblemDetails
    try:
        command = draft.command()
        there = context.lines.cases_on(line_filed(command))
        case = filed(context, numbered_case(there, command), command).content.id
    except (Refused, Refusal, Failure) as error:
        problem = told_problem(request, error)
    except QuotaUsed as error:
        problem = on_quota(request, error).content
    else:
        let_go(draft.context, draft.form)
        return case
    return Unfiled(LAST, None, problem)


async def _receipts(
    request: Request[Any, Any, Any],
    context: RequestContext,
    case: UUID,
    form: SentForm,
    parts: FormParts,
) -> list[FileReceipt]:
    """Hand in the files that come, if any."""
    # The key of the form is that of the filing; files have one of their own.
    values = dict(form.values) | {"key": (f"{form.get('key')}-files",)}
    try:
        return await take_evidence(request, context, case, SentForm(values), parts)
    except (Refused, Refusal, Failure):
        # No file came, or the case takes none: its page says why, such as a refusal.
        await parts.drain()
        return []
