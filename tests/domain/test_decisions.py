"""Decisions, told as given / when / then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.commands.clocks import PassDeadline
from domain.commands.filing import Admit, Assign, Refuse
from domain.commands.investigation import Escalate, SubmitEvidence
from domain.commands.negotiation import AcceptOffer, MakeOffer, RespondToClaim
from domain.commands.performance import ConfirmFulfilment, Fulfil
from domain.deadlines import Awaited
from domain.decide.silence import facts_of, overdue
from domain.dispute import Phase
from domain.events.clocks import DeadlineMissed
from domain.events.filing import Admitted, Filed
from domain.events.investigation import BurdenAssigned, Escalated, EvidenceClosed
from domain.events.negotiation import OfferAccepted, OfferMade, SellerResponded
from domain.events.performance import Closed, ObligationConfirmed
from domain.events.ruling import Ruled
from domain.evolve.folding import fold
from domain.money import Money
from domain.outcomes import ClaimResult, NoticeKind, Outcome, Trigger
from domain.refusals import Invalid, NoGround, NotFound, NotOpen, TooLate
from domain.roles import CLOCK, Actor, Party, Role
from domain.terms import Terms
from domain.waiting import waiting_on
from tests.samples import (
    ADMITTED,
    BUYER,
    CLOSED,
    COMMANDS,
    ESCALATED,
    FILE,
    FILED,
    HALF,
    MEDIATOR,
    NEGOTIATING,
    NOW,
    OFFERED,
    ORDER,
    REFUND,
    RULE,
    RULING_SERVED,
    SELLER,
    SETTLED,
    SUPERVISOR,
    TO_RULE,
    context,
    play,
    serve,
)
from tests.scenario import given


def test_a_filing_states_its_deadline_for_admission() -> None:
    (filed,) = given().when(FILE, by=BUYER).then_types(Filed)
    assert isinstance(filed, Filed)
    (deadline,) = filed.deadlines
    assert (deadline.party, deadline.length) == (Party.PLATFORM, "1 working day")
    assert filed.policy == "cn-default/1"


def claiming(
    kind: str, amount: int | None = None, currency: str = "CNY"
) -> dict[str, Any]:
    money = None if amount is None else Money(amount, currency)
    return {"claim": Terms(kind=kind, amount=money)}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"category": "weather"}, "/category"),
        ({"reason": "not-received"}, "/reason"),
        ({"channel": "phone"}, "/channel"),
        ({"seller": "b-1"}, "/seller"),
        (claiming("refund"), "/claim/amount"),
        (claiming("dismissal"), "/claim/kind"),
        (claiming("repair", 12_900), "/claim/amount"),
        (claiming("refund", 12_901), "/claim/amount"),
        (claiming("refund", 0), "/claim/amount"),
        (claiming("refund", 1, "USD"), "/claim/amount/currency"),
        ({"order": replace(ORDER, paid=Money(1, "XAU"))}, "/order/paid/currency"),
        (
            {"order": replace(ORDER, received_at=NOW + timedelta(hours=1))},
            "/order/received_at",
        ),
    ],
)
def test_a_bad_filing_names_the_place(change: dict[str, Any], place: str) -> None:
    when = given().when(replace(FILE, **change), by=BUYER)
    with pytest.raises(Invalid) as caught:
        _ = when.facts
    assert place in [problem.pointer for problem in caught.value.problems]


def test_all_mistakes_of_a_filing_are_named_at_once() -> None:
    command = replace(FILE, category="weather", channel="smoke", seller="b-1")
    with pytest.raises(Invalid) as caught:
        _ = given().when(command, by=BUYER).facts
    places = {problem.pointer for problem in caught.value.problems}
    assert places == {"/channel", "/category", "/seller"}


def test_a_stranger_learns_nothing_of_the_case() -> None:
    stranger = Actor(role=Role.SELLER, id="s-2")
    given(*play(*ADMITTED)).when(COMMANDS[RespondToClaim], by=stranger).refused(
        NotFound
    )


def test_the_platform_acts_for_the_party_it_names() -> None:
    agent = Actor(role=Role.PLATFORM, id="p-1", on_behalf_of=Party.SELLER)
    given(*play(*ADMITTED)).when(COMMANDS[RespondToClaim], by=agent).then_types(
        SellerResponded
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
    facts = play(*ADMITTED, (SELLER, accept))
    dispute = fold(facts)
    assert dispute.phase is Phase.PERFORMING
    assert [duty.owed.amount for duty in dispute.duties] == [REFUND.amount]
    (deadline,) = dispute.deadlines
    assert (deadline.awaited, deadline.length) == (Awaited.PERFORMANCE, "24 hours")


def test_another_offer_comes_with_the_answer() -> None:
    answer = RespondToClaim(position="offer", offer=HALF)
    given(*play(*ADMITTED)).when(answer, by=SELLER).then_types(
        SellerResponded, OfferMade
    )


def test_nobody_accepts_his_own_offer() -> None:
    given(*play(*OFFERED)).when(AcceptOffer(number=1), by=SELLER).refused(NotOpen)


def test_a_new_offer_takes_the_place_of_the_last() -> None:
    history = play(*OFFERED, (SELLER, MakeOffer(terms=REFUND)))
    given(*history).when(AcceptOffer(number=1), by=BUYER).refused(NotOpen, open="2")


def test_an_offer_lapses_when_nobody_answers() -> None:
    history = play(*OFFERED, timedelta(days=2))
    assert any(isinstance(fact, DeadlineMissed) for fact in history)
    given(*history).when(AcceptOffer(number=1), by=BUYER).refused(NotOpen)


def test_a_settlement_is_closed_when_it_is_performed() -> None:
    history = play(*SETTLED, (SELLER, Fulfil(obligation=1)))
    assert fold(history).phase is Phase.PERFORMING
    _, closed = (
        given(*history)
        .when(ConfirmFulfilment(obligation=1), by=BUYER)
        .then_types(ObligationConfirmed, Closed)
    )
    assert closed == Closed(outcome=Outcome.SETTLED, claim=ClaimResult.PARTLY)


def test_what_was_never_reported_cannot_be_confirmed() -> None:
    confirm = ConfirmFulfilment(obligation=1)
    given(*play(*SETTLED)).when(confirm, by=BUYER).refused(NotOpen)


def test_a_refund_after_return_waits_for_the_return() -> None:
    both = Terms(kind="return-and-refund", amount=REFUND.amount)
    history = play(
        *NEGOTIATING, (SELLER, MakeOffer(terms=both)), (BUYER, AcceptOffer(number=1))
    )
    given(*history).when(Fulfil(obligation=2), by=SELLER).refused(NotOpen)
    returned = play(
        *NEGOTIATING,
        (SELLER, MakeOffer(terms=both)),
        (BUYER, AcceptOffer(number=1)),
        (BUYER, Fulfil(obligation=1)),
        (SELLER, ConfirmFulfilment(obligation=1)),
    )
    (deadline,) = fold(returned).deadlines
    assert (deadline.party, deadline.length) == (Party.SELLER, "7 days")


def test_a_silent_seller_lets_the_buyer_escalate() -> None:
    silent = play(*ADMITTED, timedelta(days=3))
    (missed,) = [fact for fact in silent if isinstance(fact, DeadlineMissed)]
    assert (missed.awaited, missed.party) == (Awaited.RESPONSE, Party.SELLER)
    given(*silent).when(Escalate(trigger=Trigger.NO_RESPONSE), by=BUYER).then_types(
        Escalated, BurdenAssigned
    )
    given(*silent).when(Escalate(trigger=Trigger.NO_AGREEMENT), by=BUYER).refused(
        NoGround, possible="no-response"
    )


def test_a_late_answer_still_opens_negotiation() -> None:
    silent = play(*ADMITTED, timedelta(days=3))
    later = NOW + timedelta(days=3)
    facts = given(*silent).when(COMMANDS[RespondToClaim], SELLER, later).facts
    assert fold((*silent, *facts)).phase is Phase.NEGOTIATING


def test_no_case_is_left_lying_when_everyone_is_silent() -> None:
    weeks = play(*ADMITTED, *[timedelta(days=1)] * 40)
    assert fold(weeks).phase is Phase.RULING
    waiting = waiting_on(fold(weeks))
    assert waiting is not None
    assert (waiting.party, waiting.awaited) == (Party.PLATFORM, Awaited.RULING)


def test_each_silence_is_its_own_fact() -> None:
    weeks = play(*ADMITTED, *[timedelta(days=1)] * 40)
    missed = [
        (fact.awaited, fact.party) for fact in weeks if isinstance(fact, DeadlineMissed)
    ]
    assert missed == [
        (Awaited.RESPONSE, Party.SELLER),
        (Awaited.ESCALATION, Party.BUYER),
        (Awaited.EVIDENCE, Party.BUYER),
        (Awaited.EVIDENCE, Party.SELLER),
        (Awaited.RULING, Party.PLATFORM),
    ]


def test_nothing_happens_before_its_time_or_twice() -> None:
    dispute = fold(play(*ADMITTED))
    due = dispute.deadlines[0].due
    assert overdue(dispute, context(CLOCK, due - timedelta(microseconds=1))) == ()
    facts = facts_of(overdue(dispute, context(CLOCK, due)))
    assert facts != ()
    assert overdue(fold(facts, dispute), context(CLOCK, due)) == ()


def test_a_passed_deadline_is_the_clocks_to_record() -> None:
    dispute = fold(play(*ADMITTED))
    deadline = dispute.deadlines[0]
    passed = PassDeadline(
        awaited=deadline.awaited, party=deadline.party, due=deadline.due
    )
    history = play(*ADMITTED)
    given(*history).when(passed, CLOCK, deadline.due).then_types(DeadlineMissed)
    given(*history).when(passed, CLOCK, NOW).then()


def test_evidence_is_taken_until_the_side_is_closed() -> None:
    evidence = COMMANDS[SubmitEvidence]
    history = play(*ESCALATED, (BUYER, evidence), timedelta(days=2))
    given(*history).when(replace(evidence, sha256="cd" * 32), by=BUYER).then_types(
        *[type(fact) for fact in play(*ESCALATED, (BUYER, evidence))[-1:]]
    )
    closed = [fact for fact in history if isinstance(fact, EvidenceClosed)]
    assert closed == []
    over = play(*ESCALATED, (BUYER, evidence), timedelta(days=3))
    sides = [fact for fact in over if isinstance(fact, EvidenceClosed)]
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
        _ = given(*play(*TO_RULE)).when(ruling, by=MEDIATOR).facts  # type: ignore[arg-type]
    assert place in [problem.pointer for problem in caught.value.problems]


def test_performance_runs_from_service_of_the_ruling() -> None:
    given(*play(*TO_RULE)).when(RULE, by=MEDIATOR).then_types(Ruled)
    ruled = play(*TO_RULE, (MEDIATOR, RULE), serve(NoticeKind.RULING, Party.BUYER))
    assert [one.key[:2] for one in fold(ruled).deadlines] == [
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


def test_after_default_the_debtor_has_a_last_voluntary_period() -> None:
    late = play(*RULING_SERVED, timedelta(days=2))
    waiting = waiting_on(fold(late))
    assert waiting is not None
    assert (waiting.party, waiting.awaited) == (Party.SELLER, Awaited.VOLUNTARY)
    given(*late).when(Fulfil(obligation=1), SELLER, NOW + timedelta(days=9)).facts  # noqa: B018


def test_silence_confirms_performance() -> None:
    history = play(*RULING_SERVED, (SELLER, Fulfil(obligation=1)), timedelta(days=7))
    confirmed = [fact for fact in history if isinstance(fact, ObligationConfirmed)]
    assert [fact.deemed for fact in confirmed] == [True]
    assert history[-1] == Closed(outcome=Outcome.RULED, claim=ClaimResult.MET)


def test_a_broken_settlement_goes_to_the_platform() -> None:
    cooperation = Escalate(trigger=Trigger.NON_COOPERATION)
    given(*play(*SETTLED)).when(cooperation, by=BUYER).refused(NoGround)
    broken = play(*SETTLED, timedelta(days=2))
    given(*broken).when(cooperation, by=BUYER).then_types(Escalated, BurdenAssigned)


def test_a_refusal_names_ground_words_and_other_routes() -> None:
    bare = Refuse(ground="mood", explanation="No.", routes=())
    with pytest.raises(Invalid) as caught:
        _ = given(*play(*FILED)).when(bare, by=MEDIATOR).facts
    assert [one.pointer for one in caught.value.problems] == ["/ground", "/routes"]


def test_a_mediator_takes_cases_and_a_supervisor_gives_them() -> None:
    taken = play(*FILED, (MEDIATOR, Assign(mediator="m-1")))
    given(*taken).when(Assign(mediator="m-1"), by=MEDIATOR).then()
    second = Actor(role=Role.MEDIATOR, id="m-2")
    assert given(*taken).when(Assign(mediator="m-2"), by=SUPERVISOR).facts
    with pytest.raises(Exception, match="Somebody else has the case"):
        _ = given(*taken).when(Assign(mediator="m-2"), by=second).facts


def test_the_whole_history_in_order() -> None:
    names = [type(fact).__name__ for fact in play(*CLOSED)]
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
    assert isinstance(play(*CLOSED)[1], Admitted)
    assert isinstance(play(*SETTLED)[-1], OfferAccepted)
