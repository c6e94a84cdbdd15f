"""A command on a case that a form sends: done, or refused with what is wrong."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from litestar import Request
from msgspec.structs import replace

from application.cases.case import Case
from domain.refusals import Invalid, NotFound, Refusal
from interface.api.commands.command_table import ROUTES
from interface.api.problems import Failure, Refused
from interface.api.request_context import RequestContext
from interface.pages.forms.action_form import Attempt
from interface.pages.forms.form_faults import FormAction, with_rules
from interface.pages.forms.sent_form import SentForm
from interface.pages.forms.told_problem import told_problem

_NUMBER = re.compile(r"/([1-9][0-9]{0,8})(?=/|$)", re.ASCII)
_VERSION = re.compile(r"[0-9]{1,9}", re.ASCII)

BY_PATH = {
    route.path: route for routes in ROUTES.values() for route in routes if route.summary
}
"""The routes of commands by their paths below a case; none of those that upload."""


def action_at(step: str) -> FormAction:
    """Return the action at a path such as "offers/2/decline". Raises NotFound."""
    found = _NUMBER.search(f"/{step}")
    path = _NUMBER.sub("/{n}", f"/{step}", count=1).removeprefix("/")
    if path not in BY_PATH:
        raise NotFound
    return FormAction(BY_PATH[path], int(found[1]) if found else None)


def act(
    request: Request[Any, Any, Any],
    context: RequestContext,
    dispute_id: UUID,
    path: str,
    form: SentForm,
) -> Case | Attempt:
    """Send a command; return the case after it, or the attempt if it is refused.

    Raises NotFound, for a case or an action that is not there.
    """
    action, keyed = action_at(path), replace(context, headers=headers_of(form))
    try:
        command = action.command(context, form)
    except (Failure, Invalid) as error:
        told = with_rules(keyed, dispute_id, action, form, error)
        return attempt_of(request, path, form, told)
    try:
        return keyed.done(dispute_id, command)
    except (Refused, Refusal, Failure) as error:
        if isinstance(error, NotFound):
            raise
        return attempt_of(request, path, form, error)


def headers_of(form: SentForm) -> dict[str, str]:
    """Return the headers that the API would be sent: the form's key and version."""
    version = _version(form)
    return {
        "idempotency-key": form.get("key"),
        "if-match": "" if version is None else f'"{version}"',
    }


def attempt_of(
    request: Request[Any, Any, Any],
    path: str,
    form: SentForm,
    error: Refused | Refusal | Failure,
) -> Attempt:
    """Return a refused form as it is shown again."""
    return Attempt(
        path=path,
        form=form,
        problem=told_problem(request, error),
        version=_version(form),
    )


def _version(form: SentForm) -> int | None:
    version = form.get("version")
    return int(version) if _VERSION.fullmatch(version) else None
