"""Who read what, and who may: events of a log of their own, beside the cases."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from domain.case.event import Event
from domain.roles import Role


class CaseViewed(Event, frozen=True, kw_only=True, tag="case-viewed"):
    """Content of cases was asked for: `what` by which `path`, and for what `purpose`.

    `case` where it was one case; `grant` where reading takes one.
    """

    what: str
    path: str
    purpose: str
    case: UUID | None = None
    grant: UUID | None = None


class AccessGranted(Event, frozen=True, kw_only=True, tag="access-granted"):
    """Somebody may read the cases of a platform, or these of them, for a time."""

    grant: UUID
    reader: str
    role: Role
    begins: datetime
    ends: datetime
    purpose: str
    cases: tuple[UUID, ...] = ()


class AccessRevoked(Event, frozen=True, kw_only=True, tag="access-revoked"):
    """A grant ended before its time."""

    grant: UUID


class AccessSealed(Event, frozen=True, kw_only=True, tag="access-sealed"):
    """So many entries the access log had, and this was the hash of the last one."""

    entries: int
    hash: bytes


AccessEvent: TypeAlias = CaseViewed | AccessGranted | AccessRevoked
