"""An action on a case of the desk, sent as a form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from domain.conflicts_of_interest import bar_to_reading
from interface.api.request_context import RequestContext
from interface.pages.desk.article_choice import as_cited
from interface.pages.desk.case_page import case_page_of
from interface.pages.desk.mediator_choice import as_named
from interface.pages.desk.named_mediator import unclear_choice
from interface.pages.desk.queue_filters import DESK, PATH
from interface.pages.forms.action_form import Attempt
from interface.pages.forms.form_action import act, action_at
from interface.pages.forms.language_change import is_language_change, shown_again
from interface.pages.forms.sent_form import SentForm
from interface.pages.page_options import TEXT_FORM


@post(
    f"{PATH}/cases/{{dispute_id:uuid}}/act/{{step:path}}",
    status_code=303,
    sync_to_thread=True,
    opt=DESK | TEXT_FORM,
)
def act_on_case(
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
        return case_page_of(request, context, dispute_id, again)
    if unclear := unclear_choice(request, context, path, form):
        return case_page_of(request, context, dispute_id, unclear)
    after = act(request, context, dispute_id, path, as_cited(as_named(form)))
    if isinstance(after, Attempt):
        return case_page_of(request, context, dispute_id, after)
    if bar_to_reading(context.actor, after.dispute) is not None:
        # Whoever has recused themselves reads the case no more.
        return Redirect(PATH, status_code=303)
    return done_page(dispute_id, path)


def done_page(dispute_id: UUID, path: str) -> Redirect:
    """Lead to the page of a case, which says what has just been done."""
    done = action_at(path).route.name
    return Redirect(f"{PATH}/cases/{dispute_id}?done={done}", status_code=303)
