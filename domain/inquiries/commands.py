"""Inquiries to third parties (4.3.3): what can be asked."""

from __future__ import annotations

from domain.case.command import Command


class SendInquiry(Command, frozen=True, kw_only=True):
    """Ask a third party; an inspection stops the clocks (4.3.3)."""

    kind: str
    addressee: str
    question: str


class AnswerInquiry(Command, frozen=True, kw_only=True):
    """Record a third party's answer (4.3.3)."""

    number: int
    answer: str
    reference: str | None = None
