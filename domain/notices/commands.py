"""Service of notices (4.3.5): what can be asked."""

from __future__ import annotations

from domain.case.command import Command
from domain.notices.events import NoticeKind
from domain.roles import Party


class ServeNotice(Command, frozen=True, kw_only=True):
    """Record that a notice reached a party over a channel (4.3.5)."""

    notice: NoticeKind
    party: Party
    channel: str


class ReportUndelivered(Command, frozen=True, kw_only=True):
    """Record that a notice could not be delivered over any channel (4.3.5)."""

    notice: NoticeKind
    party: Party
    channels: tuple[str, ...]
    causes: tuple[str, ...]


class StateContact(Command, frozen=True, kw_only=True):
    """Say where notices find the party that says it; None: as before, "": nowhere."""

    mail: str | None = None
    phone: str | None = None
    language: str | None = None
