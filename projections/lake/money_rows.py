"""The lake's table of money: every movement, from one account to another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from application.record.plain_values import currency_of
from projections.lake.case_rows import OfCase
from projections.lake.lake_row import MINOR, CaseHistory, told


class MoneyRow(OfCase, frozen=True, kw_only=True):
    """A movement of money. What one account pays another receives: it balances."""

    number: Annotated[int, told("The movement's number in its case")]
    version: Annotated[int, told("The event that it is of", source="events.version")]
    at: Annotated[datetime, told("When it happened", "UTC")]
    payer: Annotated[str, told("Who paid", "account", codes="accounts")]
    payee: Annotated[str, told("Who received", "account", codes="accounts")]
    amount: Annotated[int, told("How much", MINOR)]
    currency: Annotated[str, told("In which currency", "ISO 4217")]


def money_rows(of: CaseHistory) -> Iterator[MoneyRow]:
    """Yield the movements of a case."""
    # Postings are only added, so those of an event are the ones beyond the last.
    known = 0
    for one in of.placed:
        dispute = one.after.dispute
        for posting in dispute.postings[known:]:
            known += 1
            yield MoneyRow(
                **of.place,
                number=known,
                version=one.recorded.version,
                at=one.recorded.at,
                payer=posting.payer,
                payee=posting.payee,
                amount=posting.amount,
                currency=currency_of(dispute),
            )
