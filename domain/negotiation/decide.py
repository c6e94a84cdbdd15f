"""The seller's answer, messages and the offers of all sides (4.1.3, 4.2)."""

from __future__ import annotations

from collections.abc import Iterator

from domain.case.context import Context
from domain.case.dispute import Dispute, Offer
from domain.case.events import DisputeEvent
from domain.case.evolve import evolve, fold
from domain.deadlines.deadline import Awaited, Deadline
from domain.line_total import line_problems
from domain.negotiation.commands import (
    AcceptOffer,
    DeclineOffer,
    MakeOffer,
    PostMessage,
    RespondToClaim,
)
from domain.negotiation.events import (
    MessagePosted,
    OfferAccepted,
    OfferDeclined,
    OfferMade,
    SellerResponded,
)
from domain.performance.decide import closing, performance_starts
from domain.performance.reversal import deemed_paid, netted
from domain.refusals import NoGround, NotOpen, Problem, refuse_if
from domain.roles import Party, other
from domain.terms import Terms, owed_under, terms_problems

PARTIES = (Party.BUYER, Party.SELLER)


def respond(
    command: RespondToClaim, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Answer the claim: accept it, offer something else, or contest it."""
    refuse_if(_answer_problems(command, dispute, context))
    if command.position == "accept":
        return (_acceptance(command, dispute, context),)
    answer = SellerResponded(
        position=command.position,
        statement=command.statement,
        deadlines=(context.until(Awaited.NEGOTIATION, Party.BOTH),),
    )
    if command.offer is None:
        return (answer,)
    return answer, _offer(command.offer, None, dispute, context)


def _acceptance(
    command: RespondToClaim, dispute: Dispute, context: Context
) -> SellerResponded:
    claim = (dispute.claim,) if dispute.claim else ()
    obligations = owed_under(claim, context.codes)
    return SellerResponded(
        position=command.position,
        statement=command.statement,
        obligations=obligations,
        deadlines=performance_starts(obligations, context),
    )


def _answer_problems(
    command: RespondToClaim, dispute: Dispute, context: Context
) -> Iterator[Problem]:
    allowed = context.codes.own("positions")
    if command.position not in allowed:
        yield Problem("/position", "unknown-code", {"allowed": ", ".join(allowed)})
    if command.position == "accept" and dispute.claim is None:
        yield Problem("/position", "no-claim")
    if command.position == "accept" and dispute.claim is not None:
        claim = (dispute.claim,)
        yield from line_problems(claim, "/position", dispute.paid, context)
    if command.position == "contest" and not command.statement:
        yield Problem("/statement", "required", {"for": "contest"})
    if command.position == "offer" and command.offer is None:
        yield Problem("/offer", "required", {"for": "offer"})
    if command.position != "offer" and command.offer is not None:
        yield Problem("/offer", "not-with-this", {"for": command.position})
    if command.offer is not None:
        yield from _offer_problems(command.offer, "/offer", dispute, context)


def post(
    command: PostMessage, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Post a message; messages belong to the case (4.2)."""
    return (
        MessagePosted(
            number=dispute.messages + 1,
            by=context.actor.party,
            text=command.text,
            attachment=command.attachment,
        ),
    )


def make_offer(
    command: MakeOffer, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Propose terms; they take the place of the same side's last offer."""
    refuse_if(_offer_problems(command.terms, "/terms", dispute, context))
    own = (offer for offer in dispute.offers if offer.by is context.actor.party)
    # The same offer once more would only give the other side new time to answer.
    if any(offer.terms == command.terms for offer in own):
        return ()
    return (_offer(command.terms, command.message, dispute, context),)


def _offer(
    terms: Terms, message: str | None, dispute: Dispute, context: Context
) -> OfferMade:
    # Of all offers that were ever made, not of those still open: a number is an offer's
    # for ever.
    number, by = dispute.offers_made + 1, context.actor.party
    own = (offer.number for offer in dispute.offers if offer.by is by)
    return OfferMade(
        number=number,
        by=by,
        terms=terms,
        message=message,
        deadlines=tuple(_answer_deadlines(number, by, context)),
        replaces=next(own, None),
    )


def _answer_deadlines(number: int, by: Party, context: Context) -> Iterator[Deadline]:
    """Start the time to answer for the other side; for both if the platform offers."""
    for party in PARTIES if by is Party.PLATFORM else (other(by),):
        yield context.until(Awaited.OFFER_ANSWER, party, number)


def _offer_problems(
    terms: Terms, at: str, dispute: Dispute, context: Context
) -> Iterator[Problem]:
    codes = context.codes
    yield from terms_problems(terms, at, codes, codes.claims, dispute.paid)
    yield from line_problems((terms,), f"{at}/amount", dispute.paid, context)


def accept_offer(
    command: AcceptOffer, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Agree; once everybody has, the case is settled and performance begins to run."""
    offer = _answerable(command.number, dispute, context)
    by = context.actor.party
    # 4.2: both confirm. A party's own offer is its consent; the platform's is nobody's.
    if offer.by is Party.PLATFORM and not offer.accepted_by:
        return (
            OfferAccepted(
                number=offer.number,
                by=by,
                terms=offer.terms,
                obligations=(),
                settles=False,
            ),
        )
    if not _is_affordable(offer, dispute, context):
        raise NoGround(reason="above-line")
    # A settlement can follow one that was kept in part: what was paid is taken off.
    settled = deemed_paid(dispute)
    dispute = fold(settled, dispute)
    obligations = netted((offer.terms,), dispute, context.codes)
    accepted = OfferAccepted(
        number=offer.number,
        by=by,
        terms=offer.terms,
        obligations=obligations,
        deadlines=performance_starts(obligations, context),
    )
    # Nothing may be left to perform, and then the case closes with the agreement.
    return *settled, accepted, *closing(evolve(dispute, accepted))


def decline_offer(
    command: DeclineOffer, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Do not agree; negotiation goes on."""
    offer = _answerable(command.number, dispute, context)
    by, message = context.actor.party, command.message
    return (OfferDeclined(number=offer.number, by=by, message=message),)


def answerable_offers(dispute: Dispute, context: Context) -> tuple[int, ...]:
    """List the open offers that the actor's side may accept or decline."""
    by = context.actor.party
    return tuple(
        one.number
        for one in dispute.offers
        if one.by is not by and by not in one.accepted_by
    )


def acceptable_offers(dispute: Dispute, context: Context) -> tuple[int, ...]:
    """List the open offers that the actor's side may accept."""
    affordable = {
        one.number for one in dispute.offers if _is_affordable(one, dispute, context)
    }
    open_now = answerable_offers(dispute, context)
    return tuple(number for number in open_now if number in affordable)


def _is_affordable(offer: Offer, dispute: Dispute, context: Context) -> bool:
    # Another case on the order line may have granted money since the offer was made.
    return not any(line_problems((offer.terms,), "", dispute.paid, context))


def _answerable(number: int, dispute: Dispute, context: Context) -> Offer:
    open_now = answerable_offers(dispute, context)
    if number not in open_now:
        raise NotOpen(number=str(number), open=", ".join(map(str, open_now)))
    return next(offer for offer in dispute.offers if offer.number == number)
