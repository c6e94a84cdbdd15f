"""Read your own writes: a request waits, bounded, until a view holds a version.

It waits on the event loop. One look at the database, in a thread of its own, answers
all requests that wait, so that many of them cost no more than one.
"""

from __future__ import annotations

import asyncio
import time
from contextvars import copy_context
from typing import Annotated, Any
from uuid import UUID

from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler
from litestar.params import QueryParameter

from application.record.database import Database
from application.record.row_scope import Beyond, beyond
from domain.roles import Role
from interface.api.bulkheads import WORK, Occupancy, Work, caller_key
from interface.api.preferences import preferred_wait
from interface.api.problems import Failure, malformed
from interface.bootstrap import System
from interface.callers.caller import Caller
from projections.following.versions_in_views import VersionInView, held
from projections.read_model import View

PATIENCE_SECONDS = 5.0
"""A view is rarely more than a second behind; a client should not wait much longer, but
may say so by `Prefer: wait`."""

LOOK_SECONDS = 0.2
"""Time for one look at the view, for a client that would not wait at all."""

PAUSE_SECONDS = 0.01
LONGEST_PAUSE_SECONDS = 0.1
"""Looks come less often for those who have waited for long: a tenth of that time."""

_NO_CASE = UUID(int=0)

_MOST_DIGITS = 9
"""More than a case will ever have, and less than a column can hold."""


After = Annotated[
    str | None,
    QueryParameter(
        pattern=r"^[0-9a-fA-F-]{32,36}:[0-9]{1,9}$",
        description="Waits, bounded, until the list holds this version of a case.",
    ),
]
"""The parameter `after`: `<case>:<version>`."""


def waits_for(view: View[Any], *, shown: bool = True) -> dict[str, Any]:
    """Return a route's options: the view that `after` or `min_version` waits for.

    `shown`: whether the answer comes from the view, and not from the record.
    """
    return {"view": view.name, "shown": view.name if shown else None}


def shows(view: View[Any]) -> dict[str, Any]:
    """Return a route's options: the view that it answers from, and never waits for."""
    return {"shown": view.name}


async def wait_for_view(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Wait until the route's view holds the version that the request names.

    Raises Failure: malformed, or lagging (503, with Retry-After) after five seconds, or
    after those that the client prefers. Raises ViewUnusable if the view that it shows
    is not there, or of another form.
    """
    if (shown := handler.opt.get("shown")) is not None:
        state = connection.app.state
        await state.present_views.check(state.system.database, shown)
    view: str | None = handler.opt.get("view")
    wanted = None if view is None else _wanted(connection, view)
    if wanted is None:
        return
    system: System = connection.app.state.system
    occupancy: Occupancy = connection.app.state.occupancy
    give_back = occupancy.take(Work.WAIT, caller_key(connection))
    until = time.monotonic() + _patience(connection)
    try:
        looks: Looks = connection.app.state.looks
        version = await sync_to_thread(_known_version, system, connection, wanted.case)
        of_one_case = "min_version" in connection.query_params
        if of_one_case and (version is None or version >= wanted.version):
            # The record is read there, which is never behind; or nothing is found.
            return
        if version is None:
            # It is waited for like a case that is not there: how long the answer takes
            # must not tell the two apart.
            wanted = VersionInView(wanted.view, _NO_CASE, wanted.version)
        await looks.until_held(system.database, wanted, until)
    except TimeoutError:
        raise Failure("lagging", headers={"Retry-After": "1"}) from None
    finally:
        give_back()


class Looks:
    """Looks, again and again, whether views hold what requests wait for."""

    def __init__(self) -> None:
        self._waiting: dict[asyncio.Future[None], VersionInView] = {}
        self._last_came = 0.0
        self._looking: asyncio.Task[None] | None = None
        self._has_ended = False

    @property
    def waiting(self) -> int:
        """Return how many requests wait."""
        return len(self._waiting)

    def end(self) -> None:
        """Let nobody wait any more: the process ends."""
        self._has_ended = True
        for future in self._waiting:
            if not future.done():
                future.set_exception(TimeoutError())

    async def until_held(
        self, database: Database, wanted: VersionInView, until: float
    ) -> None:
        """Return once a view holds a version.

        Raises TimeoutError at `until`, or when the process ends.
        """
        if self._has_ended:
            raise TimeoutError
        held_by_then: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[held_by_then] = wanted
        self._last_came = time.monotonic()
        try:
            if self._looking is None or self._looking.done():
                context = copy_context()
                context.run(WORK.set, Work.WAIT)
                self._looking = asyncio.create_task(
                    self._look(database), context=context
                )
            async with asyncio.timeout_at(
                asyncio.get_running_loop().time() + until - time.monotonic()
            ):
                await held_by_then
        finally:
            del self._waiting[held_by_then]

    async def _look(self, database: Database) -> None:
        """Look while anybody waits; an error is everybody's."""
        while self._waiting:
            asked = set(self._waiting.values())
            try:
                found = await sync_to_thread(_held, database, asked)
            except Exception as error:  # noqa: BLE001 - each request raises it
                for future in self._waiting:
                    if not future.done():
                        future.set_exception(error)
                return
            for future, wanted in self._waiting.items():
                if wanted in found and not future.done():
                    future.set_result(None)
            waited = time.monotonic() - self._last_came
            await asyncio.sleep(
                min(max(waited / 10, PAUSE_SECONDS), LONGEST_PAUSE_SECONDS)
            )


def _wanted(
    connection: ASGIConnection[Any, Any, Any, Any], view: str
) -> VersionInView | None:
    """Return what a request waits for. Raises Failure if it is malformed."""
    query = connection.query_params
    if "min_version" in query:
        # A number that is none is refused where parameters are read.
        version = _number(query["min_version"])
        case = connection.path_params["dispute_id"]
        return None if version is None else VersionInView(view, case, version)
    if "after" not in query:
        return None
    text, _, number = query["after"].partition(":")
    version, case = _number(number), _uuid(text)
    if version is None or case is None:
        raise malformed("after", "no-version", value=query["after"][:80])
    return VersionInView(view, case, version)


def _patience(connection: ASGIConnection[Any, Any, Any, Any]) -> float:
    """Return for how many seconds a request waits, as its client prefers."""
    preferred = preferred_wait(connection.headers)
    if preferred is None:
        return PATIENCE_SECONDS
    # The answer says that the preference was followed, also if it was in vain.
    connection.scope["state"]["waited"] = preferred
    return max(float(preferred), LOOK_SECONDS)


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _known_version(
    system: System, connection: ASGIConnection[Any, Any, Any, Any], case: UUID
) -> int | None:
    """Return a case's version; None if the caller may not know that it is there."""
    caller: Caller = connection.state["caller"]
    with beyond(Beyond.POSITIONS):
        found = system.disputes.find(case)
    # Analysts see figures of cases, and no case.
    is_counted = caller.role is Role.ANALYST and caller.platform in {
        None,
        found.dispute.platform,
    }
    if found.events and (is_counted or caller.may_see(found.dispute)):
        return found.version
    return None


def _held(database: Database, asked: set[VersionInView]) -> set[VersionInView]:
    with beyond(Beyond.POSITIONS), database.get_connection() as connection:
        return held(connection, asked)
