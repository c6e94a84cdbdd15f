"""Decisions: the ruling, its review by a human, and the appeal (4.3.4)."""

from __future__ import annotations

from datetime import datetime

from domain.deadlines import Deadline
from domain.events.event import Event
from domain.outcomes import AppealGround, AppealResult
from domain.personal import Personal
from domain.reasons import Automation, Reason
from domain.roles import Party
from domain.terms import Obligation, Terms


class RulingDrafted(Event, frozen=True, kw_only=True, tag="ruling-drafted"):
    """A decision was prepared; it binds nobody until it is issued."""

    by: str
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
    decided_by: str | None = None
    approved_by: str | None = None


class HumanReviewRequested(Event, frozen=True, kw_only=True, tag="review-requested"):
    """A party asked that a human decide again what a machine decided alone."""

    by: Party
    statement: Personal[str] | None = None
    deadlines: tuple[Deadline, ...] = ()


class AppealFiled(Event, frozen=True, kw_only=True, tag="appeal-filed"):
    """A party appealed; what runs stands still from `since` on."""

    by: Party
    ground: AppealGround
    statement: Personal[str]
    since: datetime
    deadlines: tuple[Deadline, ...] = ()


class AppealRefused(Event, frozen=True, kw_only=True, tag="appeal-refused"):
    """The appeal names neither new evidence nor an error; what stood still goes on."""

    by: Party
    explanation: Personal[str]
    deadlines: tuple[Deadline, ...] = ()


class AppealDecided(Event, frozen=True, kw_only=True, tag="appeal-decided"):
    """Another person decided again: upheld, varied or set aside.

    `obligations` is what is owed from now on, what was paid already taken off, and
    paid back where too much was.
    """

    result: AppealResult
    reasons: tuple[Reason, ...]
    liability: str | None = None
    remedies: tuple[Terms, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    decided_by: str | None = None
    deadlines: tuple[Deadline, ...] = ()
