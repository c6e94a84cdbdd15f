"""The ruling, and its review by a human (4.3.4): what can be asked."""

from __future__ import annotations

from domain.case.command import Command
from domain.ruling.reasons import Automation, Reason
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
