"""Filters of the queue that somebody keeps under a name, in a cookie of their browser.

A search is not kept: it may name a person.
"""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from msgspec import Struct

from domain.case.dispute import Phase
from domain.names import BadName, visible_text
from domain.roles import Party
from interface.bootstrap import System
from interface.pages.desk.queue_filters import DESK, PATH, QueueFilters
from interface.pages.forms.sent_form import SentForm
from interface.pages.page_options import FORM
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


@post(
    f"{PATH}/filters",
    status_code=303,
    sync_to_thread=False,
    opt=DESK | FORM,
)
def keep_filter(
    request: Request[Any, Any, Any], form: NamedDependency[SentForm]
) -> Response[Any]:
    """Keep a filter under a name, or let one go; then show the queue so filtered."""
    kept, dropped = saved_filters(request), form.get("drop")
    if dropped:
        _leave(request, tuple(one for one in kept if one.name != dropped))
        return Redirect(PATH, status_code=303)
    asked = _asked(form)
    try:
        name = visible_text(form.get("name"), MOST_NAME)
    except BadName:
        return Redirect(asked.link(), status_code=303)
    others = tuple(one for one in kept if one.name != name)[-(MOST - 1) :]
    _leave(request, (*others, SavedFilter(name=name, asked=asked)))
    return Redirect(asked.link(), status_code=303)


def _asked(form: SentForm) -> QueueFilters:
    """Return the filter that a form names; what it does not know is left out."""
    phase, party = form.get("phase"), form.get("waiting_on")
    return QueueFilters(
        assignee=form.get("assignee")[:128],
        phase=Phase(phase) if phase in set(Phase) else None,
        waiting_on=Party(party) if party in set(Party) else None,
        overdue={"true": True, "false": False}.get(form.get("overdue")),
    )


def _leave(request: Request[Any, Any, Any], kept: tuple[SavedFilter, ...]) -> None:
    system: System = request.app.state.system
    text = msgspec.json.encode(kept).decode()
    value = sealed_text(USE, text, system.keys.master.digest) if kept else ""
    leave(request, USE, value, seconds=YEAR_SECONDS)
