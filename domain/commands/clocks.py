"""Notices, passed deadlines, extensions, suspension."""

from __future__ import annotations

from datetime import datetime

from domain.commands.command import Command
from domain.deadlines import Awaited
from domain.outcomes import NoticeKind, SuspensionCause
from domain.roles import Party


class ServeNotice(Command, frozen=True, kw_only=True):
    """Record that a notice reached a party over a channel (4.3.5)."""

    notice: NoticeKind
    party: Party
    channel: str


class PassDeadline(Command, frozen=True, kw_only=True):
    """Record what the passing of a deadline calls for."""

    awaited: Awaited
    party: Party
    due: datetime
    item: int | None = None


class ExtendDeadline(Command, frozen=True, kw_only=True):
    """Give a limit the more time that the policy allows, once."""

    awaited: Awaited
    party: Party
    why: str


class Suspend(Command, frozen=True, kw_only=True):
    """Let the case stand still: both ask, or one is before a court or the police.

    `days` is for an agreement only.
    """

    cause: SuspensionCause
    days: int | None = None
    note: str | None = None


class ProveSuspension(Command, frozen=True, kw_only=True):
    """Show that a court or the police have the matter."""

    proof: str


class Resume(Command, frozen=True, kw_only=True):
    """Let a suspended case go on."""

    note: str | None = None
