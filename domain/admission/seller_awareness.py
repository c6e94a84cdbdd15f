"""From when on a seller is part of a case: nobody hears of what was never admitted."""

from __future__ import annotations

from domain.admission.events import Admitted
from domain.case.events import DisputeEvent
from domain.case.outcome import Outcome
from domain.escalation.events import Escalated
from domain.filing.events import Filed
from domain.negotiation.events import OfferMade, SellerResponded
from domain.notices.events import NoticeServed
from domain.performance.events import Closed
from domain.roles import Party
from domain.ruling.events import Ruled

WITHOUT_SELLER = frozenset({Outcome.REFUSED, Outcome.WITHDRAWN, Outcome.REFERRED})
"""How a case can end before its seller hears of it."""


def unaware_after(event: DisputeEvent, *, before: bool) -> bool:
    """Tell whether the seller is still not part of the case after an event.

    `before`: whether that was so before it.
    """
    match event:
        case Filed():
            return True
        case Admitted() | SellerResponded() | OfferMade() | Escalated() | Ruled():
            return False
        case NoticeServed(party=Party.SELLER):
            return False
        # An imported case may say no more than how it ended.
        case Closed(outcome=outcome) if outcome not in WITHOUT_SELLER:
            return False
        case _:
            return before
