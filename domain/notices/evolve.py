"""Service of notices (4.3.5): what each event changes."""

from __future__ import annotations

from typing import Any, assert_never

from domain.case.dispute import Dispute, Phase
from domain.notices.events import (
    ContactStated,
    NoticeEvent,
    NoticeKind,
    NoticeServed,
    NoticeUndelivered,
)
from domain.notices.notice import Notice


def changes(dispute: Dispute, event: NoticeEvent) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        case NoticeServed():
            return _served(dispute, event)
        case NoticeUndelivered() | ContactStated():
            # The notice waits on, and no later decision depends on an address.
            return {}
        case _:
            assert_never(event)


def _served(dispute: Dispute, event: NoticeServed) -> dict[str, Any]:
    notice = Notice(kind=event.notice, party=event.party)
    served = {"served": (*dispute.served, (notice, event.channel))}
    # Imported histories may tell that the seller was informed, but not of admission.
    first = event.notice is NoticeKind.ADMISSION
    known_now = first and dispute.phase is Phase.FILED
    return served | ({"phase": Phase.AWAITING_RESPONSE} if known_now else {})
