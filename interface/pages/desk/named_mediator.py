"""Who a case is given to by the form on its page: chosen once, and known or confirmed.

The API takes any id, and nobody for oneself: programs mean what they send. A person who
sends an empty form has forgotten to choose, and a typed id may be mistyped.
"""

from __future__ import annotations

from typing import Any

from litestar import Request
from msgspec.structs import replace

from domain.refusals import Problem
from domain.roles import Role
from interface.api.problems import Failure
from interface.api.request_context import RequestContext
from interface.pages.desk.mediator_choice import CONFIRMED, NAMED, OTHER, known_people
from interface.pages.forms.action_form import Attempt
from interface.pages.forms.form_action import attempt_of
from interface.pages.forms.sent_form import SentForm
from interface.pages.page_texts import page_words

ASSIGNMENT = "assignment"


def unclear_choice(
    request: Request[Any, Any, Any],
    context: RequestContext,
    path: str,
    form: SentForm,
) -> Attempt | None:
    """Return the form as it is shown again, if it does not say who is meant."""
    # The button that claims a case brings no such field: it names the reader.
    if context.actor.role is not Role.SUPERVISOR or NAMED not in set(form):
        return None
    chosen, typed = form.get(NAMED).strip(), form.get(OTHER).strip()
    if chosen and typed:
        code, field = "both-chosen", OTHER
    elif not chosen and not typed and path == ASSIGNMENT:
        code, field = "nobody-chosen", NAMED
    elif typed and typed not in {*known_people(context), form.get(CONFIRMED)}:
        code, field = "unconfirmed", OTHER
    else:
        return None
    failure = Failure("malformed", faults=[Problem(f"/{field}", "required")])
    attempt = attempt_of(request, path, form, failure)
    words = page_words(f"queue.{code}", context.language, name=typed)
    errors = tuple(replace(one, detail=words) for one in attempt.problem.errors)
    return replace(attempt, problem=replace(attempt.problem, errors=errors))
