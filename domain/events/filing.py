"""Filing, admission, refusal, and who owns the case (3, 4.1)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.deadlines import Deadline
from domain.events.event import Event
from domain.money import Money
from domain.personal import Personal
from domain.terms import Terms


class Filed(Event, frozen=True, kw_only=True, tag="filed"):
    """A buyer's complaint reached the platform (4.1).

    `number` counts the cases on one issue of one order line; `reopens` is the case
    before it, and `new_facts` says why there is another one.
    """

    platform: str
    channel: str
    category: str
    reason: str
    policy: str | None = None
    number: int = 1
    buyer: str | None = None
    seller: str | None = None
    order: str | None = None
    line: str | None = None
    paid: Money | None = None
    received_at: datetime | None = None
    promised_at: datetime | None = None
    stated: str | None = None
    claim: Terms | None = None
    facts: Personal[str] | None = None
    contact: Personal[str] | None = None
    evidence_note: Personal[str] | None = None
    reopens: UUID | None = None
    new_facts: Personal[str] | None = None
    deadlines: tuple[Deadline, ...] = ()


class Admitted(Event, frozen=True, kw_only=True, tag="admitted"):
    """The platform takes the case (3.1)."""

    note: Personal[str] | None = None
    deadlines: tuple[Deadline, ...] = ()


class Refused(Event, frozen=True, kw_only=True, tag="refused"):
    """The platform does not take the case (3.2).

    `rule` where a rule decided alone, else `decided_by`.
    """

    ground: str
    explanation: Personal[str] | None = None
    routes: tuple[str, ...]
    rule: str | None = None
    decided_by: str | None = None


class ReferredToAuthority(Event, frozen=True, kw_only=True, tag="referred"):
    """The case was handed to an authority or a court (3.2, 4.4.4)."""

    authority: str
    cause: str
    note: Personal[str] | None = None


class Withdrawn(Event, frozen=True, kw_only=True, tag="withdrawn"):
    """The buyer gave the case up; `deemed`: by silence, as the policy says."""

    reason: Personal[str] | None = None
    deemed: bool = False


class MediatorAssigned(Event, frozen=True, kw_only=True, tag="mediator-assigned"):
    """A mediator owns the case."""

    mediator: str


class MediatorRecused(Event, frozen=True, kw_only=True, tag="mediator-recused"):
    """A mediator with a conflict of interest is out of the case for good (2)."""

    mediator: str
    conflict: Personal[str]
