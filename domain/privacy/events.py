"""Personal data: legal holds, restricted processing, and erasure.

What these events say has to outlive the data, so it is not sealed: a `basis` cites a
law, an order or a request by its number, and names nobody.
"""

from __future__ import annotations

from typing import TypeAlias
from uuid import UUID

from domain.case.event import Event
from domain.identifiers import Identifier
from domain.roles import Party, Role


class LegalHoldPlaced(Event, frozen=True, kw_only=True, tag="legal-hold-placed"):
    """Nothing of the case may be erased until the hold is lifted."""

    number: int
    by: Role
    basis: str


class LegalHoldLifted(Event, frozen=True, kw_only=True, tag="legal-hold-lifted"):
    """A hold ended."""

    number: int
    by: Role
    basis: str


class Restricted(Event, frozen=True, kw_only=True, tag="restricted"):
    """A party's personal data is only kept: no longer shown to staff."""

    party: Party
    basis: str


class RestrictionLifted(Event, frozen=True, kw_only=True, tag="restriction-lifted"):
    """A party's personal data may be worked with again."""

    party: Party
    basis: str


class SubjectErased(Event, frozen=True, kw_only=True, tag="subject-erased"):
    """A party's personal data in this case is gone: its keys are destroyed.

    `subject` is the party's pseudonym; None where an imported source named nobody.
    `erasure` is one over all of the subject's cases, of which this is `number` out of
    `cases`. The actor asked for it, and `approver` is the second person.
    """

    erasure: UUID
    party: Party
    subject: Identifier[str] | None = None
    basis: str
    approver: Identifier[str]
    number: int
    cases: int


PrivacyEvent: TypeAlias = (
    LegalHoldPlaced | LegalHoldLifted | Restricted | RestrictionLifted | SubjectErased
)
