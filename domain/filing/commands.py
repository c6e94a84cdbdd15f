"""Filing and withdrawal (4.1): what can be asked."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from domain.case.command import Command
from domain.filing.order_snapshot import OrderSnapshot
from domain.money import Money
from domain.terms import Terms


class OrderLine(Struct, frozen=True, kw_only=True):
    """What was bought: the order, its line, and what was paid for that line."""

    id: str
    line: str
    paid: Money
    received_at: datetime | None = None
    promised_at: datetime | None = None
    snapshot: OrderSnapshot | None = None


class FileDispute(Command, frozen=True, kw_only=True):
    """Complain about an order line (4.1).

    `number` is above 1 only where an ended case is re-opened, with its id and what is
    new.
    """

    platform: str
    channel: str
    buyer: str
    seller: str
    order: OrderLine
    category: str
    reason: str
    claim: Terms
    facts: str
    contact: str
    evidence_note: str
    number: int = 1
    reopens: UUID | None = None
    new_facts: str | None = None


class Reopen(Command, frozen=True, kw_only=True):
    """File an ended case once more, because of new facts (3.2)."""

    new_facts: str
    evidence_note: str


class Withdraw(Command, frozen=True, kw_only=True):
    """Give the case up."""

    reason: str | None = None
