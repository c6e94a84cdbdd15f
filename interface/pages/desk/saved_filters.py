"""Filters of the queue that somebody keeps under a name, in a cookie of their browser.

A search may name a person: it is sealed, and shown to whoever has kept it alone.
"""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request
from msgspec import Struct
from msgspec.structs import replace

from interface.bootstrap import System
from interface.pages.desk.queue_filters import QueueFilters
from interface.pages.sealed_terms import Terms, sealer_of
from interface.pages.sign_in.page_cookies import cookie_name, leave
from interface.pages.sign_in.page_session import sealed_text, unsealed_text

USE = "filters"
KEPT = Terms("kept filters", frozenset({"q"}))
MOST = 8
MOST_NAME = 20
YEAR_SECONDS = 31_536_000


class SavedFilter(Struct, frozen=True, kw_only=True):
    """A filter and its name."""

    name: str
    asked: QueueFilters


def saved_filters(request: Request[Any, Any, Any]) -> tuple[SavedFilter, ...]:
    """Return the filters that this browser keeps."""
    system: System = request.app.state.system
    value = request.cookies.get(cookie_name(system, USE))
    text = unsealed_text(USE, value, system.keys.master.digest)
    try:
        kept = msgspec.json.decode(text or "[]", type=tuple[SavedFilter, ...])
    except msgspec.ValidationError:
        # Kept by a program that had other filters.
        return ()
    opened = ((one, _search(request, one.asked.q)) for one in kept)
    return tuple(
        replace(one, asked=replace(one.asked, q=q))
        for one, q in opened
        if q is not None
    )


def _search(request: Request[Any, Any, Any], sealed: str) -> str | None:
    """Return a search that is kept; None for one of another reader."""
    if not sealed:
        return ""
    found = sealer_of(request).opened(KEPT, sealed)
    return None if found is None else found.get("q")


def leave_filters(
    request: Request[Any, Any, Any], kept: tuple[SavedFilter, ...]
) -> None:
    """Keep these filters in this browser, and no others."""
    system: System = request.app.state.system
    sealer = sealer_of(request)
    sealed = tuple(
        replace(one, asked=replace(one.asked, q=sealer.token(KEPT, {"q": one.asked.q})))
        if one.asked.q
        else one
        for one in kept
    )
    text = msgspec.json.encode(sealed).decode()
    value = sealed_text(USE, text, system.keys.master.digest) if kept else ""
    leave(request, USE, value, seconds=YEAR_SECONDS)
