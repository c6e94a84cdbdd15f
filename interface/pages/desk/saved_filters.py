"""Filters of the queue that somebody keeps under a name, in a cookie of their browser.

A search is not kept: it may name a person.
"""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request
from msgspec import Struct

from interface.bootstrap import System
from interface.pages.desk.queue_filters import QueueFilters
from interface.pages.sign_in.page_cookies import cookie_name, leave
from interface.pages.sign_in.page_session import sealed_text, unsealed_text

USE = "filters"
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
        return msgspec.json.decode(text or "[]", type=tuple[SavedFilter, ...])
    except msgspec.ValidationError:
        # Kept by a program that had other filters.
        return ()


def leave_filters(
    request: Request[Any, Any, Any], kept: tuple[SavedFilter, ...]
) -> None:
    """Keep these filters in this browser, and no others."""
    system: System = request.app.state.system
    text = msgspec.json.encode(kept).decode()
    value = sealed_text(USE, text, system.keys.master.digest) if kept else ""
    leave(request, USE, value, seconds=YEAR_SECONDS)
