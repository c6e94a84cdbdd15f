"""Legal holds of a case as forms: a regulator or a supervisor places and lifts them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec.structs import replace

from domain.privacy.commands import LiftHold, PlaceHold
from domain.refusals import NotFound, Refusal
from interface.api.body_faults import body_faults
from interface.api.commands.privacy import HoldBody
from interface.api.problems import Failure, Refused
from interface.api.recorded_reads import only_by
from interface.api.request_context import RequestContext
from interface.pages.forms.form_action import headers_of
from interface.pages.forms.language_change import is_language_change
from interface.pages.forms.sent_form import SentForm
from interface.pages.forms.told_problem import told_problem
from interface.pages.page_options import FORM
from interface.pages.record.record_case import HOLDERS, HoldAttempt, record_case_page
from interface.pages.record.record_page import CASE, PATH

HOLD = only_by(*HOLDERS) | FORM


@post(f"{CASE}/legal-holds", status_code=303, sync_to_thread=True, opt=HOLD)
def place_hold(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    form: NamedDependency[SentForm],
    dispute_id: FromPath[UUID],
) -> Response[Any]:
    """Forbid that anything of the case is erased."""
    command = PlaceHold(basis=form.get("basis").strip())
    return _done(request, context, form, dispute_id, command, 0)


@post(
    f"{CASE}/legal-holds/{{number:int}}/lifting",
    status_code=303,
    sync_to_thread=True,
    opt=HOLD,
)
def lift_hold(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    form: NamedDependency[SentForm],
    dispute_id: FromPath[UUID],
    number: FromPath[int],
) -> Response[Any]:
    """End a hold."""
    command = LiftHold(number=number, basis=form.get("basis").strip())
    return _done(request, context, form, dispute_id, command, number)


def _done(
    request: Request[Any, Any, Any],
    context: RequestContext,
    form: SentForm,
    case: UUID,
    command: PlaceHold | LiftHold,
    number: int,
) -> Response[Any]:
    if is_language_change(form):
        again = HoldAttempt(number=number, typed=command.basis, flaw="", status=200)
        return record_case_page(request, context, case, again)
    try:
        _check(command.basis)
        replace(context, headers=headers_of(form)).done(case, command)
    except (Refused, Refusal, Failure) as error:
        if isinstance(error, NotFound):
            raise
        told = told_problem(request, error)
        words = " ".join(one.detail for one in told.errors) or told.title
        attempt = HoldAttempt(
            number=number, typed=command.basis, flaw=words, status=told.status
        )
        return record_case_page(request, context, case, attempt)
    return Redirect(f"{PATH}/cases/{case}#holds", status_code=303)


def _check(basis: str) -> None:
    """Raise Failure for what the API would not take."""
    if faults := body_faults({"basis": basis}, HoldBody):
        raise Failure("malformed", faults=faults)
