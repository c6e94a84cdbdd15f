"""Enforcement (4.4.3): what can be asked."""

from __future__ import annotations

from domain.case.command import Command
from domain.money import Money


class OrderEnforcement(Command, frozen=True, kw_only=True):
    """Execute an obligation in default by a method; money by its amount (4.4.3)."""

    obligation: int
    method: str
    amount: Money | None = None


class ExecuteEnforcement(Command, frozen=True, kw_only=True):
    """Report that an order was executed."""

    number: int
    reference: str


class FailEnforcement(Command, frozen=True, kw_only=True):
    """Report that an order failed; `final`: there is no other method."""

    number: int
    cause: str
    final: bool = False
    routes: tuple[str, ...] = ()


class RecoverAdvance(Command, frozen=True, kw_only=True):
    """Record what the seller paid back of what the platform had advanced."""

    amount: Money
    reference: str
