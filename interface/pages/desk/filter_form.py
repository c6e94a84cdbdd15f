"""The form that keeps a filter of the queue under a name, or lets one go."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from msgspec.structs import replace

from domain.names import BadName, visible_text
from interface.api.request_context import RequestContext
from interface.pages.desk.queue_filters import DESK, PATH, QueueLinks, filters_of
from interface.pages.desk.queue_page import QueueState, queue_of
from interface.pages.desk.saved_filters import (
    MOST,
    MOST_NAME,
    SavedFilter,
    leave_filters,
    saved_filters,
)
from interface.pages.forms.sent_form import SentForm
from interface.pages.page_options import FORM
from interface.pages.page_texts import page_words
from interface.pages.sealed_terms import sealer_of


@post(
    f"{PATH}/filters",
    status_code=303,
    sync_to_thread=True,
    opt=DESK | FORM,
)
def keep_filter(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    form: NamedDependency[SentForm],
) -> Response[Any]:
    """Keep a filter under a name, or let one go; then show the queue so filtered."""
    kept, dropped = saved_filters(request), form.get("drop")
    if dropped:
        leave_filters(request, tuple(one for one in kept if one.name != dropped))
        return Redirect(PATH, status_code=303)
    asked = replace(filters_of(form), q=form.get("q").strip())
    try:
        name = visible_text(form.get("name"), MOST_NAME)
    except BadName:
        flaw = page_words("layout.visible", context.language, n=MOST_NAME)
        state = QueueState(unkept=(form.get("name"), flaw))
        return queue_of(request, context, asked, state)
    others = tuple(one for one in kept if one.name != name)
    if not leave_filters(request, (*others, SavedFilter(name=name, asked=asked))):
        # None is let go unasked.
        flaw = page_words("queue.filters-full", context.language, n=MOST)
        return queue_of(request, context, asked, QueueState(unkept=(name, flaw)))
    return Redirect(QueueLinks(asked, sealer_of(request)).link(), status_code=303)
