"""Records what auditors and regulators read, before it is answered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import unquote
from uuid import UUID

from msgspec import Struct

from application.access.access_log import AccessLog
from application.access.grants import Grant, Grants
from domain.access_events import CaseViewed
from domain.roles import Role
from interface.api.problems import Failure
from interface.bootstrap import System
from interface.callers import Caller

WATCHED = frozenset({Role.AUDITOR, Role.REGULATOR})
MOST_PATH = 2_000
_PURPOSE = re.compile(r"(?=.*\S)[^\x00-\x1f\x7f]{1,200}")
_WHAT = (
    (r"/v1/disputes/[^/]+/evidence/\d+", "evidence"),
    (r"/v1/disputes/[^/]+/messages/\d+/attachment", "attachment"),
    (r"/v1/disputes/[^/]+/deadlines", "deadlines"),
    (r"/v1/disputes/[^/]+", "case"),
    (r"/v1/disputes", "cases"),
    (r"/v1/audit/disputes/[^/]+", "history"),
    (r"/v1/audit/disputes/[^/]+/bundle", "bundle"),
    (r"/v1/audit/disputes/[^/]+/case", "case"),
    (r"/v1/audit/disputes/[^/]+/difference", "difference"),
    (r"/v1/audit/disputes/[^/]+/proof(/.*)?", "proof"),
    (r"/v1/audit/disputes/[^/]+/replay", "replay"),
    (r"/v1/audit/search", "search"),
    (r"/v1/audit/access-log", "access-log"),
    (r"/v1/transparency/reports/[^/]+", "report"),
    (r"/v1/sellers/[^/]+/standing", "standing"),
    (r"/v1/log/tile/entries/.+", "log-entries"),
    (r"/v1/erasures(/[^/]+)?", "erasures"),
    (r"/v1/audit/grants", "grants"),
)
"""Which path reads what; what is not here is called "other", and recorded too."""

COMMAND, OTHER = "command", "other"
WHAT = (*sorted({name for _, name in _WHAT}), COMMAND, OTHER)
"""Everything that an entry can say was read."""


class View(Struct, frozen=True, kw_only=True):
    """A request to read: `case` where it is one case, `platform` whose cases."""

    method: str
    path: str
    query: str
    platform: str | None
    case: UUID | None = None

    @property
    def is_command(self) -> bool:
        """Tell whether it is a command, which shows the case only beside."""
        return self.method != "GET"

    @property
    def what(self) -> str:
        """Name what is read."""
        if self.is_command:
            return COMMAND
        for pattern, name in _WHAT:
            if re.fullmatch(pattern, self.path):
                return name
        return OTHER

    @property
    def range(self) -> str:
        """Return path and query as they were asked for."""
        asked = f"{self.path}?{self.query}" if self.query else self.path
        return asked[:MOST_PATH]


def record_view(
    system: System, caller: Caller, headers: Mapping[str, str], view: View
) -> None:
    """Record that this is read. Raises Failure: no purpose, or no grant that holds.

    A command takes no grant: whoever grants could keep a regulator's hold away.
    """
    purpose = _purpose(headers, otherwise=COMMAND if view.is_command else None)
    now = system.clock()
    grant = _held(system, caller, view, now)
    if grant is None and system.settings.audit_grants and not view.is_command:
        raise Failure("no-grant", grant=_nearest(system, caller, view, now))
    viewed = CaseViewed(
        what=view.what,
        path=view.range,
        purpose=purpose,
        case=view.case,
        grant=grant.grant_id if grant else None,
    )
    AccessLog(system.database).record(caller.actor(), view.platform, viewed, now)


def is_shown(system: System, caller: Caller, view: View) -> bool:
    """Tell whether the caller may read what it acts on."""
    if caller.role not in WATCHED or not system.settings.audit_grants:
        return True
    return _held(system, caller, view, system.clock()) is not None


def record_oversight(
    system: System, caller: Caller, headers: Mapping[str, str], view: View
) -> None:
    """Record that a supervisor reads the access log itself, for what is said, if."""
    purpose = _purpose(headers, otherwise="oversight")
    viewed = CaseViewed(what=view.what, path=view.range, purpose=purpose)
    log = AccessLog(system.database)
    log.record(caller.actor(), view.platform, viewed, system.clock())


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
    if not _PURPOSE.fullmatch(purpose):
        raise Failure("purpose-missing")
    return purpose


def _held(system: System, caller: Caller, view: View, now: datetime) -> Grant | None:
    """Return the grant by which this may be read, where reading takes one."""
    if not system.settings.audit_grants:
        return None
    if view.platform is None:
        # A grant is of one platform, and this is of all.
        return None
    grants = Grants(system.database).of(caller.subject, caller.role, view.platform)
    return next((g for g in grants if g.holds(now) and g.covers(view.case)), None)


def _nearest(system: System, caller: Caller, view: View, now: datetime) -> str:
    """Name the grant that comes closest, and why it does not do; "-" if none does."""
    grants = Grants(system.database).of(caller.subject, caller.role, view.platform)
    covering = [one for one in grants if one.covers(view.case)]
    return next((_named(one, view, now) for one in covering or grants), "-")


def _named(grant: Grant, view: View, now: datetime) -> str:
    if grant.revoked_at is not None:
        state = f"revoked {grant.revoked_at:%Y-%m-%dT%H:%MZ}"
    elif grant.ends <= now:
        state = f"expired {grant.ends:%Y-%m-%dT%H:%MZ}"
    elif grant.begins > now:
        state = f"begins {grant.begins:%Y-%m-%dT%H:%MZ}"
    elif view.platform is None:
        state = f"for the platform {grant.platform}: ask with a token of it"
    else:
        state = "for other cases" if view.case else "for single cases only"
    return f"{grant.grant_id} ({state})"
