"""Makes the answer of a page: its HTML, and the headers that every page has."""

from __future__ import annotations

from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from litestar import Request, Response

from application.texts import LANGUAGES
from domain.case.lifecycle import PARTIES
from domain.roles import STAFF, Role
from interface.api.health_readers import is_operator, may_read_health
from interface.api.routes.replay import AUDITORS
from interface.bootstrap import System
from interface.pages.form_tokens import token_of
from interface.pages.page_environment import rendered
from interface.pages.page_language import OTHER, address_in, language_of
from interface.pages.page_times import LOCALES
from interface.pages.sign_in.page_session import PageSession

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:;"
    " media-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none';"
    " base-uri 'none'"
)
"""Nothing inline, and nothing from another host."""

EVERY_ROLE = frozenset(Role)
NAV = (
    ("desk", "/desk", STAFF),
    ("cases", "/cases", PARTIES),
    ("record", "/record", AUDITORS),
    ("analysis", "/analysis", frozenset({Role.ANALYST})),
    ("service", "/service", frozenset({Role.PLATFORM})),
    ("figures", "/figures", EVERY_ROLE),
    ("sanctions", "/sanctions", EVERY_ROLE),
    ("rules", "/rules", EVERY_ROLE),
    # A phone is narrow, and parties have them in the start page.
    ("log", "/log", EVERY_ROLE - PARTIES),
    ("verify", "/verify", EVERY_ROLE - PARTIES),
)
"""The pages that the head of every page leads to: their names in the texts, addresses,
and the roles to which they are shown."""


NO_STORE = "no-store"
BY_LANGUAGE = "Accept-Encoding, Accept-Language, Cookie"


def page(
    request: Request[Any, Any, Any],
    template: str,
    *,
    status: int = 200,
    cached: bool = False,
    here: str | None = None,
    headers: dict[str, str] | None = None,
    allows: str = POLICY,
    **values: Any,
) -> Response[str]:
    """Return a page in the language of the request.

    `cached`: it is the same for everybody, so that it may be kept, and tells of no
    session; its handler says for how long. `here`: the path of the page where it is not
    that of the request, such as after a form that was refused. `allows`: the policy of
    what the page may load and send. Raises ValueError for a value that has the name of
    one that every page has.
    """
    language = language_of(request)
    session: PageSession | None = (
        None if cached else request.scope["state"].get("page_session")
    )
    query = request.url.query if request.method == "GET" else ""
    path = here or request.url.path
    of_every_page = {
        "session": session,
        "form_token": partial(token_of, request),
        "other": OTHER[language],
        "address": {one: address_in(one, path, query) for one in LANGUAGES},
        "system_is_sandbox": _system(request).settings.is_development,
        "path": path,
        "printed_from": (_system(request).settings.pages.url or "")
        + (f"{path}?{query}" if query and not path.startswith(TYPED) else path),
        "printed_as_of": _as_of(_system(request), language, is_day=cached),
        "nav": (*_nav(session), *_further(session, _system(request))),
        "status": status,
    }
    if taken := values.keys() & of_every_page.keys():
        raise ValueError(f"every page has its own {', '.join(sorted(taken))}")
    answered = {
        "Content-Security-Policy": allows,
        "Content-Language": LANGUAGES[language],
        "Vary": BY_LANGUAGE,
        **({} if cached else {"Cache-Control": NO_STORE}),
        **(headers or {}),
    }
    html = rendered(template, language, values | of_every_page)
    return Response(html, status_code=status, media_type="text/html", headers=answered)


TYPED = ("/cases", "/desk")
"""Below these a query may hold what somebody has typed of a case."""


def _as_of(system: System, language: str, *, is_day: bool) -> str:
    """Return the moment that a printed page says; the day of one that may be kept."""
    now = system.clock().astimezone(ZoneInfo(system.zone))
    day = str(format_date(now, "long", locale=LOCALES[language]))
    return day if is_day else f"{day} {now:%H:%M} (UTC{now:%z})"


def _nav(session: PageSession | None) -> list[tuple[str, str]]:
    """Return where the head of a page leads; strangers to what anybody may read."""
    if session is None:
        return [(name, at) for name, at, roles in NAV if roles >= EVERY_ROLE - PARTIES]
    return [(name, at) for name, at, roles in NAV if session.role in roles]


def _further(
    session: PageSession | None, system: System
) -> tuple[tuple[str, str], ...]:
    """Return the pages that only some readers have."""
    caller = None if session is None else session.caller
    reads = may_read_health(caller) or is_operator(caller, system.settings)
    return (("operator", "/operator"),) if reads else ()


def _system(request: Request[Any, Any, Any]) -> System:
    system: System = request.app.state.system
    return system
