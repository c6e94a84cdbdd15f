"""Suspension and resumption (4.4, +): what can be asked."""

from __future__ import annotations

from domain.case.command import Command
from domain.suspension.events import SuspensionCause


class Suspend(Command, frozen=True, kw_only=True):
    """Suspend the case: both ask, or one is before a court or the police.

    `days` is for an agreement only.
    """

    cause: SuspensionCause
    days: int | None = None
    note: str | None = None


class ProveSuspension(Command, frozen=True, kw_only=True):
    """Show that a court or the police have the matter."""

    proof: str


class Resume(Command, frozen=True, kw_only=True):
    """Resume a suspended case."""

    note: str | None = None
