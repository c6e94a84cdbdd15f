"""Performance, default, enforcement and closing (4.4)."""

from __future__ import annotations

from domain.deadlines import Deadline
from domain.events.event import Event
from domain.money import Money
from domain.outcomes import ClaimResult, Outcome
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
    """The creditor says that what was reported was not performed."""

    obligation: int
    by: Party
    statement: Personal[str]
    deadlines: tuple[Deadline, ...] = ()


class ObligationConfirmed(Event, frozen=True, kw_only=True, tag="obligation-confirmed"):
    """The creditor confirmed it; `deemed`: by silence past the limit (4.4.2)."""

    obligation: int
    by: Party
    deemed: bool = False
    deadlines: tuple[Deadline, ...] = ()


class Defaulted(Event, frozen=True, kw_only=True, tag="defaulted"):
    """An obligation was not performed in time; a last voluntary period begins."""

    obligation: int
    party: Party
    deadlines: tuple[Deadline, ...] = ()


class EnforcementOrdered(Event, frozen=True, kw_only=True, tag="enforcement-ordered"):
    """The platform will execute an obligation itself, by a method."""

    number: int
    obligation: int
    method: str
    amount: Money | None = None


class EnforcementExecuted(Event, frozen=True, kw_only=True, tag="enforcement-executed"):
    """It was executed. `discharges`: nothing of the obligation is left."""

    number: int
    obligation: int
    method: str
    amount: Money | None = None
    discharges: bool = True
    reference: Personal[str] | None = None
    deadlines: tuple[Deadline, ...] = ()


class EnforcementFailed(Event, frozen=True, kw_only=True, tag="enforcement-failed"):
    """It could not be executed; `final`: the obligation is given up here.

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


class Closed(Event, frozen=True, kw_only=True, tag="closed"):
    """The case is over."""

    outcome: Outcome
    claim: ClaimResult
