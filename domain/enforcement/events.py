"""Enforcement (4.4.3): what can happen."""

from __future__ import annotations

from typing import TypeAlias

from domain.case.event import Event
from domain.deadlines.deadline import Deadline
from domain.money import Money
from domain.personal import Personal


class EnforcementOrdered(Event, frozen=True, kw_only=True, tag="enforcement-ordered"):
    """The platform will execute an obligation itself, by a method."""

    number: int
    obligation: int
    method: str
    amount: Money | None = None


class EnforcementExecuted(Event, frozen=True, kw_only=True, tag="enforcement-executed"):
    """An order was executed. `discharges`: nothing of the obligation is left."""

    number: int
    obligation: int
    method: str
    amount: Money | None = None
    discharges: bool = True
    reference: Personal[str] | None = None
    deadlines: tuple[Deadline, ...] = ()


class EnforcementFailed(Event, frozen=True, kw_only=True, tag="enforcement-failed"):
    """An order could not be executed; `final`: the obligation is given up here.

    `routes` are the other ways that the creditor is then shown.
    """

    number: int
    obligation: int
    method: str
    cause: str
    final: bool = False
    routes: tuple[str, ...] = ()


class AdvanceRecovered(Event, frozen=True, kw_only=True, tag="advance-recovered"):
    """The seller paid back what the platform had paid in advance."""

    amount: Money
    reference: Personal[str] | None = None


EnforcementEvent: TypeAlias = (
    EnforcementOrdered | EnforcementExecuted | EnforcementFailed | AdvanceRecovered
)
