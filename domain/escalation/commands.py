"""Escalation to the platform (4.3.1): what can be asked."""

from __future__ import annotations

from domain.case.command import Command
from domain.escalation.events import Trigger


class Escalate(Command, frozen=True, kw_only=True):
    """Hand the case to the platform (4.3.1)."""

    trigger: Trigger
    statement: str | None = None
