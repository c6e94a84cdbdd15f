"""Inquiries to third parties (4.3.3): what each event changes."""

from __future__ import annotations

from typing import Any, assert_never

from msgspec.structs import replace

from domain.case.dispute import Dispute, Inquiry
from domain.inquiries.events import InquiryAnswered, InquiryEvent, InquirySent


def changes(dispute: Dispute, event: InquiryEvent) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        case InquirySent(number=number, kind=kind, addressee=whom):
            asked = Inquiry(number=number, kind=kind, addressee=whom)
            return {"inquiries": (*dispute.inquiries, asked)}
        case InquiryAnswered(number=number):
            return {"inquiries": _answered(dispute, number)}
        case _:
            assert_never(event)


def _answered(dispute: Dispute, number: int) -> tuple[Inquiry, ...]:
    return tuple(
        replace(one, answered=True) if one.number == number else one
        for one in dispute.inquiries
    )
