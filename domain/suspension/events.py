"""Suspension and resumption (4.4, +): what can happen."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from domain.case.event import Event
from domain.deadlines.deadline import Deadline
from domain.personal import Personal
from domain.roles import Party


class SuspensionCause(StrEnum):
    """Why the whole case stands still."""

    AGREEMENT = "agreement"
    COURT = "court"
    POLICE = "police"
    PLATFORM = "platform"


class SuspensionRequested(Event, frozen=True, kw_only=True, tag="suspension-requested"):
    """One side asks for a pause of `days`; it begins when the other asks too."""

    by: Party
    days: int


class Suspended(Event, frozen=True, kw_only=True, tag="suspended"):
    """The whole case stands still from `since` on."""

    cause: SuspensionCause
    by: Party
    note: Personal[str] | None = None
    since: datetime
    deadlines: tuple[Deadline, ...] = ()


class SuspensionProved(Event, frozen=True, kw_only=True, tag="suspension-proved"):
    """The party that went to court or to the police has proved it."""

    by: Party
    proof: Personal[str]
    deadlines: tuple[Deadline, ...] = ()


class Resumed(Event, frozen=True, kw_only=True, tag="resumed"):
    """The case goes on; `deadlines` holds the new ends."""

    cause: str
    deadlines: tuple[Deadline, ...] = ()


SuspensionEvent: TypeAlias = (
    SuspensionRequested | Suspended | SuspensionProved | Resumed
)
