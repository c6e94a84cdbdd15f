"""What can be asked about imported history."""

from __future__ import annotations

from uuid import UUID

from domain.case.command import Command


class WithdrawImport(Command, frozen=True, kw_only=True):
    """Set a case aside with the import `run` that it came with."""

    run: UUID
    basis: str
    approver: str
    number: int
    cases: int
