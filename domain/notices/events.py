"""Service of notices (4.3.5): what can happen."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

from domain.case.event import Event
from domain.deadlines.deadline import Deadline
from domain.identifiers import Identifier
from domain.personal import Personal
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
    recipient: Identifier[str] | None = None
    deadlines: tuple[Deadline, ...] = ()


class NoticeUndelivered(Event, frozen=True, kw_only=True, tag="notice-undelivered"):
    """A notice could not be delivered over any channel; it still has to be served.

    `channels` are those that were tried, `causes` why each of them failed.
    """

    notice: NoticeKind
    party: Party
    channels: tuple[str, ...]
    causes: tuple[str, ...]


class ContactStated(Event, frozen=True, kw_only=True, tag="contact-stated"):
    """Where a party can be reached from now on; None: as before, "": no longer there.

    `language` is the one that the party is written to in ("zh-CN" or "en").
    """

    party: Party
    mail: Personal[str] | None = None
    phone: Personal[str] | None = None
    language: str | None = None


NoticeEvent: TypeAlias = NoticeServed | NoticeUndelivered | ContactStated
