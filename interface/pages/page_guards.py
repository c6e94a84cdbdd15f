"""Who asks for a page, by their session, and whether a form is their own."""

from __future__ import annotations

import hmac
import time
from collections.abc import Mapping
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from application.record.row_scope import PUBLIC, SCOPE
from domain.refusals import NotAllowed
from interface.api.bulkheads import take_place
from interface.api.read_your_writes import wait_for_view
from interface.api.recorded_reads import record_reads
from interface.api.request_target import refuse_odd_target
from interface.bootstrap import System
from interface.callers.caller_scope import scope_of
from interface.pages.page_cookies import (
    cookie_name,
    leave,
    leave_session,
    visit_of,
)
from interface.pages.page_purposes import say_purpose
from interface.pages.page_session import PageSession, form_token, unsealed

TOKEN = "form_token"  # noqa: S105 - the name of the field
HIDDEN = frozenset({TOKEN, "key", "version"})
"""Fields that pages fill in, and nobody sees."""

RENEWED_SECONDS = 60.0
"""A session's cookie is sent anew when it is older: not with every answer."""


class SessionNeeded(Exception):
    """Nobody has signed in. `ended`: somebody had, and their session is over.

    `typed` are the texts of a form that came too late, by the names of fields.
    """

    def __init__(self, *, ended: bool, typed: Mapping[str, str] | None = None) -> None:
        super().__init__("session needed")
        self.ended = ended
        self.typed = typed or {}


class ForeignForm(Exception):
    """A form without the token of the session in which it was sent."""


async def admit_to_page(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Find out whose session it is, and whether the page is for that role.

    What follows is as for a bearer token: the same caller, the same rows. Raises
    SessionNeeded or NotAllowed.
    """
    state = connection.scope["state"]
    session, ended = _session(connection)
    state["page_session"] = session
    if "public" in handler.opt:
        SCOPE.set(PUBLIC)
        return
    if session is None:
        raise SessionNeeded(ended=ended, typed=await _typed(connection, handler))
    caller = session.caller
    state["caller"], state["on_behalf_of"] = caller, None
    SCOPE.set(scope_of(caller))
    roles = handler.opt.get("roles")
    if roles is not None and caller.role not in roles:
        raise NotAllowed(role=caller.role)


async def refuse_foreign_form(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Raise ForeignForm unless a form brings the token of its session or visit.

    Another site can have a browser send a form, but cannot read the token in ours.
    """
    if "form" not in handler.opt or not isinstance(connection, Request):
        return
    form = await connection.form()
    expected = token_of(connection)
    if not hmac.compare_digest(expected.encode(), str(form.get(TOKEN, "")).encode()):
        raise ForeignForm


def token_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return the token that the forms of this session, or visit, have to bring."""
    system: System = connection.app.state.system
    session: PageSession | None = connection.scope["state"].get("page_session")
    whose = visit_of(connection) if session is None else session.id
    return form_token(whose, system.keys.master.digest)


async def _typed(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> Mapping[str, str]:
    """Return what somebody has typed into a form, without what they did not see."""
    if "form" not in handler.opt or not isinstance(connection, Request):
        return {}
    form = await connection.form()
    return {
        name: value
        for name, value in form.multi_items()
        if isinstance(value, str) and value.strip() and name not in HIDDEN
    }


def _session(
    connection: ASGIConnection[Any, Any, Any, Any],
) -> tuple[PageSession | None, bool]:
    """Return the session that goes on, and whether there was one that is over."""
    system: System = connection.app.state.system
    value = connection.cookies.get(cookie_name(system, "session"))
    found = unsealed(value, system.keys.master.digest)
    if found is None:
        return None, bool(value)
    now = time.time()
    revoked = system.revoked
    if (
        not found.goes_on(now)
        or revoked.revokes_token(found.id)
        or revoked.revokes_since(found.caller, found.began)
    ):
        leave(connection, "session", "")
        return None, True
    if now - found.seen > RENEWED_SECONDS:
        leave_session(connection, found.seen_at(now))
    return found, False


PAGE_GUARDS = (
    refuse_odd_target,
    admit_to_page,
    take_place,
    refuse_foreign_form,
    wait_for_view,
    say_purpose,
    record_reads,
)
"""In this order: a form of another site is refused before anything is done or read."""
