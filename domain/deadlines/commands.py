"""Deadlines that pass or are moved (5): what can be asked."""

from __future__ import annotations

from datetime import datetime

from domain.case.command import Command
from domain.deadlines.deadline import Awaited
from domain.roles import Party


class PassDeadline(Command, frozen=True, kw_only=True):
    """Record what follows from the passing of a deadline."""

    awaited: Awaited
    party: Party
    due: datetime
    item: int | None = None


class ExtendDeadline(Command, frozen=True, kw_only=True):
    """Give a limit the more time that the policy allows, once."""

    awaited: Awaited
    party: Party
    why: str
