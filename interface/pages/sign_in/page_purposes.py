"""Why somebody reads the record: asked once for its lists, and once for each case.

The API takes it from a header with every request. A browser sends none, so that a
session keeps what its reader has said, in a cookie that is sealed and bound to the
session, and each read is entered into the access log with it.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote
from uuid import UUID

import msgspec
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler
from msgspec import Struct

from interface.api.recorded_reads import SAID, WATCHED
from interface.bootstrap import System
from interface.pages.sign_in.page_cookies import cookie_name, leave
from interface.pages.sign_in.page_session import PageSession, sealed_text, unsealed_text

COOKIE = "purposes"
LISTS = "lists"
"""What is read that is no single case: searches, samples, the access log."""

MOST_BYTES = 2_600
"""Of what is kept: browsers drop a cookie of more than four kilobytes."""

_CASE = re.compile(r"/record/cases/([^/?#]+)")


class PurposeNeeded(Exception):
    """Somebody whose reads are recorded has not said yet why they read this."""


class Purposes(Struct, frozen=True):
    """What a session has said: each purpose with what it was said of, the last last."""

    session: str = ""
    said: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def of(self, what: str) -> str:
        """Return why `what` is read; "" if nobody has said."""
        return next((why for why, of in self.said if what in of), "")

    @property
    def last(self) -> str:
        """Return the purpose that was said last; "" if there is none."""
        return self.said[-1][0] if self.said else ""

    def with_purpose(self, what: str, why: str) -> Purposes:
        """Return what is kept once this is said too; what is too much is forgotten."""
        kept: dict[str, tuple[str, ...]] = {}
        for purpose, of in self.said:
            rest = tuple(one for one in of if one != what)
            if rest and purpose != why:
                kept[purpose] = rest
        same = next((of for purpose, of in self.said if purpose == why), ())
        kept[why] = (*(one for one in same if one != what), what)
        made = Purposes(self.session, tuple(kept.items()))
        while len(msgspec.json.encode(made)) > MOST_BYTES:
            made = made.without_first()
        return made

    def without_first(self) -> Purposes:
        """Return this without what was said first; it is asked for again then."""
        (why, of), *others = self.said
        first = ((why, of[1:]),) if of[1:] else ()
        return Purposes(self.session, (*first, *others))


def what_is_read(path: str) -> str:
    """Return the case that an address is about, or `LISTS`; ids are written alike."""
    found = _CASE.match(path)
    try:
        return str(UUID(found[1])) if found else LISTS
    except ValueError:
        return LISTS


def purposes_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Purposes:
    """Return what the session of a request has said so far."""
    system: System = connection.app.state.system
    session: PageSession | None = connection.scope["state"].get("page_session")
    if session is None:
        return Purposes()
    value = connection.cookies.get(cookie_name(system, COOKIE))
    text = unsealed_text(COOKIE, value, system.keys.master.digest)
    found = None if text is None else msgspec.json.decode(text, type=Purposes)
    # Of another session, it was another person who said it, or another day.
    own = found is not None and found.session == session.id
    return found if found is not None and own else Purposes(session.id)


def leave_purpose(
    connection: ASGIConnection[Any, Any, Any, Any], what: str, why: str
) -> None:
    """Keep a purpose for the rest of the session."""
    system: System = connection.app.state.system
    made = purposes_of(connection).with_purpose(what, why)
    text = msgspec.json.encode(made).decode()
    leave(connection, COOKIE, sealed_text(COOKIE, text, system.keys.master.digest))


def header_of(why: str) -> dict[str, str]:
    """Return a purpose as the header in which the API takes it."""
    return {"purpose": quote(why)} if why else {}


async def say_purpose(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Put what the session has said in the place of the API's header.

    Raises PurposeNeeded where the API would refuse to answer without it.
    """
    caller = connection.scope["state"].get("caller")
    why = ""
    if caller is not None and caller.role in WATCHED:
        case = connection.path_params.get("dispute_id")
        why = purposes_of(connection).of(LISTS if case is None else str(case))
        reads = connection.scope["method"] == "GET"  # type: ignore[typeddict-item]
        if reads and not why and "unrecorded" not in handler.opt:
            raise PurposeNeeded
    connection.scope["state"][SAID] = header_of(why)
