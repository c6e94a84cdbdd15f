"""What every form brings: that of its session, and a proof of who it was made for.

The first lets a form be sent. The second lets a form come back to the same person after
another session has begun: it is shown to them, and not done.
"""

from __future__ import annotations

import hmac
from typing import Any

from litestar.connection import ASGIConnection

from interface.bootstrap import System
from interface.pages.forms.sent_form import SentForm
from interface.pages.sign_in.page_cookies import visit_of
from interface.pages.sign_in.page_session import (
    PageSession,
    form_token,
    sealed_text,
    unsealed_text,
)

TOKEN = "form_token"  # noqa: S105 - the name of the field
RESUMED = "resumed"
_BETWEEN = "."


class ForeignForm(Exception):
    """A form without the token of the session in which it was sent.

    `form` is there if it was made for the same person in another session.
    """

    def __init__(self, form: SentForm | None = None) -> None:
        super().__init__("foreign form")
        self.form = form


def token_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return what the forms of this session, or visit, have to bring."""
    session, digest = _session(connection), _digest(connection)
    if session is None:
        return form_token(visit_of(connection), digest)
    return _BETWEEN.join((form_token(session.id, digest), _person(session, digest)))


def check_token(connection: ASGIConnection[Any, Any, Any, Any], form: SentForm) -> None:
    """Raise ForeignForm unless a form has the token of the session or visit.

    One that came too late has the token of the visit, and is sent again by whoever has
    signed in since: only by the person who wrote it.
    """
    session, digest = _session(connection), _digest(connection)
    token, _, person = form.get(TOKEN).partition(_BETWEEN)
    due = token_of(connection).partition(_BETWEEN)[0]
    if _same(due, token):
        return
    if session is None:
        raise ForeignForm
    own, said = _person(session, digest), form.get(RESUMED)
    is_own = unsealed_text(RESUMED, said, digest) == whose(session) or _same(own, said)
    if is_own and _same(form_token(visit_of(connection), digest), token):
        return
    raise ForeignForm(form if _same(own, person) else None)


def resumed(
    connection: ASGIConnection[Any, Any, Any, Any],
    over: str | None,
    form: SentForm | None,
) -> str:
    """Return the seal of whose form it is: of the session that is over, or its own."""
    digest = _digest(connection)
    if over:
        return sealed_text(RESUMED, over, digest)
    if form is None:
        return ""
    sent = form.get(RESUMED)
    # Who has signed out has no session any more: the form says for whom it was made.
    person = form.get(TOKEN).partition(_BETWEEN)[2]
    return sent if unsealed_text(RESUMED, sent, digest) else sent or person


def whose(session: PageSession) -> str:
    """Return whose session it is."""
    return f"{session.role} {session.platform or ''} {session.subject}"


def _person(session: PageSession, digest: bytes) -> str:
    return form_token(f"of {whose(session)}", digest)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _session(
    connection: ASGIConnection[Any, Any, Any, Any],
) -> PageSession | None:
    found: PageSession | None = connection.scope["state"].get("page_session")
    return found


def _digest(connection: ASGIConnection[Any, Any, Any, Any]) -> bytes:
    system: System = connection.app.state.system
    return system.keys.master.digest
