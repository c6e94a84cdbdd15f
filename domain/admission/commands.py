"""Admission, refusal and referral (3.1, 3.2): what can be asked."""

from __future__ import annotations

from domain.case.command import Command


class Admit(Command, frozen=True, kw_only=True):
    """Take the case (3.1)."""

    note: str | None = None


class Refuse(Command, frozen=True, kw_only=True):
    """Do not take the case, saying why and where else to turn (3.2)."""

    ground: str
    explanation: str
    routes: tuple[str, ...]


class ReferOut(Command, frozen=True, kw_only=True):
    """Hand the case to an authority or a court, and close it here (4.4.4)."""

    authority: str
    note: str
