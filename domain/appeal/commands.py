"""The appeal: each side once, decided by another person (4.4, +): what can be asked."""

from __future__ import annotations

from domain.appeal.events import AppealGround, AppealResult
from domain.case.command import Command
from domain.ruling.reasons import Reason
from domain.terms import Terms


class Appeal(Command, frozen=True, kw_only=True):
    """Appeal against a ruling or a refusal, once."""

    ground: AppealGround
    statement: str


class RefuseAppeal(Command, frozen=True, kw_only=True):
    """Do not take an appeal that names neither new evidence nor an error."""

    explanation: str


class DecideAppeal(Command, frozen=True, kw_only=True):
    """Decide again: uphold, vary (with liability and remedies) or set aside."""

    result: AppealResult
    reasons: tuple[Reason, ...]
    liability: str | None = None
    remedies: tuple[Terms, ...] = ()
