"""Filters of the queue that somebody keeps under a name, in a cookie of their browser.

Each person has a cookie of their own, which outlasts their sessions: who signs in at
the same browser sees nothing of the others'. A search may name a person: it is sealed.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
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

KEPT = Terms("kept filters", frozenset({"q"}))
MOST = 20
MOST_NAME = 20
MOST_CHARACTERS = 3_800
"""Of all filters together: no browser keeps a cookie of more than 4,096."""

YEAR_SECONDS = 31_536_000


class SavedFilter(Struct, frozen=True, kw_only=True):
    """A filter and its name."""

    name: str
    asked: QueueFilters


def saved_filters(request: Request[Any, Any, Any]) -> tuple[SavedFilter, ...]:
    """Return the filters that this browser keeps."""
    system: System = request.app.state.system
    use = use_of(request)
    value = request.cookies.get(cookie_name(system, use))
    text = unsealed_text(use, value, system.keys.master.digest)
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


def use_of(request: Request[Any, Any, Any]) -> str:
    """Return what the cookie of a person is called, by which nobody knows them."""
    sealer = sealer_of(request)
    said = f"filters of {sealer.reader}".encode()
    return f"filters-{hmac.digest(sealer.digest, said, sha256).hex()[:8]}"


def leave_filters(
    request: Request[Any, Any, Any], kept: tuple[SavedFilter, ...]
) -> bool:
    """Keep these filters for their reader in this browser, and no others.

    Return False, and change nothing, if they are more than a browser keeps.
    """
    system: System = request.app.state.system
    sealer = sealer_of(request)
    sealed = tuple(
        replace(one, asked=replace(one.asked, q=sealer.token(KEPT, {"q": one.asked.q})))
        if one.asked.q
        else one
        for one in kept
    )
    text = msgspec.json.encode(sealed).decode()
    use = use_of(request)
    value = sealed_text(use, text, system.keys.master.digest) if kept else ""
    if len(kept) > MOST or len(value) > MOST_CHARACTERS:
        return False
    leave(request, use, value, seconds=YEAR_SECONDS)
    return True
