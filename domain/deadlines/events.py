"""Deadlines that pass or are moved, clocks that stand still (5): what can happen."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from domain.case.event import Event
from domain.deadlines.deadline import Awaited, Deadline
from domain.personal import Personal
from domain.roles import Party


class PauseCause(StrEnum):
    """Why clocks stand still while the case goes on."""

    INSPECTION = "inspection"


class DeadlineMissed(Event, frozen=True, kw_only=True, tag="deadline-missed"):
    """A party let a deadline pass. It happened at `due`, whenever it was recorded."""

    awaited: Awaited
    party: Party
    due: datetime | None = None
    item: int | None = None
    deadlines: tuple[Deadline, ...] = ()


class DeadlineExtended(Event, frozen=True, kw_only=True, tag="deadline-extended"):
    """A limit got more time; `deadlines` holds it with its new end."""

    awaited: Awaited
    party: Party
    item: int | None = None
    why: Personal[str]
    deadlines: tuple[Deadline, ...] = ()


class ClocksPaused(Event, frozen=True, kw_only=True, tag="clocks-paused"):
    """What runs stands still from `since` on, such as while goods are inspected."""

    cause: PauseCause
    item: int | None = None
    since: datetime
    deadlines: tuple[Deadline, ...] = ()


class ClocksResumed(Event, frozen=True, kw_only=True, tag="clocks-resumed"):
    """What stood still goes on; `deadlines` holds the new ends."""

    cause: PauseCause
    item: int | None = None
    deadlines: tuple[Deadline, ...] = ()


DeadlineEvent: TypeAlias = (
    DeadlineMissed | DeadlineExtended | ClocksPaused | ClocksResumed
)
