"""Offers: by either side, and by the platform to both; every answer is kept (4.2)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.case.dispute import Phase
from domain.case.evolve import fold
from domain.money import Money
from domain.negotiation.commands import (
    AcceptOffer,
    DeclineOffer,
    MakeOffer,
)
from domain.negotiation.events import (
    OfferAccepted,
    OfferDeclined,
    OfferLapsed,
)
from domain.refusals import NotOpen
from domain.roles import Party
from domain.terms import Terms
from tests.domain.expected_events import owes, payment
from tests.domain.stories import DAY, of, owed, running, wrong_places
from tests.samples import (
    BUYER,
    HALF,
    MEDIATOR,
    NEGOTIATING,
    OFFERED,
    REFUND,
    SELLER,
    Step,
    play,
)
from tests.scenario import after, given

PROPOSED: tuple[Step, ...] = (*NEGOTIATING, (MEDIATOR, MakeOffer(terms=HALF)))


YES, NO = AcceptOffer(number=1), DeclineOffer(number=1)


@pytest.mark.standard(
    "4.2 either side offers, or the platform beside them; all answers are kept"
)
def test_either_side_offers_and_the_other_answers_with_an_offer() -> None:
    countered = play(*OFFERED, (BUYER, MakeOffer(terms=REFUND)))
    assert [offer.by for offer in fold(countered).offers] == [
        Party.SELLER,
        Party.BUYER,
    ]
    given(*countered).when(AcceptOffer(number=2), by=SELLER).then(
        OfferAccepted(
            number=2,
            by=Party.SELLER,
            terms=REFUND,
            obligations=(owes(12_900),),
            deadlines=(payment(since="03-02 10:00", until="03-03 10:00"),),
        )
    )


def test_an_offer_is_to_be_answered_in_two_days() -> None:
    assert running(play(*OFFERED))["offer-answer", "buyer"] == 2 * DAY


def test_an_offer_above_what_was_paid_is_refused() -> None:
    more = MakeOffer(terms=Terms(kind="refund", amount=Money(12_901, "CNY")))
    when = after(*NEGOTIATING).when(more, by=SELLER)
    assert wrong_places(when) == [("/terms/amount", "above-order")]


@pytest.mark.standard(
    "4.2 either side offers, or the platform beside them; all answers are kept"
)
def test_every_answer_to_an_offer_is_kept() -> None:
    declined = play(*OFFERED, (BUYER, NO))
    assert of(OfferDeclined, declined) == [OfferDeclined(number=1, by=Party.BUYER)]
    given(*declined).when(YES, by=BUYER).refused(NotOpen, open="")


@pytest.mark.standard(
    "4.2 either side offers, or the platform beside them; all answers are kept"
)
def test_the_answer_to_a_lapsed_offer_is_refused_and_says_what_is_open() -> None:
    lapsed = (*OFFERED, timedelta(days=2), (BUYER, MakeOffer(terms=REFUND)))
    assert of(OfferLapsed, play(*lapsed)) == [OfferLapsed(number=1)]
    after(*lapsed).when(YES, by=BUYER).refused(NotOpen, number="1", open="")
    after(*lapsed).when(YES, by=SELLER).refused(NotOpen, number="1", open="2")


@pytest.mark.standard("4.2 both confirm an agreement")
def test_what_the_platform_proposes_is_settled_when_both_have_agreed() -> None:
    one = play(*PROPOSED, (BUYER, YES))
    assert fold(one).phase is Phase.NEGOTIATING
    given(*one).when(YES, by=BUYER).refused(NotOpen)
    both = play(*PROPOSED, (BUYER, YES), (SELLER, YES))
    assert fold(both).phase is Phase.PERFORMING
    assert owed(fold(both)) == [("seller", "pay", 6_450)]


@pytest.mark.standard("4.2 both confirm an agreement")
def test_a_proposal_that_one_side_declines_is_gone_for_both() -> None:
    declined = play(*PROPOSED, (BUYER, YES), (SELLER, NO))
    assert fold(declined).offers == ()
    assert ("offer-answer", "seller") not in running(declined)
    given(*declined).when(YES, by=SELLER).refused(NotOpen)


@pytest.mark.standard("4.2 both confirm an agreement")
def test_a_new_proposal_has_to_be_agreed_to_anew() -> None:
    again = play(*PROPOSED, (BUYER, YES), (MEDIATOR, MakeOffer(terms=REFUND)))
    given(*again).when(YES, by=SELLER).refused(NotOpen, open="2")
    assert fold(play(*PROPOSED, (BUYER, YES))).offers[0].accepted_by == (Party.BUYER,)
    agreed = AcceptOffer(number=2)
    for one in (BUYER, SELLER):
        given(*again).when(agreed, by=one).then(
            OfferAccepted(
                number=2, by=one.party, terms=REFUND, obligations=(), settles=False
            )
        )


@pytest.mark.standard(
    "4.2 either side offers, or the platform beside them; all answers are kept"
)
def test_the_platforms_proposal_stands_beside_the_parties_offers() -> None:
    beside = fold(play(*OFFERED, (MEDIATOR, MakeOffer(terms=REFUND))))
    assert [offer.by for offer in beside.offers] == [Party.SELLER, Party.PLATFORM]
