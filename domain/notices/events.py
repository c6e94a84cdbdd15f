"""Service of notices (4.3.5): what can happen."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

from domain.case.event import Event
from domain.deadlines.deadline import Deadline
from domain.roles import Party


class NoticeKind(StrEnum):
    """The notices whose service is itself an event of the case."""

    ADMISSION = "admission"
    REFUSAL = "refusal"
    RULING = "ruling"
    APPEAL = "appeal"


class NoticeServed(Event, frozen=True, kw_only=True, tag="notice-served"):
    """A notice reached a party over a channel; the first one starts the limits."""

    notice: NoticeKind
    party: Party
    channel: str
    recipient: str | None = None
    deadlines: tuple[Deadline, ...] = ()


NoticeEvent: TypeAlias = NoticeServed
