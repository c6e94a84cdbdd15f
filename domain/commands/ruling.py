"""Decisions: the ruling, its review by a human, and the appeal (4.3.4)."""

from __future__ import annotations

from domain.commands.command import Command
from domain.outcomes import AppealGround, AppealResult
from domain.reasons import Automation, Reason
from domain.terms import Terms


class Rule(Command, frozen=True, kw_only=True):
    """Decide: liability, remedies and why (4.3.4)."""

    liability: str
    remedies: tuple[Terms, ...]
    reasons: tuple[Reason, ...]
    automation: Automation = Automation.NONE
    model: str | None = None


class DraftRuling(Rule, frozen=True, kw_only=True):
    """Prepare a decision for another person to issue."""


class ApproveRuling(Command, frozen=True, kw_only=True):
    """Issue, as the second person, the decision that another has drafted."""


class RequestHumanReview(Command, frozen=True, kw_only=True):
    """Ask that a human decide again what a machine decided alone."""

    statement: str | None = None


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
