"""The appeal: each side once, decided by another person (4.4, +): what can happen."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from domain.case.event import Event
from domain.deadlines.deadline import Deadline
from domain.identifiers import Identifier
from domain.personal import Personal
from domain.roles import Party
from domain.ruling.reasons import Reason
from domain.terms import Obligation, Terms


class AppealGround(StrEnum):
    """On what an appeal rests."""

    NEW_EVIDENCE = "new-evidence"
    ERROR = "error"


class AppealResult(StrEnum):
    """What became of the decision that was appealed."""

    UPHELD = "upheld"
    VARIED = "varied"
    SET_ASIDE = "set-aside"


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

    `obligations` is what is owed from now on: what was paid already is taken off, and
    what was paid too much is to be paid back.
    """

    result: AppealResult
    reasons: tuple[Reason, ...]
    liability: str | None = None
    remedies: tuple[Terms, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    decided_by: Identifier[str] | None = None
    deadlines: tuple[Deadline, ...] = ()


AppealEvent: TypeAlias = AppealFiled | AppealRefused | AppealDecided
