"""Inquiries to third parties (4.3.3): what can happen."""

from __future__ import annotations

from typing import TypeAlias

from domain.case.event import Event
from domain.deadlines.deadline import Deadline
from domain.personal import Personal


class InquirySent(Event, frozen=True, kw_only=True, tag="inquiry-sent"):
    """A third party was asked, such as a carrier or an inspection body (4.3.3)."""

    number: int
    kind: str
    addressee: str
    question: Personal[str]
    deadlines: tuple[Deadline, ...] = ()


class InquiryAnswered(Event, frozen=True, kw_only=True, tag="inquiry-answered"):
    """A third party answered."""

    number: int
    answer: Personal[str]
    reference: Personal[str] | None = None


InquiryEvent: TypeAlias = InquirySent | InquiryAnswered
