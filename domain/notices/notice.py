"""Which events call for a notice whose service is itself an event."""

from __future__ import annotations

from msgspec import Struct

from domain.admission.events import Admitted, Refused
from domain.appeal.events import AppealDecided
from domain.case.events import DisputeEvent
from domain.notices.events import NoticeKind
from domain.roles import Party
from domain.ruling.events import Ruled


class Notice(Struct, frozen=True, kw_only=True, gc=False):
    """A notice that still has to be served on a party."""

    kind: NoticeKind
    party: Party


def called_for(event: DisputeEvent) -> tuple[Notice, ...]:
    """Return the notices that have to be served because of an event."""
    match event:
        case Admitted():
            return (Notice(kind=NoticeKind.ADMISSION, party=Party.SELLER),)
        case Refused():
            return (Notice(kind=NoticeKind.REFUSAL, party=Party.BUYER),)
        case Ruled():
            return _to_both(NoticeKind.RULING)
        case AppealDecided():
            return _to_both(NoticeKind.APPEAL)
        case _:
            return ()


def _to_both(kind: NoticeKind) -> tuple[Notice, ...]:
    return tuple(
        Notice(kind=kind, party=party) for party in (Party.BUYER, Party.SELLER)
    )
