"""The lake's table of offers: who offered what, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from msgspec.structs import replace

from application.record.envelope import Recorded
from domain.negotiation.events import (
    OfferAccepted,
    OfferDeclined,
    OfferLapsed,
    OfferMade,
)
from projections.lake.case_rows import OfCase
from projections.lake.lake_row import MINOR, CaseHistory, told


class OfferRow(OfCase, frozen=True, kw_only=True):
    """An offer in a case."""

    number: Annotated[int, told("The offer's number in its case", "", "offer-made")]
    by: Annotated[
        str,
        told("Who made it", "buyer, seller or platform", "offer-made", codes="parties"),
    ]
    made_at: Annotated[datetime, told("When it was made", "UTC", "offer-made")]
    remedy: Annotated[
        str, told("What was offered", "code", "offer-made", codes="remedies")
    ]
    amount: Annotated[int | None, told("How much money", MINOR, "offer-made")]
    currency: Annotated[str | None, told("In which currency", "ISO 4217")]
    freight: Annotated[
        str | None, told("Who bears the freight", "code", "offer-made", codes="parties")
    ]
    state: Annotated[
        str,
        told(
            "open, accepted, declined, lapsed or replaced", "code", codes="offer-states"
        ),
    ]
    ended_at: Annotated[datetime | None, told("When that became so", "UTC")]
    settled: Annotated[bool, told("It settled the case", "", "offer-accepted")]


def offer_rows(of: CaseHistory) -> Iterator[OfferRow]:
    """Yield the offers of a case."""
    # An imported history may answer an offer that nobody has told of.
    rows: dict[int, OfferRow] = {}
    for one in of.placed:
        recorded = one.recorded
        event = recorded.event
        if isinstance(event, OfferMade):
            if event.replaces in rows:
                rows[event.replaces] = _ended(
                    rows[event.replaces], "replaced", recorded
                )
            rows[event.number] = _made(of, event, recorded)
        elif (ended := _end(event)) and ended[0] in rows:
            number, state = ended
            rows[number] = _ended(rows[number], state, recorded)
            if isinstance(event, OfferAccepted):
                rows[number] = replace(rows[number], settled=event.settles)
    yield from rows.values()


def _made(of: CaseHistory, event: OfferMade, recorded: Recorded) -> OfferRow:
    amount = event.terms.amount
    return OfferRow(
        **of.place,
        number=event.number,
        by=event.by,
        made_at=recorded.at,
        remedy=event.terms.kind,
        amount=amount.amount if amount else None,
        currency=amount.currency if amount else None,
        freight=event.terms.freight,
        state="open",
        ended_at=None,
        settled=False,
    )


def _end(event: object) -> tuple[int, str] | None:
    match event:
        case OfferAccepted(number=number, settles=True):
            return number, "accepted"
        case OfferDeclined(number=number):
            return number, "declined"
        case OfferLapsed(number=number):
            return number, "lapsed"
        case _:
            return None


def _ended(row: OfferRow, state: str, recorded: Recorded) -> OfferRow:
    return replace(row, state=state, ended_at=recorded.at)
