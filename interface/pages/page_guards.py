"""Who asks for a page, by their session, and whether a form is their own."""

from __future__ import annotations

import time
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
from interface.pages.form_tokens import RESUMED, TOKEN, check_token, resumed, whose
from interface.pages.forms.chosen_files import with_names
from interface.pages.forms.form_parts import FormParts
from interface.pages.forms.sent_form import SentForm, sent_form
from interface.pages.sealed_terms import seal_terms
from interface.pages.sign_in.page_cookies import cookie_name, leave, leave_session
from interface.pages.sign_in.page_purposes import say_purpose
from interface.pages.sign_in.page_session import PageSession, unsealed

HIDDEN = frozenset(
    {TOKEN, RESUMED, "key", "version", "step", "go", "moment", "chosen"}
    | {"window", "edition", "other_edition", "only"}
)
"""Fields that pages fill in, and nobody sees."""

RENEWED_SECONDS = 60.0
"""A session's cookie is sent anew when it is older: not with every answer."""


class SessionNeeded(Exception):
    """Nobody has signed in. `ended`: somebody had, and their session is over.

    `form` is one that came too late, and `whose` seals whose session it was; `""` if
    nobody can tell.
    """

    def __init__(
        self, *, ended: bool, form: SentForm | None = None, whose: str = ""
    ) -> None:
        super().__init__("session needed")
        self.ended = ended
        self.form = form or SentForm({})
        self.whose = whose


async def admit_to_page(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Find out whose session it is, and whether the page is for that role.

    What follows is as for a bearer token: the same caller, the same rows. Raises
    SessionNeeded or NotAllowed.
    """
    state = connection.scope["state"]
    session, over = _session(connection)
    state["page_session"] = session
    if "public" in handler.opt:
        SCOPE.set(PUBLIC)
        return
    if session is None:
        form = await _form(connection, handler)
        wrote = resumed(connection, over, form)
        raise SessionNeeded(ended=over is not None, form=form, whose=wrote)
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

    Another site can have a browser send a form, but cannot read the token in ours. What
    brings files is read by its handler, which asks for the token before any file.
    """
    is_read_here = "form" in handler.opt and not handler.opt.get("upload")
    if is_read_here and isinstance(connection, Request):
        check_token(connection, await sent_form(connection))


async def _form(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> SentForm | None:
    """Return the texts of a form, if one is sent."""
    if "form" not in handler.opt or not isinstance(connection, Request):
        return None
    if not handler.opt.get("upload"):
        return await sent_form(connection)
    parts = FormParts(connection)
    return await with_names(await parts.texts(), parts)


def _session(
    connection: ASGIConnection[Any, Any, Any, Any],
) -> tuple[PageSession | None, str | None]:
    """Return the session that goes on, and whose the one is that is over.

    That is "" for a cookie that nobody here has sealed, None if there is none.
    """
    system: System = connection.app.state.system
    value = connection.cookies.get(cookie_name(system, "session"))
    found = unsealed(value, system.keys.master.digest)
    if found is None:
        return None, "" if value else None
    now = time.time()
    revoked = system.revoked
    if (
        not found.goes_on(now)
        or revoked.revokes_token(found.id)
        # Our own clock began the session: who signs out everywhere may come back.
        or revoked.revokes_since(found.caller, found.began, leeway=0.0)
    ):
        leave(connection, "session", "")
        return None, whose(found)
    if now - found.seen > RENEWED_SECONDS:
        leave_session(connection, found.seen_at(now))
    return found, None


PAGE_GUARDS = (
    refuse_odd_target,
    admit_to_page,
    seal_terms,
    take_place,
    refuse_foreign_form,
    wait_for_view,
    say_purpose,
    record_reads,
)
"""In this order: a form of another site is refused before anything is done or read."""
