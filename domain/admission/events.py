"""Admission, refusal and referral (3.1, 3.2): what can happen."""

from __future__ import annotations

from typing import TypeAlias

from domain.case.event import Event
from domain.deadlines.deadline import Deadline
from domain.identifiers import Identifier
from domain.personal import Personal


class Admitted(Event, frozen=True, kw_only=True, tag="admitted"):
    """The platform takes the case (3.1)."""

    note: Personal[str] | None = None
    deadlines: tuple[Deadline, ...] = ()


class Refused(Event, frozen=True, kw_only=True, tag="refused"):
    """The platform does not take the case (3.2).

    `rule` is set where a rule decided alone, else `decided_by`.
    """

    ground: str
    explanation: Personal[str] | None = None
    routes: tuple[str, ...]
    rule: str | None = None
    decided_by: Identifier[str] | None = None


class ReferredToAuthority(Event, frozen=True, kw_only=True, tag="referred"):
    """The case was handed to an authority or a court (3.2, 4.4.4)."""

    authority: str
    cause: str
    note: Personal[str] | None = None


AdmissionEvent: TypeAlias = Admitted | Refused | ReferredToAuthority
