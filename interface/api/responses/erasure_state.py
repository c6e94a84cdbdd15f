"""How far an erasure is, as supervisors, auditors and regulators are shown it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from application.privacy.erasure_requests import ErasureRequest
from interface.api.cursors import Page


class ErasureShown(Struct, frozen=True, kw_only=True):
    """An erasure: "requested", "approved", "done" or "refused"; times are UTC.

    `final_at`: since when nothing in the installation opens what was erased. An earlier
    version has not stored it.
    """

    id: UUID
    state: str
    platform: str
    subject: str
    role: str
    basis: str
    requested_by: str
    requested_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    refused_for: str | None
    recorded_at: datetime | None
    cases: int | None
    files: int | None
    done_at: datetime | None
    final_at: datetime | None


class ErasuresPage(Page[ErasureShown], frozen=True, kw_only=True):
    """One page of erasures."""


def erasure_shown(erasure: ErasureRequest) -> ErasureShown:
    """Return an erasure as it is shown."""
    return ErasureShown(
        id=erasure.erasure_id,
        state=erasure.state,
        platform=erasure.platform,
        subject=erasure.subject,
        role=erasure.party,
        basis=erasure.basis,
        requested_by=erasure.requested_by,
        requested_at=erasure.requested_at,
        approved_by=erasure.approved_by,
        approved_at=erasure.approved_at,
        refused_for=erasure.refused_for,
        recorded_at=erasure.recorded_at,
        cases=None if erasure.case_ids is None else len(erasure.case_ids),
        files=erasure.files,
        done_at=erasure.done_at,
        final_at=erasure.final_at,
    )
