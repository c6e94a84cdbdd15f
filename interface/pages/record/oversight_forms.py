"""What supervisors do beside the record: grants to its readers, and erasures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec.structs import replace

from domain.refusals import Refusal
from domain.roles import Role
from interface.api.body_faults import body_faults
from interface.api.commands.privacy import ErasureBody
from interface.api.problems import Failure
from interface.api.recorded_reads import only_by
from interface.api.request_context import RequestContext
from interface.api.routes.erasures import approved, requested
from interface.api.routes.grants import GrantBody, given, revoked
from interface.pages.forms.language_change import is_language_change
from interface.pages.forms.sent_form import SentForm
from interface.pages.forms.told_problem import told_problem
from interface.pages.page_options import FORM
from interface.pages.page_texts import page_words
from interface.pages.record.oversight_lists import (
    ERASURES,
    GRANTS,
    ListAttempt,
    list_of_erasures,
    list_of_grants,
)
from interface.pages.record.typed_times import typed_time

SUPERVISORS = only_by(Role.SUPERVISOR) | FORM

Listed = Callable[[Request[Any, Any, Any], RequestContext, ListAttempt], Response[str]]


@post(GRANTS, status_code=303, sync_to_thread=True, opt=SUPERVISORS)
def give_grant(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    form: NamedDependency[SentForm],
) -> Response[Any]:
    """Let an auditor or a regulator read."""
    texts = {one: form.get(one).strip() for one in ("reader", "role", "purpose")}
    sent: dict[str, Any] = dict(texts)
    flaws = {}
    for name in ("begins", "ends"):
        texts[name] = form.get(name).strip()
        try:
            moment = typed_time(texts[name], context.system.zone, ends=name == "ends")
            sent[name] = moment.astimezone(UTC).isoformat()
        except ValueError:
            flaws[name] = page_words("record.flaw-since", context.language)
            sent[name] = "2000-01-01T00:00:00Z"
    texts["disputes"] = form.get("disputes")
    if cases := texts["disputes"].split():
        sent["disputes"] = cases

    def done(keyed: RequestContext) -> None:
        if not flaws:
            given(keyed, _body(sent, GrantBody))
        elif faults := body_faults(sent, GrantBody):
            raise Failure("malformed", faults=faults)

    attempt = _tried(request, context, form, done)
    if attempt is None and not flaws:
        return Redirect(GRANTS, status_code=303)
    told = attempt or ListAttempt(status=400)
    if is_language_change(form):
        flaws = {}
    flaws |= {
        name: page_words(f"record.flaw-{name}", context.language)
        for name in ("role", "disputes")
        if name in told.flaws
    }
    told = replace(told, typed=texts, flaws=told.flaws | flaws)
    return list_of_grants(request, context, told)


@post(
    f"{GRANTS}/{{grant_id:uuid}}/revocation",
    status_code=303,
    sync_to_thread=True,
    opt=SUPERVISORS,
)
def revoke_grant(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    form: NamedDependency[SentForm],
    grant_id: FromPath[UUID],
) -> Response[Any]:
    """End a grant now."""
    attempt = _tried(request, context, form, lambda one: revoked(one, grant_id))
    return _answered(request, context, attempt, GRANTS, list_of_grants)


@post(ERASURES, status_code=303, sync_to_thread=True, opt=SUPERVISORS)
def ask_for_erasure(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    form: NamedDependency[SentForm],
) -> Response[Any]:
    """Ask that a party's personal data be erased."""
    texts = {one: form.get(one).strip() for one in ("subject", "role", "basis")}
    sent = texts | {"restrict": "restrict" in form}
    attempt = _tried(
        request, context, form, lambda one: requested(one, _body(sent, ErasureBody))
    )
    if attempt is not None:
        attempt = replace(attempt, typed=texts)
    return _answered(request, context, attempt, ERASURES, list_of_erasures)


@post(
    f"{ERASURES}/{{erasure_id:uuid}}/approval",
    status_code=303,
    sync_to_thread=True,
    opt=SUPERVISORS,
)
def approve_erasure(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    form: NamedDependency[SentForm],
    erasure_id: FromPath[UUID],
) -> Response[Any]:
    """Approve an erasure that another supervisor has asked for."""
    attempt = _tried(request, context, form, lambda one: approved(one, erasure_id))
    return _answered(request, context, attempt, ERASURES, list_of_erasures)


def _body(sent: dict[str, Any], kind: type[Any]) -> Any:
    """Return the body that the API would take. Raises Failure with all its faults."""
    if faults := body_faults(sent, kind):
        raise Failure("malformed", faults=faults)
    return msgspec.convert(sent, kind)


def _tried(
    request: Request[Any, Any, Any],
    context: RequestContext,
    form: SentForm,
    work: Callable[[RequestContext], Any],
) -> ListAttempt | None:
    """Do it once under the form's key; return what was refused, if it was."""
    if is_language_change(form):
        return ListAttempt()
    try:
        work(replace(context, headers={"idempotency-key": form.get("key")}))
    except (Refusal, Failure) as error:
        told = told_problem(request, error)
        flaws: dict[str, str] = {}
        for one in told.errors:
            name = one.pointer.strip("/").partition("/")[0]
            flaws[name] = " ".join(filter(None, (flaws.get(name), one.detail)))
        words = told.detail or told.title
        return ListAttempt(status=told.status, told=words, flaws=flaws)
    return None


def _answered(
    request: Request[Any, Any, Any],
    context: RequestContext,
    attempt: ListAttempt | None,
    path: str,
    listed: Listed,
) -> Response[Any]:
    if attempt is None:
        return Redirect(path, status_code=303)
    return listed(request, context, attempt)
