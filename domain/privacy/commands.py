"""Legal holds, restricted processing, and erasure."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.case.command import Command
from domain.roles import Party


class PlaceHold(Command, frozen=True, kw_only=True):
    """Forbid that anything of the case is erased."""

    basis: str


class LiftHold(Command, frozen=True, kw_only=True):
    """End a hold; a regulator's only regulators lift."""

    number: int
    basis: str


class Restrict(Command, frozen=True, kw_only=True):
    """Keep a party's personal data from now on, but do not show it."""

    party: Party
    basis: str


class LiftRestriction(Command, frozen=True, kw_only=True):
    """Let a party's personal data be worked with again."""

    party: Party
    basis: str


class EraseSubject(Command, frozen=True, kw_only=True):
    """Erase a party's personal data; `closed_at` is when the case was closed."""

    erasure: UUID
    party: Party
    basis: str
    approver: str
    number: int
    cases: int
    closed_at: datetime
