"""Performance, enforcement and sanctions (4.4)."""

from __future__ import annotations

from domain.commands.command import Command
from domain.money import Money


class Fulfil(Command, frozen=True, kw_only=True):
    """Report an obligation as performed (4.4.1)."""

    obligation: int
    statement: str | None = None
    reference: str | None = None


class ConfirmFulfilment(Command, frozen=True, kw_only=True):
    """Confirm, as the creditor, that an obligation was performed (4.4.2)."""

    obligation: int


class ContestFulfilment(Command, frozen=True, kw_only=True):
    """Say, as the creditor, that what was reported was not performed."""

    obligation: int
    statement: str


class OrderEnforcement(Command, frozen=True, kw_only=True):
    """Execute an obligation in default by a method; money by its amount (4.4.3)."""

    obligation: int
    method: str
    amount: Money | None = None


class ExecuteEnforcement(Command, frozen=True, kw_only=True):
    """Report that what was ordered was executed."""

    number: int
    reference: str | None = None


class FailEnforcement(Command, frozen=True, kw_only=True):
    """Report that it could not be executed; `final`: there is no other method."""

    number: int
    cause: str
    final: bool = False
    routes: tuple[str, ...] = ()


class RecoverAdvance(Command, frozen=True, kw_only=True):
    """Record what the seller paid back of what the platform had advanced."""

    amount: Money
    reference: str | None = None


class ImposeSanction(Command, frozen=True, kw_only=True):
    """Warn, restrict or suspend a seller in breach."""

    kind: str
    breach: str
    measure: str


class PublishSanction(Command, frozen=True, kw_only=True):
    """Record that a sanction, or its end, was made public."""

    number: int


class LiftSanction(Command, frozen=True, kw_only=True):
    """End a sanction."""

    number: int
    why: str
