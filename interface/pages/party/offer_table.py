"""The claim and the offers that are open, side by side."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from application.cases.readable_values import amount_in_words
from application.texts import say
from domain.case.context import Context
from domain.money import Money, parse
from domain.roles import Party
from interface.api.actions.action_words import code_words
from interface.api.responses.case import CaseShown
from projections.case_view.shown_values import MoneyShown, TermsShown


class OfferColumn(Struct, frozen=True, kw_only=True):
    """What one side asks for, or offers. `by` is None for the claim.

    `less`: by how much the amount is below the claim's, "" if it is not.
    """

    number: int | None
    by: Party | None
    kind: str
    amount: str
    less: str
    freight: str
    due: datetime | None
    message: str | None
    accepted_by: tuple[Party, ...]


def offer_columns(
    told: CaseShown, context: Context, language: str
) -> tuple[OfferColumn, ...]:
    """Return the claim, and each open offer; nothing while there is no open one."""
    openly = [one for one in told.offers if one.state == "open"]
    if not openly:
        return ()
    claimed = _read(told.claim.amount) if told.claim else None
    offers = tuple(
        _column(
            one.terms,
            context,
            language,
            number=one.number,
            by=one.by,
            due=one.due,
            message=one.message,
            accepted_by=one.accepted_by,
            less=_less(claimed, _read(one.terms.amount)),
        )
        for one in openly
    )
    if told.claim is None:
        return offers
    claim = _column(
        told.claim,
        context,
        language,
        number=None,
        by=None,
        due=None,
        message=None,
        accepted_by=(),
        less="",
    )
    return (claim, *offers)


def _column(
    terms: TermsShown, context: Context, language: str, **rest: object
) -> OfferColumn:
    amount = _read(terms.amount)
    return OfferColumn(
        kind=code_words("kind", terms.kind, context.codes, language) or terms.kind,
        amount=amount_in_words(amount) if amount else "",
        freight=say("parties", terms.freight, language) if terms.freight else "",
        **rest,  # type: ignore[arg-type]
    )


def _less(claimed: Money | None, offered: Money | None) -> str:
    if claimed is None:
        return ""
    if offered is None:
        return amount_in_words(claimed)
    below = claimed.amount - offered.amount
    if claimed.currency != offered.currency or below <= 0:
        return ""
    return amount_in_words(Money(below, claimed.currency))


def _read(amount: MoneyShown | None) -> Money | None:
    return None if amount is None else parse(amount.amount, amount.currency)
