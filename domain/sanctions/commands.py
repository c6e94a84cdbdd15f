"""Sanctions against a seller (4.4, +): what can be asked."""

from __future__ import annotations

from domain.case.command import Command


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
