"""Deadlines: who is awaited, to do what, until when, by which time limit."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from domain.deadlines.time_limits import LimitName
from domain.roles import Party


class Awaited(StrEnum):
    """What somebody is waited for to do."""

    ADMISSION = "admission"
    RESPONSE = "response"
    NEGOTIATION = "negotiation"
    ESCALATION = "escalation"
    OFFER_ANSWER = "offer-answer"
    EVIDENCE = "evidence"
    RULING = "ruling"
    PERFORMANCE = "performance"
    CONFIRMATION = "confirmation"
    INQUIRY = "inquiry"
    INSPECTION = "inspection"
    VOLUNTARY = "voluntary"
    ENFORCEMENT = "enforcement"
    APPEAL = "appeal"
    APPEAL_DECISION = "appeal-decision"
    SUSPENSION = "suspension"
    SUSPENSION_PROOF = "suspension-proof"
    SUSPENSION_REVIEW = "suspension-review"
    PUBLICATION = "publication"


Key: TypeAlias = tuple[Awaited, Party, int | None]
"""What tells the deadlines of a case apart: what is awaited, of whom, which item."""


class Deadline(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A time limit that began to run, with everything that explains its end (5).

    `start` and `due` are UTC; `limit` and `length` are the policy's ("1 working day");
    `calendar` is the edition that counted; `item` numbers the offer or obligation.
    """

    awaited: Awaited
    party: Party
    start: datetime
    due: datetime
    limit: LimitName
    length: str
    calendar: str
    item: int | None = None

    @property
    def key(self) -> Key:
        """Return what tells this deadline from the others of its case."""
        return self.awaited, self.party, self.item
