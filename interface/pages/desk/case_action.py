"""An action on a case, sent as a form: done, or shown again with what is wrong."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Struct
from msgspec.structs import replace

from application.cases.case import Case
from domain.case.command import Command
from domain.conflicts_of_interest import bar_to_reading
from domain.refusals import NotFound, Refusal
from interface.api.actions.body_fields import fields_of
from interface.api.body_faults import body_faults
from interface.api.commands.command_route import CommandRoute
from interface.api.commands.command_table import ROUTES
from interface.api.commands.id_fields import in_one_form
from interface.api.errors import on_failure, on_refusal, on_refused
from interface.api.problems import Failure, ProblemDetails, Refused
from interface.api.request_context import RequestContext
from interface.pages.desk.action_forms import Attempt
from interface.pages.desk.case_page import case_page_of
from interface.pages.desk.form_body import body_of
from interface.pages.desk.queue_filters import DESK, PATH
from interface.pages.page_options import FORM
from interface.pages.sent_form import SentForm

_NUMBER = re.compile(r"/([1-9][0-9]{0,8})(?=/|$)", re.ASCII)
_VERSION = re.compile(r"[0-9]{1,9}", re.ASCII)

BY_PATH = {
    route.path: route for routes in ROUTES.values() for route in routes if route.summary
}
"""The routes of commands by their paths below a case; none of those that upload."""


class FormAction(Struct, frozen=True):
    """A command that a form sends: its route, and the item of the case it is about."""

    route: CommandRoute
    item: int | None

    def command(self, context: RequestContext, form: SentForm) -> Command:
        """Return the command. Raises Failure or Invalid with all that is wrong."""
        item = {} if self.item is None else {self.route.item: self.item}
        body = self.route.body
        if body is None:
            return self.route.command(**item)
        sent = body_of(fields_of(body), form)
        if faults := body_faults(sent, body):
            raise Failure("malformed", faults=faults)
        made = in_one_form(msgspec.convert(sent, body))
        return made.command(self.route.command, context.caller, **item)


def action_at(step: str) -> FormAction:
    """Return the action at a path such as "offers/2/decline". Raises NotFound."""
    found = _NUMBER.search(f"/{step}")
    path = _NUMBER.sub("/{n}", f"/{step}", count=1).removeprefix("/")
    if path not in BY_PATH:
        raise NotFound
    return FormAction(BY_PATH[path], int(found[1]) if found else None)


@post(
    f"{PATH}/cases/{{dispute_id:uuid}}/act/{{step:path}}",
    status_code=303,
    sync_to_thread=True,
    opt=DESK | FORM,
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
    after = sent_action(request, context, dispute_id, path, form)
    if isinstance(after, Attempt):
        return case_page_of(request, context, dispute_id, after)
    if bar_to_reading(context.actor, after.dispute) is not None:
        # Whoever has recused themselves reads the case no more.
        return Redirect(PATH, status_code=303)
    return done_page(dispute_id, path)


def sent_action(
    request: Request[Any, Any, Any],
    context: RequestContext,
    dispute_id: UUID,
    path: str,
    form: SentForm,
) -> Case | Attempt:
    """Send the command of a form; return the case after it, or why it was refused."""
    action, version = action_at(path), form.get("version")
    known = bool(_VERSION.fullmatch(version))
    headers = {
        "idempotency-key": form.get("key"),
        "if-match": f'"{version}"' if known else "",
    }
    try:
        keyed = replace(context, headers=headers)
        return keyed.done(dispute_id, action.command(context, form))
    except (Refused, Refusal, Failure) as error:
        if isinstance(error, NotFound):
            raise
        return Attempt(
            path=path,
            form=form,
            problem=_told(request, error),
            version=int(version) if known else None,
        )


def done_page(dispute_id: UUID, path: str) -> Redirect:
    """Lead to the page of a case, which says what has just been done."""
    done = action_at(path).route.name
    return Redirect(f"{PATH}/cases/{dispute_id}?done={done}", status_code=303)


def _told(
    request: Request[Any, Any, Any], error: Refused | Refusal | Failure
) -> ProblemDetails:
    """Return what the API would say of it."""
    match error:
        case Refused():
            answer = on_refused(request, error)
        case Failure():
            answer = on_failure(request, error)
        case _:
            answer = on_refusal(request, error)
    told: ProblemDetails = answer.content
    return told
