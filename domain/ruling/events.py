"""The ruling, and its review by a human (4.3.4): what can happen."""

from __future__ import annotations

from typing import TypeAlias

from domain.case.event import Event
from domain.deadlines.deadline import Deadline
from domain.identifiers import Identifier
from domain.personal import Personal
from domain.roles import Party
from domain.ruling.reasons import Automation, Reason
from domain.terms import Obligation, Terms


class RulingDrafted(Event, frozen=True, kw_only=True, tag="ruling-drafted"):
    """A decision was prepared; it binds nobody until it is issued."""

    by: Identifier[str]
    liability: str
    remedies: tuple[Terms, ...]
    reasons: tuple[Reason, ...]
    automation: Automation = Automation.NONE
    model: str | None = None


class Ruled(Event, frozen=True, kw_only=True, tag="ruled"):
    """The platform decided: liability, remedies and why (4.3.4).

    `approved_by` is the second person, where the amount asks for one.
    """

    liability: str
    remedies: tuple[Terms, ...]
    reasons: tuple[Reason, ...]
    obligations: tuple[Obligation, ...]
    automation: Automation = Automation.NONE
    model: str | None = None
    decided_by: Identifier[str] | None = None
    approved_by: Identifier[str] | None = None


class HumanReviewRequested(Event, frozen=True, kw_only=True, tag="review-requested"):
    """A party asked that a human decide again what a machine decided alone."""

    by: Party
    statement: Personal[str] | None = None
    deadlines: tuple[Deadline, ...] = ()


RulingEvent: TypeAlias = RulingDrafted | Ruled | HumanReviewRequested
