"""Decisions, told as given / when / then."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.admission.commands import Admit, Refuse
from domain.case.dispute import Phase
from domain.case.evolve import fold
from domain.case.outcome import ClaimResult, Outcome
from domain.deadlines.deadline import Awaited
from domain.deadlines.waiting_on import waiting_on
from domain.evidence.commands import SubmitEvidence
from domain.evidence.events import EvidenceClosed, EvidenceSubmitted
from domain.mediators.commands import Assign
from domain.mediators.events import MediatorAssigned
from domain.negotiation.commands import AcceptOffer, MakeOffer, RespondToClaim
from domain.negotiation.events import OfferMade
from domain.notices.events import NoticeKind
from domain.performance.commands import ConfirmFulfilment, Fulfil
from domain.performance.events import Closed, ObligationConfirmed
from domain.refusals import Assigned, Invalid, NotFound, NotOpen, TooLate
from domain.roles import Actor, Party, Role
from domain.terms import Terms
from tests.domain.expected_events import deadline, responded, ruled
from tests.sample_commands import COMMANDS
from tests.samples import (
    ADMITTED,
    BUYER,
    CLOSED,
    ESCALATED,
    FILED,
    HALF,
    MEDIATOR,
    NEGOTIATING,
    OFFERED,
    REFUND,
    RULE,
    RULING_SERVED,
    SELLER,
    SETTLED,
    SUPERVISOR,
    TO_RULE,
    play,
    serve,
)
from tests.scenario import after, given


def test_a_stranger_learns_nothing_of_the_case() -> None:
    stranger = Actor(role=Role.SELLER, id="s-2")
    after(*ADMITTED).when(COMMANDS[RespondToClaim], by=stranger).refused(NotFound)


def test_the_platform_acts_for_the_party_it_names() -> None:
    agent = Actor(role=Role.PLATFORM, id="p-1", on_behalf_of=Party.SELLER)
    after(*ADMITTED).when(COMMANDS[RespondToClaim], by=agent).then(
        responded(
            "contest",
            since="03-02 10:00",
            until="03-05 10:00",
            statement="It was fine.",
        )
    )


def test_the_limit_to_answer_runs_from_service_of_the_notice() -> None:
    admitted = play(*FILED, (MEDIATOR, Admit()))
    assert fold(admitted).deadlines == ()
    waiting = waiting_on(fold(admitted))
    assert waiting is not None
    assert waiting.awaited == "service"
    (deadline,) = fold(play(*ADMITTED)).deadlines
    assert (deadline.awaited, deadline.party) == (Awaited.RESPONSE, Party.SELLER)


def test_an_accepted_claim_is_settled_and_owed_at_once() -> None:
    accept = RespondToClaim(position="accept")
    events = play(*ADMITTED, (SELLER, accept))
    dispute = fold(events)
    assert dispute.phase is Phase.PERFORMING
    assert [duty.owed.amount for duty in dispute.duties] == [REFUND.amount]
    (deadline,) = dispute.deadlines
    assert (deadline.awaited, deadline.length) == (Awaited.PERFORMANCE, "24 hours")


def test_another_offer_comes_with_the_answer() -> None:
    answer = RespondToClaim(position="offer", offer=HALF)
    answering = deadline("offer-answer", "buyer", "2 days", until="03-04 10:00", item=1)
    after(*ADMITTED).when(answer, by=SELLER).then(
        responded("offer", since="03-02 10:00", until="03-05 10:00"),
        OfferMade(number=1, by=Party.SELLER, terms=HALF, deadlines=(answering,)),
    )


def test_nobody_accepts_his_own_offer() -> None:
    after(*OFFERED).when(AcceptOffer(number=1), by=SELLER).refused(NotOpen)


def test_a_new_offer_takes_the_place_of_the_last() -> None:
    history = after(*OFFERED, (SELLER, MakeOffer(terms=REFUND)))
    history.when(AcceptOffer(number=1), by=BUYER).refused(NotOpen, open="2")


@pytest.mark.standard("4.2 a case ends only when the agreement is performed")
def test_a_settlement_is_closed_when_it_is_performed() -> None:
    history = play(*SETTLED, (SELLER, Fulfil(obligation=1)))
    assert fold(history).phase is Phase.PERFORMING
    given(*history).when(ConfirmFulfilment(obligation=1), by=BUYER).then(
        ObligationConfirmed(obligation=1, by=Party.BUYER),
        Closed(outcome=Outcome.SETTLED, claim=ClaimResult.PARTLY),
    )


def test_what_was_never_reported_cannot_be_confirmed() -> None:
    confirm = ConfirmFulfilment(obligation=1)
    after(*SETTLED).when(confirm, by=BUYER).refused(NotOpen)


def test_a_refund_after_return_waits_for_the_return() -> None:
    both = Terms(kind="return-and-refund", amount=REFUND.amount)
    history = after(
        *NEGOTIATING, (SELLER, MakeOffer(terms=both)), (BUYER, AcceptOffer(number=1))
    )
    history.when(Fulfil(obligation=2), by=SELLER).refused(NotOpen)
    returned = play(
        *NEGOTIATING,
        (SELLER, MakeOffer(terms=both)),
        (BUYER, AcceptOffer(number=1)),
        (BUYER, Fulfil(obligation=1)),
        (SELLER, ConfirmFulfilment(obligation=1)),
    )
    (deadline,) = fold(returned).deadlines
    assert (deadline.party, deadline.length) == (Party.SELLER, "7 days")


def test_evidence_is_taken_until_the_side_is_closed() -> None:
    evidence = COMMANDS[SubmitEvidence]
    open_yet = (*ESCALATED, (BUYER, evidence), timedelta(days=2))
    after(*open_yet).when(replace(evidence, sha256="cd" * 32), by=BUYER).then(
        EvidenceSubmitted(
            number=2,
            by=Party.BUYER,
            kind="photo",
            sha256="cd" * 32,
            size=10,
            media_type="image/png",
        )
    )
    assert not [
        recorded for recorded in play(*open_yet) if isinstance(recorded, EvidenceClosed)
    ]
    over = play(*ESCALATED, (BUYER, evidence), timedelta(days=3))
    sides = [recorded for recorded in over if isinstance(recorded, EvidenceClosed)]
    assert [(side.party, side.items) for side in sides] == [
        (Party.BUYER, 1),
        (Party.SELLER, 0),
    ]


def test_one_side_closed_and_the_other_open() -> None:
    history = play(*ESCALATED)
    half_closed = (*history, EvidenceClosed(party=Party.BUYER, items=0))
    given(*half_closed).when(COMMANDS[SubmitEvidence], by=BUYER).refused(TooLate)
    assert fold(half_closed).phase is Phase.EVIDENCE


@pytest.mark.parametrize(
    ("ruling", "place"),
    [
        (replace(RULE, liability="fate"), "/liability"),
        (replace(RULE, remedies=()), "/remedies"),
        (replace(RULE, reasons=()), "/reasons"),
        (replace(RULE, remedies=(REFUND, REFUND)), "/remedies"),
        (replace(RULE, remedies=(REFUND, Terms(kind="dismissal"))), "/remedies/1/kind"),
        (
            replace(RULE, reasons=(replace(RULE.reasons[0], relied_on=(7,)),)),
            "/reasons/0/relied_on",
        ),
    ],
)
def test_an_incomplete_ruling_is_refused(ruling: object, place: str) -> None:
    with pytest.raises(Invalid) as caught:
        _ = after(*TO_RULE).when(ruling, by=MEDIATOR).events  # type: ignore[arg-type]
    assert place in [problem.pointer for problem in caught.value.problems]


def test_performance_runs_from_service_of_the_ruling() -> None:
    after(*TO_RULE).when(RULE, by=MEDIATOR).then(ruled())
    to_buyer = play(*TO_RULE, (MEDIATOR, RULE), serve(NoticeKind.RULING, Party.BUYER))
    assert [one.key[:2] for one in fold(to_buyer).deadlines] == [
        (Awaited.APPEAL, Party.BUYER)
    ]
    assert [one.key[:2] for one in fold(play(*RULING_SERVED)).deadlines] == [
        (Awaited.APPEAL, Party.BUYER),
        (Awaited.PERFORMANCE, Party.SELLER),
        (Awaited.APPEAL, Party.SELLER),
    ]


def test_a_dismissal_closes_once_both_know_it() -> None:
    dismissal = replace(RULE, liability="buyer", remedies=(Terms(kind="dismissal"),))
    history = play(
        *TO_RULE,
        (MEDIATOR, dismissal),
        serve(NoticeKind.RULING, Party.BUYER),
        serve(NoticeKind.RULING, Party.SELLER),
    )
    assert history[-1] == Closed(outcome=Outcome.RULED, claim=ClaimResult.NOT_MET)


@pytest.mark.standard("3.2 a refusal has ground, words and other routes")
def test_a_refusal_names_ground_words_and_other_routes() -> None:
    bare = Refuse(ground="mood", explanation="No.", routes=())
    with pytest.raises(Invalid) as caught:
        _ = after(*FILED).when(bare, by=MEDIATOR).events
    assert [one.pointer for one in caught.value.problems] == ["/ground", "/routes"]


def test_a_mediator_takes_cases_and_a_supervisor_gives_them() -> None:
    taken = after(*FILED, (MEDIATOR, Assign(mediator="m-1")))
    taken.when(Assign(mediator="m-1"), by=MEDIATOR).then()
    second = Actor(role=Role.MEDIATOR, id="m-2")
    taken.when(Assign(mediator="m-2"), by=SUPERVISOR).then(
        MediatorAssigned(mediator="m-2", taken_from="m-1")
    )
    taken.when(Assign(mediator="m-2"), by=second).refused(Assigned)
    taken.when(Assign(mediator="m-2", take_over=True), by=second).then(
        MediatorAssigned(mediator="m-2", taken_from="m-1")
    )


def test_the_whole_history_in_order() -> None:
    names = [type(recorded).__name__ for recorded in play(*CLOSED)]
    assert names == [
        "Filed",
        "Admitted",
        "NoticeServed",
        "SellerResponded",
        "Escalated",
        "BurdenAssigned",
        "DeadlineMissed",
        "EvidenceClosed",
        "DeadlineMissed",
        "EvidenceClosed",
        "Ruled",
        "NoticeServed",
        "NoticeServed",
        "Fulfilled",
        "ObligationConfirmed",
        "Closed",
    ]
