"""The way to the issuer and back: two addresses that browsers are led to."""

from __future__ import annotations

import hmac
import logging
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.response import Redirect

from application.texts import say
from interface.bootstrap import System
from interface.callers.caller import Unauthenticated
from interface.pages.page import page
from interface.pages.page_options import public_page
from interface.pages.sign_in.oidc_client import (
    FAILURES,
    Login,
    OidcClient,
    SignInFailed,
    login,
)
from interface.pages.sign_in.page_cookies import cookie_name, leave, leave_session
from interface.pages.sign_in.page_session import begun, sealed_text, unsealed_text
from interface.pages.sign_in.sign_in_page import home_of, way_back
from interface.run.log_lines import one_word

CLIENT = OidcClient()
COOKIE = "login"

_log = logging.getLogger(__name__)


@get(
    "/sign-in/start",
    sync_to_thread=True,
    opt=public_page("it leads to where one signs in"),
)
def start_sign_in(request: Request[Any, Any, Any]) -> Response[Any]:
    """Lead to the issuer, and remember what its answer has to bring."""
    system: System = request.app.state.system
    if system.settings.pages.client is None:
        return _failed(request, "no client is set", "")
    begins = login(way_back(request.query_params.get("next")))
    try:
        address = CLIENT.address(system, begins)
    except SignInFailed as error:
        return _failed(request, str(error), "")
    text = msgspec.json.encode(begins).decode()
    leave(request, COOKIE, sealed_text("login", text, system.keys.master.digest))
    return Redirect(address, status_code=303)


@get(
    "/sign-in/callback",
    sync_to_thread=True,
    opt=public_page("the issuer leads back to it"),
)
def end_sign_in(request: Request[Any, Any, Any]) -> Response[Any]:
    """Begin a session for who comes back with a code from a sign-in begun here."""
    system: System = request.app.state.system
    begins = _begun(request, system)
    code = request.query_params.get("code", "")
    state = request.query_params.get("state", "")
    # Once: a code, and a sign-in, count for one try.
    leave(request, COOKIE, "")
    if begins is None or not hmac.compare_digest(state.encode(), begins.state.encode()):
        return _failed(request, "it is of no sign-in that has begun here", "")
    if not code:
        return _failed(request, "the issuer gave no code", "")
    try:
        caller = CLIENT.caller(system, begins, code)
    except FAILURES as error:
        return _failed(request, str(error), _said(request, error))
    leave_session(request, begun(caller))
    _log.info("signed in %s", caller.in_log)
    return Redirect(begins.back or home_of(caller.role), status_code=303)


def _begun(request: Request[Any, Any, Any], system: System) -> Login | None:
    value = request.cookies.get(cookie_name(system, COOKIE))
    text = unsealed_text("login", value, system.keys.master.digest)
    return None if text is None else msgspec.json.decode(text, type=Login)


def _said(request: Request[Any, Any, Any], error: Exception) -> str:
    """Return what somebody is told whom the issuer knows, and who has no role here."""
    if not isinstance(error, Unauthenticated):
        return ""
    language: str = request.scope["state"]["page_language"]
    return say("tokens", error.code, language, **error.filling)


def _failed(request: Request[Any, Any, Any], why: str, said: str) -> Response[Any]:
    _log.warning("sign-in refused: %s", one_word(why))
    return page(request, "sign_in_failed.html", status=403, said=said)
