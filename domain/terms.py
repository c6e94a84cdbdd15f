"""What is claimed, offered or ruled, and what is then owed."""

from __future__ import annotations

from msgspec import Struct

from domain.clock import LimitName
from domain.money import Money
from domain.roles import Party


class Terms(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is claimed, offered or ruled; `kind` is a remedy code."""

    kind: str
    amount: Money | None = None
    freight: Party | None = None


class Obligation(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one party owes; `after` is the obligation to be confirmed first."""

    number: int
    debtor: Party
    duty: str
    limit: LimitName
    amount: Money | None = None
    after: int | None = None
