"""Performance, default and closing (4.4.1, 4.4.2, 4.4.4): what can happen."""

from __future__ import annotations

from typing import TypeAlias

from domain.case.event import Event
from domain.case.outcome import ClaimResult, Outcome
from domain.deadlines.deadline import Deadline
from domain.personal import Personal
from domain.roles import Party


class Fulfilled(Event, frozen=True, kw_only=True, tag="fulfilled"):
    """An obligation was reported as performed (4.4.1)."""

    obligation: int
    by: Party
    statement: Personal[str] | None = None
    reference: Personal[str] | None = None
    deadlines: tuple[Deadline, ...] = ()


class FulfilmentContested(Event, frozen=True, kw_only=True, tag="fulfilment-contested"):
    """The creditor says that a reported obligation was not performed."""

    obligation: int
    by: Party
    statement: Personal[str]
    deadlines: tuple[Deadline, ...] = ()


class ObligationConfirmed(Event, frozen=True, kw_only=True, tag="obligation-confirmed"):
    """The creditor confirmed; `deemed`: by silence past the limit (4.4.2)."""

    obligation: int
    by: Party
    deemed: bool = False
    deadlines: tuple[Deadline, ...] = ()


class Defaulted(Event, frozen=True, kw_only=True, tag="defaulted"):
    """An obligation was not performed in time; a last voluntary period begins."""

    obligation: int
    party: Party
    deadlines: tuple[Deadline, ...] = ()


class Closed(Event, frozen=True, kw_only=True, tag="closed"):
    """The case is over."""

    outcome: Outcome
    claim: ClaimResult


PerformanceEvent: TypeAlias = (
    Fulfilled | FulfilmentContested | ObligationConfirmed | Defaulted | Closed
)
