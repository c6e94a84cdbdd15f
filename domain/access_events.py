"""Who read what, who may, and what views leave out: a log apart from the cases."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from domain.case.event import Event
from domain.roles import Role


class CaseViewed(Event, frozen=True, kw_only=True, tag="case-viewed"):
    """Content of cases was read: `what`, under which `path`, for what `purpose`.

    `case` is set if it was one case, `grant` if reading took one.
    """

    what: str
    path: str
    purpose: str
    case: UUID | None = None
    grant: UUID | None = None


class AccessGranted(Event, frozen=True, kw_only=True, tag="access-granted"):
    """A reader may read all cases of a platform, or only `cases`, for a time."""

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


class PositionSkipped(Event, frozen=True, kw_only=True, tag="position-skipped"):
    """A view passes over an event of the record, because two people said so."""

    view: str
    position: int
    reason: str
    proposed_by: str
    approved_by: str


class ViewRetried(Event, frozen=True, kw_only=True, tag="view-retried"):
    """A view that could not go on got another chance, or a case that it set aside.

    `position`: of the event that was in the way; `reason`: why it may pass now.
    """

    view: str
    position: int
    reason: str
    case: UUID | None = None


class AccessSealed(Event, frozen=True, kw_only=True, tag="access-sealed"):
    """The access log had `entries` entries, and `hash` was the hash of the last one."""

    entries: int
    hash: bytes


AccessEvent: TypeAlias = (
    CaseViewed | AccessGranted | AccessRevoked | PositionSkipped | ViewRetried
)
