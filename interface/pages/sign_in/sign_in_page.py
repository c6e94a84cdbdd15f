"""Signing in and out. A sandbox lets one pick a role; production asks the issuer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from msgspec import Struct

from application.access.revocations import revoke_subject, revoke_token
from application.record.row_scope import Beyond, beyond
from domain.case.lifecycle import PARTIES
from domain.roles import STAFF, Role
from interface.api.recorded_reads import WATCHED
from interface.bootstrap import System
from interface.callers.caller import (
    CLIENTS,
    DEFAULT_PLATFORM,
    OVERSEERS,
    Caller,
    is_name,
    name_in_one_form,
)
from interface.pages.forms.sent_form import SentForm
from interface.pages.page import page
from interface.pages.page_guards import SessionNeeded
from interface.pages.page_options import FORM, public_page
from interface.pages.sign_in.page_cookies import leave, leave_session
from interface.pages.sign_in.page_session import PageSession, begun

SAMPLE = {
    Role.BUYER: "b-001",
    Role.SELLER: "s-01",
    Role.MEDIATOR: "m-1",
    Role.SUPERVISOR: "v-1",
    Role.PLATFORM: "app",
    Role.AUDITOR: "a-1",
    Role.REGULATOR: "r-1",
    Role.ANALYST: "n-1",
}
"""Who of the sample cases is offered for a role; another one may be typed."""

OPERATOR = "operator"
"""Whom the form offers beside the roles: a supervisor, who runs the installation."""

OPERATION = "/operator"

_HERE = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,2000}")
"""An address of this site: "//host" and "/\\host" are those of others."""


class RoleOffered(Struct, frozen=True):
    """Whom one can pick: a role or the operator, and the id that is filled in."""

    picked: str
    subject: str
    flaw: bool = False


@get("/sign-in", sync_to_thread=False, opt=public_page("it is where one signs in"))
def sign_in_form(request: Request[Any, Any, Any]) -> Response[str]:
    """Show how to sign in; `ended` says that a session is over."""
    return _form(request, way_back(request.query_params.get("next")))


@post(
    "/sign-in",
    status_code=303,
    sync_to_thread=True,
    opt=public_page("it is where one signs in") | FORM,
)
def sign_in(
    request: Request[Any, Any, Any], form: NamedDependency[SentForm]
) -> Response[Any]:
    """Begin a session as the role and the person that were picked, in a sandbox."""
    back = way_back(form.get("next"))
    picked, subject = form.get("role"), form.get("subject").strip()
    is_operator = picked == OPERATOR
    role = Role.SUPERVISOR if is_operator else picked
    if not takes_any_role(request.app.state.system) or role not in CLIENTS:
        return _form(request, back, status=400)
    if not is_name(subject):
        return _form(request, back, status=400, flaw=picked, typed=subject)
    platform = None if role in OVERSEERS else DEFAULT_PLATFORM
    caller = Caller(
        subject=name_in_one_form(subject), role=Role(role), platform=platform
    )
    leave_session(request, begun(caller))
    home = OPERATION if is_operator else home_of(caller.role)
    return Redirect(back or home, status_code=303)


@post(
    "/sign-out",
    status_code=303,
    sync_to_thread=True,
    opt=public_page("whoever has no session any more signs out as well") | FORM,
)
def sign_out(
    request: Request[Any, Any, Any], form: NamedDependency[SentForm]
) -> Response[Any]:
    """End the session, in this browser and for whoever may have copied its cookie.

    `everywhere`: every session and every token that the person has had until now.
    """
    session: PageSession | None = request.scope["state"].get("page_session")
    if session is None:
        raise SessionNeeded(ended=True)
    system: System = request.app.state.system
    with beyond(Beyond.SESSIONS), system.database.get_connection() as connection:
        who, now = session.subject, datetime.now(UTC)
        if form.get("everywhere"):
            said = "signed out everywhere"
            revoke_subject(connection, session.platform, who, said, who, now)
        else:
            revoke_token(connection, session.id, "signed out", who, now)
    leave(request, "session", "")
    return Redirect("/", status_code=303)


def takes_any_role(system: System) -> bool:
    """Tell whether this is a sandbox, in which anybody is whom they say they are."""
    settings = system.settings
    return settings.is_development and settings.callers.takes_development_key


def home_of(role: Role) -> str:
    """Return where a role goes first."""
    if role in STAFF:
        return "/desk"
    if role in WATCHED:
        return "/record"
    if role in PARTIES:
        return "/cases"
    return "/analysis" if role is Role.ANALYST else "/service"


def _offered(system: System) -> Iterator[tuple[str, str]]:
    """Yield whom one can pick: every role, and the operator where one is named."""
    yield from SAMPLE.items()
    named = (system.settings.pages.operators or "").split(",")
    first = (one.strip().partition("/") for one in named if one.strip())
    ours = [subject for platform, _, subject in first if platform == DEFAULT_PLATFORM]
    if ours or not system.settings.pages.operators:
        # Where nobody is named, every supervisor of a sandbox runs it.
        yield OPERATOR, (ours or [SAMPLE[Role.SUPERVISOR]])[0]


def _start(system: System, back: str) -> str:
    """Return where signing in by the issuer begins; "" if it is not set up."""
    if system.settings.pages.client is None:
        return ""
    query = f"?{urlencode({'next': back})}" if back else ""
    return f"/sign-in/start{query}"


def way_back(asked: str | None) -> str:
    """Return an address of this site; "" for any other one."""
    return asked if asked and _HERE.fullmatch(asked) else ""


def _form(
    request: Request[Any, Any, Any],
    back: str,
    *,
    status: int = 200,
    flaw: str = "",
    typed: str = "",
) -> Response[str]:
    system: System = request.app.state.system
    return page(
        request,
        "sign_in.html",
        status=status,
        roles=[
            RoleOffered(one, typed if one == flaw else subject, one == flaw)
            for one, subject in _offered(system)
        ],
        operator=OPERATOR,
        picks=takes_any_role(system),
        back=back,
        start=_start(system, back),
        ended="ended" in request.query_params,
    )
