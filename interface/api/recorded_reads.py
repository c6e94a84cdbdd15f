"""Reads of auditors and regulators are recorded before they are answered, by a guard.

The guard stands before every route. A route says what is read there, or by name why it
is not recorded; one that says nothing is recorded as "other".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler
from msgspec import Struct

from application.access.access_log import AccessLog, Entry
from application.access.grants import Grant, Grants
from domain.access_events import CaseViewed
from domain.roles import Role
from interface.api.grant_words import described
from interface.api.problems import Failure
from interface.bootstrap import System
from interface.callers.caller import Caller

WATCHED = frozenset({Role.AUDITOR, Role.REGULATOR})
"""Section 2: they read everything, and each read is recorded itself."""

MOST_PATH = 2_000
"""Characters of path and query that an entry keeps: an event has to stay small."""

PURPOSE_FORM = re.compile(r"(?=.*\S)[^\x00-\x1f\x7f]{1,200}")

SAID = "said_purpose"
"""Where pages leave what stands in for the header: why somebody reads in a session."""


class Read(StrEnum):
    """Everything that an entry of the access log can say was read."""

    ACCESS_LOG = "access-log"
    ATTACHMENT = "attachment"
    BUNDLE = "bundle"
    CASE = "case"
    CASES = "cases"
    DEADLINES = "deadlines"
    DIFFERENCE = "difference"
    ERASURES = "erasures"
    EVENTS = "events"
    EVIDENCE = "evidence"
    GRANTS = "grants"
    HISTORY = "history"
    LOG_ENTRIES = "log-entries"
    PROOF = "proof"
    REPLAY = "replay"
    REPORT = "report"
    SEARCH = "search"
    STANDING = "standing"
    COMMAND = "command"
    OTHER = "other"


def read_of(what: Read, by: Collection[Role] | None = None) -> dict[str, Any]:
    """Return a route's options: what is read there, and which roles alone may."""
    return {"what": what, "roles": None if by is None else frozenset(by)}


def only_by(*roles: Role) -> dict[str, Any]:
    """Return a route's options: which roles alone may use it."""
    return {"roles": frozenset(roles)}


def unrecorded(reason: str) -> dict[str, Any]:
    """Return a route's options: why what auditors read there is not recorded."""
    return {"unrecorded": reason}


def public(reason: str, *, may_ask: bool = False) -> dict[str, Any]:
    """Return a route's options: why everyone may use it, without a token.

    `may_ask`: a token that is sent is checked, and its caller may be told more.
    """
    return {"public": reason, "unrecorded": reason, "may_ask": may_ask}


class View(Struct, frozen=True, kw_only=True):
    """A request to read: `case` if about one case, `platform` whose cases."""

    method: str
    path: str
    query: str
    platform: str | None
    case: UUID | None = None
    read: Read = Read.OTHER

    @property
    def is_command(self) -> bool:
        """Tell whether the request is a command, which shows the case incidentally."""
        return self.method != "GET"

    @property
    def what(self) -> Read:
        """Name what is read."""
        return Read.COMMAND if self.is_command else self.read

    @property
    def range(self) -> str:
        """Return path and query as they were requested."""
        asked = f"{self.path}?{self.query}" if self.query else self.path
        return asked[:MOST_PATH]


async def record_reads(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Record what an auditor, a regulator or, of the access log, a supervisor reads.

    Raises Failure without a purpose, or without a grant where that is required.
    """
    caller: Caller | None = connection.scope["state"].get("caller")
    if caller is None or "unrecorded" in handler.opt:
        return
    # A supervisor gives the grants, so their reading of the access log is watched.
    watched = WATCHED | handler.opt.get("watched", frozenset())
    # In a thread: it writes to the database.
    if caller.role in watched:
        what = handler.opt.get("what", Read.OTHER)
        await sync_to_thread(_record, connection, caller, what)


def _record(
    connection: ASGIConnection[Any, Any, Any, Any], caller: Caller, what: Read
) -> None:
    system: System = connection.app.state.system
    case: UUID | None = connection.path_params.get("dispute_id")
    method = connection.scope["method"]  # type: ignore[typeddict-item]
    # Who sees all platforms may ask about one; the entry then concerns that one.
    platform = caller.platform
    if platform is None:
        platform = connection.query_params.get("platform") or None
    if case is not None:
        # The handler takes it from here, so that a request reads its case once.
        found = connection.state["case"] = system.find_case(case)
        if not found.events or caller.platform not in {None, found.dispute.platform}:
            # There is nothing to see; the handler says so. An entry, or a refusal for
            # want of a grant, would say that the case exists.
            return
        platform = found.dispute.platform
    view = View(
        method=method,
        path=connection.url.path,
        query=connection.state.get("sent_query", connection.url.query),
        platform=platform,
        case=case,
        read=what,
    )
    # What browsers send as "Purpose" of their own is none: a page asks for it.
    headers = connection.scope["state"].get(SAID, connection.headers)
    if caller.role in WATCHED:
        entry = record_view(system, caller, headers, view)
    else:
        entry = _record_oversight(system, caller, headers, view)
    connection.scope["state"]["access_entry"] = entry


def record_view(
    system: System, caller: Caller, headers: Mapping[str, str], view: View
) -> Entry:
    """Record that this is read. Raises Failure: no purpose, or no grant that holds."""
    purpose = _purpose(headers, otherwise=Read.COMMAND if view.is_command else None)
    now = system.clock()
    grant = _grant_for(system, caller, view, now)
    # A command takes no grant: otherwise a person who gives grants could prevent a
    # regulator's legal hold (decision 32).
    if grant is None and system.settings.audit_grants and not view.is_command:
        raise Failure("no-grant", grant=_nearest_grant(system, caller, view, now))
    viewed = CaseViewed(
        what=view.what,
        path=view.range,
        purpose=purpose,
        case=view.case,
        grant=grant.grant_id if grant else None,
    )
    log = AccessLog(system.database)
    return log.record(caller.actor(), view.platform, viewed, now)


def is_shown(system: System, caller: Caller, view: View) -> bool:
    """Tell whether the caller may read the case that they act on."""
    if caller.role not in WATCHED or not system.settings.audit_grants:
        return True
    return _grant_for(system, caller, view, system.clock()) is not None


def _record_oversight(
    system: System, caller: Caller, headers: Mapping[str, str], view: View
) -> Entry:
    """Record that a supervisor reads the access log, for the purpose given, if any."""
    purpose = _purpose(headers, otherwise="oversight")
    viewed = CaseViewed(what=view.what, path=view.range, purpose=purpose)
    log = AccessLog(system.database)
    return log.record(caller.actor(), view.platform, viewed, system.clock())


def _purpose(headers: Mapping[str, str], *, otherwise: str | None) -> str:
    """Return why it is read, or `otherwise`. Raises Failure if neither is said."""
    given = headers.get("purpose", "")
    if not given and otherwise is not None:
        return otherwise
    try:
        # Headers come as Latin-1, but what is sent is UTF-8, or percent-encoded.
        given = given.encode("latin-1").decode()
    except UnicodeError:
        raise Failure("purpose-missing") from None
    purpose = unquote(given).strip()
    if not PURPOSE_FORM.fullmatch(purpose):
        raise Failure("purpose-missing")
    return purpose


def _grant_for(
    system: System, caller: Caller, view: View, now: datetime
) -> Grant | None:
    """Return the grant under which this may be read, if reading takes one."""
    if not system.settings.audit_grants:
        return None
    if view.platform is None:
        # A grant is of one platform, and this is of all.
        return None
    grants = Grants(system.database).of(caller.subject, caller.role, view.platform)
    return next((g for g in grants if g.holds(now) and g.covers(view.case)), None)


def _nearest_grant(system: System, caller: Caller, view: View, now: datetime) -> str:
    """Name the grant that comes closest, and why it is not enough; "-" for none."""
    grants = Grants(system.database).of(caller.subject, caller.role, view.platform)
    # One that covers the case fails by its time alone, which is nearer.
    covering = [one for one in grants if one.covers(view.case)]
    return next(
        (described(one, now, view.platform, view.case) for one in covering or grants),
        "-",
    )
