"""Escalation to the platform (4.3.1): what can happen."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

from domain.case.event import Event
from domain.deadlines.deadline import Deadline
from domain.personal import Personal
from domain.roles import Party


class Trigger(StrEnum):
    """Why a case was handed to the platform (4.3.1)."""

    NO_AGREEMENT = "no-agreement"
    NO_RESPONSE = "no-response"
    NON_COOPERATION = "non-cooperation"
    PLATFORM = "platform"


class Escalated(Event, frozen=True, kw_only=True, tag="escalated"):
    """The case was handed to the platform; both sides are asked for evidence."""

    trigger: Trigger
    by: Party
    statement: Personal[str] | None = None
    deadlines: tuple[Deadline, ...] = ()


EscalationEvent: TypeAlias = Escalated
