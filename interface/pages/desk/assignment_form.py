"""Giving a case to somebody from the queue, and back to the queue as it was."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec.structs import replace

from interface.api.request_context import RequestContext
from interface.pages.desk.given_case import GivenCase, given_case
from interface.pages.desk.mediator_choice import NAMED, known_people
from interface.pages.desk.queue_filters import DESK, PATH, QueueLinks, filters_of
from interface.pages.desk.queue_page import QueueState, queue_of
from interface.pages.forms.action_form import Attempt
from interface.pages.forms.form_action import act
from interface.pages.forms.sent_form import SentForm
from interface.pages.page_options import FORM
from interface.pages.page_texts import page_words
from interface.pages.sealed_terms import sealer_of

ASSIGNMENT = "assignment"
UNPROCESSABLE = 422


@post(
    f"{PATH}/give/{{dispute_id:uuid}}",
    status_code=303,
    sync_to_thread=True,
    opt=DESK | FORM,
)
def give_case(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    form: NamedDependency[SentForm],
    dispute_id: FromPath[UUID],
) -> Response[Any]:
    """Give a case to somebody who is known here; then show the queue as it was."""
    asked = replace(filters_of(form), q=form.get("q"))
    chosen = given_case(context, dispute_id, is_done=False)
    after = _given(request, context, form, chosen)
    if after.flaw:
        state = QueueState(cursor=form.get("cursor") or None, given=after)
        return queue_of(request, context, asked, state)
    links = QueueLinks(asked, sealer_of(request))
    more = {"given": str(dispute_id)}
    if cursor := form.get("cursor"):
        more["cursor"] = cursor
    return Redirect(links.with_query({}, more), status_code=303)


def _given(
    request: Request[Any, Any, Any],
    context: RequestContext,
    form: SentForm,
    chosen: GivenCase,
) -> GivenCase:
    """Return the case once it is given, or with why it cannot be."""
    to = form.get(NAMED).strip()
    if to not in known_people(context):
        code = "queue.unknown-person" if to else "queue.nobody-chosen"
        words = page_words(code, context.language, name=to)
        return replace(chosen, to=to, flaw=words, status=UNPROCESSABLE)
    after = act(request, context, chosen.case, ASSIGNMENT, form)
    if not isinstance(after, Attempt):
        return chosen
    problem = after.problem
    moved = page_words("queue.moved", context.language)
    words = " ".join(one.detail for one in problem.errors)
    words = words or (moved if after.moved_on else problem.detail or problem.title)
    return replace(chosen, to=to, flaw=words, status=problem.status)
