"""Who asked for erasures and approved them, and their end: histories of their own."""

from __future__ import annotations

from uuid import UUID

from domain.case.event import Event
from domain.roles import Party


class ErasureRequested(Event, frozen=True, kw_only=True, tag="erasure-requested"):
    """Somebody asks that a party of a platform, `subject`, be erased everywhere.

    `subject` and `requested_by` are pseudonyms, or "case:<id>" for the party of an
    imported case whose source does not name it. `basis`: the law or request.
    """

    erasure: UUID
    platform: str
    party: Party
    subject: str
    basis: str
    requested_by: str


class ErasureApproved(Event, frozen=True, kw_only=True, tag="erasure-approved"):
    """A second person approves what was asked for."""

    erasure: UUID
    approved_by: str


class ErasureFinal(Event, frozen=True, kw_only=True, tag="erasure-final"):
    """Nothing in the installation opens what was erased: not the data keys `keys`.

    `buckets` names the bucket keys that were made then, in the place of those that had
    wrapped them: bucket and generation, such as "17.3".
    """

    erasure: UUID
    keys: tuple[UUID, ...]
    buckets: tuple[str, ...]
