"""The dispute as decisions see it: the few facts that future decisions depend on."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from domain.deadlines import Deadline
from domain.money import Money
from domain.notices import Notice
from domain.roles import Party
from domain.terms import Obligation, Terms


class Phase(StrEnum):
    """Where a case stands (section 4)."""

    NONE = "none"
    FILED = "filed"
    AWAITING_RESPONSE = "awaiting-response"
    UNANSWERED = "unanswered"
    NEGOTIATING = "negotiating"
    EVIDENCE = "evidence"
    RULING = "ruling"
    PERFORMING = "performing"
    CLOSED = "closed"


class Offer(Struct, frozen=True, kw_only=True):
    """An offer that can still be answered."""

    number: int
    by: Party
    terms: Terms


class Exhibit(Struct, frozen=True, kw_only=True):
    """A piece of evidence, by its number and hash."""

    number: int
    by: Party
    sha256: str


class Duty(Struct, frozen=True, kw_only=True):
    """An obligation and how far it is performed."""

    owed: Obligation
    reported: bool = False
    confirmed: bool = False


class Dispute(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The state of a case, folded from its events by `evolve`."""

    phase: Phase = Phase.NONE
    platform: str = ""
    policy: str | None = None
    buyer: str | None = None
    seller: str | None = None
    category: str = ""
    reason: str = ""
    claim: Terms | None = None
    paid: Money | None = None
    deadlines: tuple[Deadline, ...] = ()
    missed: tuple[Deadline, ...] = ()
    notices: tuple[Notice, ...] = ()
    assignee: str | None = None
    offers: tuple[Offer, ...] = ()
    offers_made: int = 0
    exhibits: tuple[Exhibit, ...] = ()
    evidence_over: tuple[Party, ...] = ()
    settled: bool = False
    granted: tuple[Terms, ...] = ()
    duties: tuple[Duty, ...] = ()
