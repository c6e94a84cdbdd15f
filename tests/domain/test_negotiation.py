"""The seller's answer, messages, offers, and what ends negotiation (4.1.3, 4.2)."""

from __future__ import annotations

import pytest

from domain.case.dispute import Phase
from domain.case.evolve import fold
from domain.deadlines.waiting_on import silence_leads_to
from domain.negotiation.commands import (
    AcceptOffer,
    DeclineOffer,
    MakeOffer,
    PostMessage,
    RespondToClaim,
)
from domain.negotiation.events import (
    Attachment,
    MessagePosted,
    OfferMade,
    SellerResponded,
)
from domain.performance.events import Closed
from domain.roles import Party
from domain.terms import Terms
from tests.domain.expected_events import deadline, owes, payment, responded
from tests.domain.stories import DAY, of, owed, running, settled, wrong_places
from tests.samples import (
    ADMITTED,
    BOOKS,
    BUYER,
    ESCALATED,
    HALF,
    MEDIATOR,
    NEGOTIATING,
    OFFERED,
    REFUND,
    SELLER,
    SETTLED,
    SUSPENDED,
    UNANSWERED,
    Step,
    play,
)
from tests.scenario import after, given

LEADS_TO = {
    "evidence": "evidence-closes",
    "performance": "default",
    "voluntary": "enforcement",
    "confirmation": "deemed",
    "suspension": "resumes",
    "service": "starts-with-service",
}
YES, NO = AcceptOffer(number=1), DeclineOffer(number=1)


@pytest.mark.standard(
    "4.1.3 the seller accepts, offers something else, or contests with grounds"
)
@pytest.mark.parametrize(("steps", "day"), [(ADMITTED, 2), (UNANSWERED, 5)])
def test_the_seller_accepts_offers_something_else_or_contests(
    steps: tuple[Step, ...], day: int
) -> None:
    answered = after(*steps)
    now, agreed_by = f"03-{day:02} 10:00", f"03-{day + 3:02} 10:00"
    answered.when(RespondToClaim(position="accept"), by=SELLER).then(
        SellerResponded(
            position="accept",
            obligations=(owes(12_900),),
            deadlines=(payment(since=now, until=f"03-{day + 1:02} 10:00"),),
        )
    )
    contest = RespondToClaim(position="contest", statement="It was fine.")
    answered.when(contest, by=SELLER).then(
        responded("contest", since=now, until=agreed_by, statement="It was fine.")
    )
    answer = deadline(
        "offer-answer",
        "buyer",
        "2 days",
        since=now,
        until=f"03-{day + 2:02} 10:00",
        item=1,
    )
    answered.when(RespondToClaim(position="offer", offer=HALF), by=SELLER).then(
        responded("offer", since=now, until=agreed_by),
        OfferMade(number=1, by=Party.SELLER, terms=HALF, deadlines=(answer,)),
    )


@pytest.mark.standard(
    "4.1.3 the seller accepts, offers something else, or contests with grounds"
)
@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        (RespondToClaim(position="contest"), ("/statement", "required")),
        (RespondToClaim(position="offer"), ("/offer", "required")),
        (RespondToClaim(position="accept", offer=HALF), ("/offer", "not-with-this")),
        (RespondToClaim(position="no-relief"), ("/position", "unknown-code")),
    ],
)
def test_an_answer_that_says_too_little_names_what_is_missing(
    answer: RespondToClaim, wrong: tuple[str, str]
) -> None:
    assert wrong in wrong_places(after(*ADMITTED).when(answer, by=SELLER))


def test_after_the_answer_there_are_three_days_to_agree() -> None:
    assert running(play(*NEGOTIATING)) == {("negotiation", "both"): 3 * DAY}


@pytest.mark.standard("4.2 messages belong to the case")
def test_what_is_said_belongs_to_the_case_with_what_is_attached() -> None:
    photo = Attachment(sha256="ab" * 32, size=10, media_type="image/png")
    said = PostMessage(text="Here it is.", attachment=photo)
    for by in (BUYER, SELLER, MEDIATOR):
        after(*NEGOTIATING).when(said, by=by).then(
            MessagePosted(number=1, by=by.party, text="Here it is.", attachment=photo)
        )


@pytest.mark.standard("4.2 a case ends only when the agreement is performed")
def test_an_agreement_is_not_the_end_before_it_is_performed() -> None:
    assert of(Closed, play(*SETTLED)) == []
    assert running(play(*SETTLED)) == {("performance", "seller"): DAY}


@pytest.mark.standard(
    "4 any live case may be withdrawn until decided, settled, rest, or go elsewhere"
)
def test_a_settlement_is_possible_until_it_is_ruled_and_while_suspended() -> None:
    for steps in (ESCALATED, SUSPENDED):
        history = play(*steps, (SELLER, MakeOffer(terms=HALF)), (BUYER, YES))
        dispute = fold(history)
        assert (dispute.phase, dispute.suspended) == (Phase.PERFORMING, None)


def test_an_offer_answered_while_all_stands_still_does_not_lapse_later() -> None:
    history = play(*SUSPENDED[:-1], *OFFERED[4:], SUSPENDED[-1])
    declined = (*history, *given(*history).when(NO, by=BUYER).events)
    assert [one for pause in fold(declined).pauses for one in pause.held] == [
        one for one in fold(history).pauses[0].held if one.item is None
    ]


def test_an_agreement_on_a_return_is_owed_in_order() -> None:
    both = Terms(kind="return-and-refund", amount=REFUND.amount)
    assert owed(fold(play(*settled(both)))) == [
        ("buyer", "return", None),
        ("seller", "pay", 12_900),
    ]


@pytest.mark.standard("4.2 what silence leads to is said in advance")
def test_what_silence_leads_to_is_said_in_advance_on_every_step() -> None:
    said = {
        profile: [
            silence_leads_to(step, BOOKS[profile].policy)
            for step in ("response", "negotiation", "escalation", "offer-answer")
        ]
        for profile in BOOKS.ids
    }
    assert said == {
        "cn-default/1": ["may-escalate", "may-escalate", "escalate", "lapses"],
        "jd-like/1": ["escalate", "escalate", "escalate", "lapses"],
        "wechat-like/1": ["may-escalate", "may-escalate", "withdraw", "lapses"],
    }
    policy = BOOKS["cn-default/1"].policy
    assert {step: silence_leads_to(step, policy) for step in LEADS_TO} == LEADS_TO
