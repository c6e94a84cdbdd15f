"""Performance, default and closing (4.4.1, 4.4.2, 4.4.4): what can be asked."""

from __future__ import annotations

from domain.case.command import Command


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
