"""In-site notices: what each party is informed of, from the events of its cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from application.record.envelope import topic
from domain.admission.events import ReferredToAuthority
from domain.appeal.events import AppealFiled, AppealRefused
from domain.case.events import DisputeEvent
from domain.deadlines.events import (
    ClocksPaused,
    ClocksResumed,
    DeadlineExtended,
    DeadlineMissed,
)
from domain.enforcement.events import (
    EnforcementExecuted,
    EnforcementFailed,
    EnforcementOrdered,
)
from domain.escalation.events import Escalated
from domain.evidence.events import (
    BurdenAssigned,
    EvidenceHandedIn,
    EvidenceRequested,
    EvidenceSubmitted,
)
from domain.filing.events import Withdrawn
from domain.inquiries.events import InquiryAnswered, InquirySent
from domain.negotiation.events import (
    MessagePosted,
    OfferAccepted,
    OfferDeclined,
    OfferMade,
    SellerResponded,
)
from domain.notices.events import NoticeServed
from domain.performance.events import (
    Closed,
    Defaulted,
    Fulfilled,
    FulfilmentContested,
    ObligationConfirmed,
)
from domain.privacy.events import Restricted, RestrictionLifted, SubjectErased
from domain.roles import Party, other
from domain.ruling.events import HumanReviewRequested
from domain.sanctions.events import SanctionImposed, SanctionLifted
from domain.suspension.events import Resumed, Suspended, SuspensionRequested
from projections.placed_events import Placed
from projections.read_model import CaseRow, OnPoison, View
from projections.tables.typed_rows import struct_row
from projections.tables.view_policies import NOTIFIED

PARTIES = (Party.BUYER, Party.SELLER)
FOR_BOTH = (
    Escalated,
    DeadlineMissed,
    BurdenAssigned,
    InquirySent,
    InquiryAnswered,
    ClocksPaused,
    ClocksResumed,
    Suspended,
    Resumed,
    AppealRefused,
    EnforcementOrdered,
    EnforcementExecuted,
    EnforcementFailed,
    ReferredToAuthority,
    Closed,
)
"""The events that both parties are informed of."""

_FOR_BOTH = frozenset(FOR_BOTH)


class NoticeRow(CaseRow, frozen=True, kw_only=True):
    """One notice for one party. `about`: the event's name, or the notice served.

    `due` is the end of the time that the event gives this party (UTC).
    """

    position: int
    party: Party
    version: int
    about: str
    at: datetime
    due: datetime | None


DDL = """
CREATE TABLE notices (
    case_id  uuid NOT NULL,
    position bigint NOT NULL,
    party    text NOT NULL,
    version  bigint NOT NULL,
    about    text NOT NULL,
    at       timestamptz NOT NULL,
    due      timestamptz,
    PRIMARY KEY (position, party)
);
CREATE INDEX notices_case ON notices (case_id, party, position);
"""


def fold(rows: tuple[NoticeRow, ...], placed: Placed) -> tuple[NoticeRow, ...]:
    """Add a row for each party that has to know of the event."""
    recorded, event = placed.recorded, placed.recorded.event
    # Imported history happened elsewhere, and long ago: nobody waits to hear of it.
    if recorded.imported is not None:
        return rows
    recipients = informed(event)
    if not recipients:
        return rows
    added = tuple(
        NoticeRow(
            case_id=recorded.case,
            position=placed.position,
            party=party,
            version=recorded.version,
            about=about(event),
            at=recorded.at,
            due=due_for(event, party),
        )
        for party in recipients
    )
    return (*rows, *added)


def informed(event: DisputeEvent) -> tuple[Party, ...]:
    """Return the parties that an event is told to."""
    # First, because most events are for both: a class is compared faster than all.
    if type(event) in _FOR_BOTH:
        return PARTIES
    return tuple(_recipients(event))


def _recipients(event: DisputeEvent) -> Iterator[Party]:
    match event:
        # Over another channel the notice reached the party there.
        case NoticeServed(party=party, channel="in-site"):
            yield party
        case SellerResponded():
            yield Party.BUYER
        case Withdrawn():
            yield Party.SELLER
        case (
            OfferMade(by=by)
            | OfferAccepted(by=by)
            | OfferDeclined(by=by)
            | Fulfilled(by=by)
            | ObligationConfirmed(by=by)
            | EvidenceSubmitted(by=by, draft=False)
            | EvidenceHandedIn(by=by)
            | MessagePosted(by=by)
            | FulfilmentContested(by=by)
            | AppealFiled(by=by)
            | HumanReviewRequested(by=by)
            | SuspensionRequested(by=by)
        ):
            # Not the party that did it, and of what the platform did, both.
            yield from (other(by),) if by in PARTIES else PARTIES
        case (
            EvidenceRequested(party=party)
            | Defaulted(party=party)
            | Restricted(party=party)
            | RestrictionLifted(party=party)
            | SubjectErased(party=party)
        ):
            yield party
        case DeadlineExtended(party=party):
            yield from (party,) if party in PARTIES else PARTIES
        case SanctionImposed() | SanctionLifted():
            yield Party.SELLER
        case _:
            return


def about(event: DisputeEvent) -> str:
    """Return what a party is told of an event: its name, or the notice served."""
    return event.notice if isinstance(event, NoticeServed) else topic(event)


def due_for(event: DisputeEvent, party: Party) -> datetime | None:
    """Return the end of the time that an event gives a party (UTC)."""
    ends = (
        deadline.due
        for deadline in getattr(event, "deadlines", ())
        if deadline.party in {party, Party.BOTH}
    )
    return min(ends, default=None)


NOTICES = View(
    "notices",
    row=NoticeRow,
    key=("position", "party"),
    ddl=DDL,
    fold=fold,
    on_poison=OnPoison.PARK,
    grows=True,
    seen=NOTIFIED,
)


def inbox(
    connection: Connection[Any],
    platform: str,
    party: Party,
    subject: str,
    *,
    limit: int,
    before: int | None = None,
    case: UUID | None = None,
) -> Sequence[NoticeRow]:
    """List a person's notices of all cases on a platform, the latest first."""
    column = "buyer" if party is Party.BUYER else "seller"
    with connection.cursor(row_factory=struct_row(NoticeRow)) as cursor:
        return cursor.execute(
            "SELECT n.* FROM notices n JOIN queue q USING (case_id)"
            f" WHERE q.platform = %(platform)s AND q.{column} = %(subject)s"
            " AND n.party = %(party)s"
            # Of what happened before the admission, the seller hears nothing.
            " AND (%(party)s <> 'seller' OR n.version >= q.seller_since)"
            " AND (%(before)s::bigint IS NULL OR n.position < %(before)s)"
            " AND (%(case)s::uuid IS NULL OR n.case_id = %(case)s)"
            " ORDER BY n.position DESC LIMIT %(limit)s",
            {
                "platform": platform,
                "subject": subject,
                "party": party,
                "before": before,
                "case": case,
                "limit": limit,
            },
        ).fetchall()
