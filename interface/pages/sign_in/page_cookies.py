"""The cookies of pages: the session, the visit of a stranger, the chosen language.

A handler, a guard or an error leaves cookies in the state of the request; a middleware
puts them on whatever is answered.
"""

from __future__ import annotations

import secrets
from typing import Any, cast

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, MutableScopeHeaders
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from interface.bootstrap import System
from interface.pages.page_language import (
    asked_language,
    language_cookie,
    language_of,
)
from interface.pages.sign_in.page_session import PageSession, sealed

_LEFT = "page_cookies"


def cookie_name(system: System, what: str) -> str:
    """Return a cookie's name; in production one that only this host can set."""
    return f"redress-{what}" if system.settings.is_development else f"__Host-{what}"


def leave(
    connection: ASGIConnection[Any, Any, Any, Any],
    what: str,
    value: str,
    seconds: int | None = None,
) -> None:
    """Leave a cookie for the browser; an empty value removes it.

    It ends with the browser, unless it is to be kept for so many seconds; when a
    session ends is in the session itself.
    """
    system: System = connection.app.state.system
    cookie = Cookie(
        key=cookie_name(system, what),
        value=value,
        path="/",
        max_age=seconds if value else 0,
        secure=not system.settings.is_development,
        httponly=True,
        samesite="lax",
    )
    connection.scope["state"].setdefault(_LEFT, {})[what] = cookie


def leave_session(
    connection: ASGIConnection[Any, Any, Any, Any], session: PageSession
) -> None:
    """Leave the cookie of a session."""
    system: System = connection.app.state.system
    leave(connection, "session", sealed(session, system.keys.master.digest))


def visit_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return the id of a stranger's visit, to which the sign-in form is bound."""
    system: System = connection.app.state.system
    known = connection.cookies.get(cookie_name(system, "visit"))
    if known:
        return known
    state = connection.scope["state"]
    if "page_visit" not in state:
        state["page_visit"] = secrets.token_urlsafe(24)
        leave(connection, "visit", state["page_visit"])
    return str(state["page_visit"])


def keep_language(scope: Scope) -> None:
    """Have a request come in one language, for all that goes by Accept-Language.

    That are the problems and the words of cases, as for the API.
    """
    # On a copy: what a connection has read of its headers, it keeps in the state.
    copied = cast("Scope", {**scope, "state": {}})
    connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(copied)
    language, state = language_of(connection), scope["state"]
    state["page_language"] = language
    if asked_language(connection):
        state.setdefault(_LEFT, {})["language"] = language_cookie(language)
    scope["headers"] = [
        *(one for one in scope["headers"] if one[0] != b"accept-language"),
        (b"accept-language", language.encode()),
    ]


def in_one_language(app: ASGIApp) -> ASGIApp:
    """Return an application whose requests come in one language, and leave cookies."""

    async def called(scope: Scope, receive: Receive, send: Send) -> None:
        keep_language(scope)
        state = scope["state"]

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableScopeHeaders.from_message(message)
                for cookie in state.get(_LEFT, {}).values():
                    headers.add("Set-Cookie", cookie.to_header(header=""))
            await send(message)

        await app(scope, receive, sent)

    return called
