"""Parts of a case as one line for people: obligations, offers, deadlines, terms."""

from __future__ import annotations

from application.cases.readable_values import amount_in_words, moment_in_words
from application.texts import say
from domain.case.context import Context
from domain.deadlines.deadline import Deadline
from domain.money import Money, parse
from domain.terms import Obligation
from projections.case_view.negotiation import OfferViewed
from projections.case_view.shown_values import MoneyShown, TermsShown


def obligation_words(
    owed: Obligation, state: str, context: Context, language: str
) -> str:
    """Return such as "Pay ¥129.00, owed by the seller (to be performed)"."""
    label = context.codes.duties.get(owed.duty)
    return say(
        "lines",
        "obligation",
        language,
        party=say("parties", owed.debtor, language),
        duty=getattr(label, language) if label else owed.duty,
        amount=_amount(owed.amount, language),
        state=say("obligation_states", state, language),
    )


def offer_words(offer: OfferViewed, context: Context, language: str) -> str:
    """Return such as "Offer of the seller: Refund ¥64.50 (open)"."""
    return say(
        "lines",
        "offer",
        language,
        party=say("parties", offer.by, language),
        terms=terms_words(offer.terms, context, language),
        state=say("offer_states", offer.state, language),
    )


def terms_words(terms: TermsShown, context: Context, language: str) -> str:
    """Return such as "Return and refund ¥129.00, freight borne by the seller"."""
    label = context.codes.remedies.get(terms.kind)
    said = getattr(label, language) if label else terms.kind
    said += _amount(_read(terms.amount), language)
    if terms.freight is not None:
        party = say("parties", terms.freight, language)
        said += say("lines", "freight", language, party=party)
    return str(said)


def deadline_words(
    deadline: Deadline, context: Context, language: str, *, missed: bool
) -> str:
    """Return such as "evidence from the buyer by the end of 28 November"."""
    zone = context.rules.policy.zone
    return say(
        "lines",
        "deadline-missed" if missed else "deadline",
        language,
        party=say("parties", deadline.party, language),
        awaited=say("awaited", deadline.awaited, language),
        when=moment_in_words(deadline.due, zone, context.now, language),
    )


def _amount(amount: Money | None, language: str) -> str:
    if amount is None:
        return ""
    return say("lines", "amount", language, amount=amount_in_words(amount))


def _read(amount: MoneyShown | None) -> Money | None:
    return None if amount is None else parse(amount.amount, amount.currency)
