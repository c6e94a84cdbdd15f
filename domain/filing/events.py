"""Filing and withdrawal (4.1): what can happen."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from domain.case.event import Event
from domain.deadlines.deadline import Deadline
from domain.filing.order_snapshot import OrderSnapshot
from domain.identifiers import Identifier
from domain.money import Money
from domain.personal import Personal
from domain.terms import Terms


class Filed(Event, frozen=True, kw_only=True, tag="filed"):
    """A buyer's complaint reached the platform (4.1).

    `number` counts the cases on one issue of one order line; `reopens` is the case
    before this one, and `new_facts` says why the issue is filed again.
    """

    platform: str
    channel: str
    category: str
    reason: str
    policy: str | None = None
    number: int = 1
    buyer: Identifier[str] | None = None
    seller: Identifier[str] | None = None
    order: Identifier[str] | None = None
    line: Identifier[str] | None = None
    paid: Money | None = None
    received_at: datetime | None = None
    promised_at: datetime | None = None
    stated: str | None = None
    claim: Terms | None = None
    facts: Personal[str] | None = None
    contact: Personal[str] | None = None
    evidence_note: Personal[str] | None = None
    reopens: UUID | None = None
    new_facts: Personal[str] | None = None
    deadlines: tuple[Deadline, ...] = ()
    snapshot: OrderSnapshot | None = None


class Withdrawn(Event, frozen=True, kw_only=True, tag="withdrawn"):
    """The buyer gave the case up; `deemed`: by silence, as the policy says."""

    reason: Personal[str] | None = None
    deemed: bool = False


FilingEvent: TypeAlias = Filed | Withdrawn
