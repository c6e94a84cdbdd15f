"""What an operator may do, as forms: try views again, and send what was given up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from application.deliveries.delivery_log import undelivered
from application.notices.given_up import messages_again, notices_again
from application.notices.notice_delivery import unserved
from application.record.row_scope import Beyond, beyond
from domain.names import BadName, visible_text
from domain.refusals import NotAllowed
from interface.api.request_context import RequestContext
from interface.pages.forms.sent_form import SentForm
from interface.pages.operation.operation_page import (
    OPERATION,
    PATH,
    check_reader,
    operation_page_of,
)
from interface.pages.operation.told_outcome import Outcome
from interface.pages.page_options import FORM
from interface.pages.page_texts import page_words
from projections.following.recorded_retry import FOLLOWERS, ViewAttempt, retried
from projections.following.view_retry import NotRetried

MOST_REASON = 200


@post(f"{PATH}/retry", status_code=303, sync_to_thread=True, opt=OPERATION | FORM)
def retry_view(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    form: NamedDependency[SentForm],
) -> Response[Any]:
    """Try again, and say what came of it; only operators may."""
    if not check_reader(context):
        raise NotAllowed(role=context.caller.role)
    attempt = _attempt(context, form)
    if attempt is None:
        typed = {name: form.get(name) for name in ("view", "case", "reason")}
        words = page_words("layout.visible", context.language, n=MOST_REASON)
        return operation_page_of(request, context, failed=typed | {"flaw": words})
    try:
        with beyond(Beyond.OPERATION):
            now = context.system.clock()
            done = [*retried(context.system.database, attempt, now)]
    except NotRetried:
        return _told(Outcome(told="nothing-to-retry", view=attempt.view))
    failed = [one for one in done if one.failed]
    told, many = "still-stuck" if failed else "retried", len(failed or done)
    return _told(Outcome(told=told, view=attempt.view, n=many))


@post(f"{PATH}/deliveries", status_code=303, sync_to_thread=True, opt=OPERATION | FORM)
def send_again(context: NamedDependency[RequestContext]) -> Redirect:
    """Let all that was given up wait again, and say how much it is."""
    if not check_reader(context):
        raise NotAllowed(role=context.caller.role)
    database = context.system.database
    with beyond(Beyond.QUEUE), database.get_connection() as connection:
        many = messages_again(connection, undelivered(connection))
        many += notices_again(connection, unserved(connection))
    return _told(Outcome(told="sent-again", n=many))


def _attempt(context: RequestContext, form: SentForm) -> ViewAttempt | None:
    """Return what is to be tried again; None if it is not said, or not why."""
    view, case = form.get("view"), form.get("case")
    try:
        reason = visible_text(form.get("reason"), MOST_REASON)
        named = UUID(case) if case else None
    except (BadName, ValueError):
        return None
    if view not in FOLLOWERS:
        return None
    return ViewAttempt(view=view, case=named, reason=reason, by=context.caller.subject)


def _told(outcome: Outcome) -> Redirect:
    """Lead to the page, which tells it: Back and reload send nothing again."""
    return Redirect(PATH, status_code=303, query_params=outcome.query)
