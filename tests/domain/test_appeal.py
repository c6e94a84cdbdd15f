"""Appeals: each side once, in time, by another person; money follows (4.4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.commands.investigation import SubmitEvidence
from domain.commands.performance import (
    ConfirmFulfilment,
    ExecuteEnforcement,
    Fulfil,
    OrderEnforcement,
)
from domain.commands.ruling import DecideAppeal, RefuseAppeal
from domain.deadlines import Awaited
from domain.dispute import Phase
from domain.events.clocks import DeadlineMissed
from domain.events.investigation import EvidenceSubmitted
from domain.events.performance import Closed
from domain.events.ruling import AppealDecided, AppealFiled, AppealRefused
from domain.evolve.folding import fold
from domain.outcomes import AppealGround, ClaimResult, NoticeKind, Outcome
from domain.refusals import Conflicted, NoGround, NotAllowed, WrongPhase
from domain.roles import Party
from domain.terms import Terms
from tests.domain.stories import (
    APPEAL,
    APPEAL_SERVED,
    DAY,
    DISMISS,
    DISMISSAL,
    PAID,
    RETURN,
    SECOND_SUPERVISOR,
    SET_ASIDE,
    UPHELD,
    Step,
    of,
    owed,
    refused_as,
    ruled,
    running,
    varied,
    wrong_places,
)
from tests.samples import (
    APPEALED,
    BUYER,
    CLOSED,
    COMMANDS,
    ENFORCING,
    HALF,
    MEDIATOR,
    REFUND,
    RULE,
    RULED,
    RULING_SERVED,
    SELLER,
    SUPERVISOR,
    TO_RULE,
    play,
    serve,
)
from tests.scenario import given

NOT_TAKEN = RefuseAppeal(explanation="It names no error.")
BOTH_APPEAL: tuple[Step, ...] = (*APPEALED, (BUYER, APPEAL))


def test_an_appeal_states_new_evidence_or_an_error_and_stops_performance() -> None:
    for ground in AppealGround:
        facts = given(*play(*RULING_SERVED)).when(
            replace(APPEAL, ground=ground), by=SELLER
        )
        (filed,) = facts.then_types(AppealFiled)
        assert isinstance(filed, AppealFiled)
        assert filed.ground is ground
    assert Awaited.PERFORMANCE not in {key for key, _ in running(play(*APPEALED))}


def test_new_evidence_is_taken_while_the_appeal_is_open() -> None:
    video = replace(COMMANDS[SubmitEvidence], kind="video")
    given(*play(*APPEALED)).when(video, by=SELLER).then_types(EvidenceSubmitted)


def test_each_side_appeals_once() -> None:
    second = given(*play(*APPEALED)).when(APPEAL, by=SELLER)
    second.refused(NoGround, reason="second-appeal")
    again = given(*play(*APPEALED, (SUPERVISOR, UPHELD))).when(APPEAL, by=SELLER)
    again.refused(NoGround, reason="second-appeal")
    given(*play(*APPEALED)).when(APPEAL, by=BUYER).then_types(AppealFiled)


def test_the_time_to_appeal_is_seven_days_from_service() -> None:
    assert running(play(*RULING_SERVED))["appeal", "seller"] == 10 * DAY
    reported = (*RULING_SERVED, (SELLER, Fulfil(obligation=1)))
    in_time = play(*reported, timedelta(days=7, seconds=-1))
    given(*in_time).when(APPEAL, by=BUYER).then_types(AppealFiled)
    over = play(*reported, timedelta(days=7))
    given(*over).when(APPEAL, by=BUYER).refused(NoGround, reason="appeal-window")


def test_it_is_decided_within_seven_days() -> None:
    assert running(play(*APPEALED))["appeal-decision", "platform"] == 10 * DAY


def test_another_person_decides() -> None:
    by_supervisor = play(
        *TO_RULE,
        (SUPERVISOR, RULE),
        serve(NoticeKind.RULING, Party.SELLER),
        (SELLER, APPEAL),
    )
    given(*by_supervisor).when(UPHELD, by=SUPERVISOR).refused(
        Conflicted, relation="decider"
    )
    given(*by_supervisor).when(UPHELD, by=SECOND_SUPERVISOR).then_types(AppealDecided)
    given(*by_supervisor).when(UPHELD, by=MEDIATOR).refused(NotAllowed)


def test_an_upheld_ruling_goes_on_where_it_stood_still() -> None:
    later = (*APPEALED, timedelta(days=2), (SUPERVISOR, UPHELD))
    assert running(play(*later)) == {("performance", "seller"): 3 * DAY + 3 * DAY}


def test_who_appealed_is_not_said_to_have_missed_the_time_for_it() -> None:
    for decision in (UPHELD, NOT_TAKEN):
        facts = play(*APPEALED, (SUPERVISOR, decision), timedelta(days=9))
        missed = {(one.awaited, one.party) for one in of(DeadlineMissed, facts)}
        assert (Awaited.APPEAL, Party.SELLER) not in missed


def test_an_appeal_before_the_other_side_was_served_starts_no_limit_for_it() -> None:
    early: tuple[Step, ...] = (
        *RULED,
        serve(NoticeKind.RULING, Party.BUYER),
        (BUYER, APPEAL),
        (SUPERVISOR, NOT_TAKEN),
    )
    assert ("performance", "seller") not in running(play(*early))
    served = play(*early, serve(NoticeKind.RULING, Party.SELLER))
    assert running(served)["performance", "seller"] == 4 * DAY


def test_a_refused_appeal_of_both_sides_is_refused_to_both() -> None:
    refused = given(*play(*BOTH_APPEAL)).when(NOT_TAKEN, by=SUPERVISOR).facts
    assert [one.by for one in of(AppealRefused, refused)] == [
        Party.SELLER,
        Party.BUYER,
    ]
    assert fold((*play(*BOTH_APPEAL), *refused)).phase is Phase.PERFORMING


def test_after_one_refused_appeal_only_the_others_is_refused() -> None:
    history = play(*APPEALED, (SUPERVISOR, NOT_TAKEN), (BUYER, APPEAL))
    refused = given(*history).when(NOT_TAKEN, by=SUPERVISOR).facts
    assert [one.by for one in of(AppealRefused, refused)] == [Party.BUYER]


def test_a_ruling_set_aside_leaves_nothing_owed_and_closes_once_served() -> None:
    history = play(*APPEALED, (SUPERVISOR, SET_ASIDE), *APPEAL_SERVED)
    assert history[-1] == Closed(outcome=Outcome.RULED, claim=ClaimResult.NOT_MET)


def test_a_varied_ruling_is_owed_from_its_service() -> None:
    history = play(*APPEALED, (SUPERVISOR, varied(HALF)))
    assert owed(fold(history)) == [("seller", "pay", 6_450)]
    assert running(history) == {}
    assert running(play(*APPEALED, (SUPERVISOR, varied(HALF)), *APPEAL_SERVED)) == {
        ("performance", "seller"): 4 * DAY
    }


def test_a_ruling_varied_to_a_dismissal_does_not_meet_the_claim() -> None:
    dismissed = varied(DISMISSAL, liability="buyer")
    history = play(*APPEALED, (SUPERVISOR, dismissed), *APPEAL_SERVED)
    assert history[-1] == Closed(outcome=Outcome.RULED, claim=ClaimResult.NOT_MET)


def test_what_was_paid_under_a_ruling_set_aside_is_paid_back() -> None:
    history = play(*CLOSED, (SELLER, APPEAL), (SUPERVISOR, SET_ASIDE))
    assert owed(fold(history)) == [("buyer", "pay-back", 12_900)]
    assert fold(history).phase is Phase.PERFORMING


def test_a_closed_case_that_is_varied_owes_only_the_difference() -> None:
    half = (*ruled(HALF), *PAID, (BUYER, APPEAL))
    assert owed(fold(play(*half, (SUPERVISOR, varied(REFUND))))) == [
        ("seller", "pay", 6_450)
    ]
    assert owed(fold(play(*CLOSED, (SELLER, APPEAL), (SUPERVISOR, varied(HALF))))) == [
        ("buyer", "pay-back", 6_450)
    ]


def test_a_payment_that_was_reported_counts_in_an_appeal() -> None:
    reported = (*RULING_SERVED, (SELLER, Fulfil(obligation=1)), (SELLER, APPEAL))
    history = play(*reported, (SUPERVISOR, SET_ASIDE))
    assert owed(fold(history)) == [("buyer", "pay-back", 12_900)]


def test_a_return_that_was_made_is_not_owed_again() -> None:
    returned = (*ruled(RETURN), (BUYER, Fulfil(obligation=1)))
    confirmed = (*returned, (SELLER, ConfirmFulfilment(obligation=1)))
    history = play(*confirmed, (SELLER, APPEAL), (SUPERVISOR, varied(RETURN)))
    assert owed(fold(history)) == [("seller", "pay", 12_900)]


def test_money_in_place_of_a_thing_counts_for_it_after_an_appeal() -> None:
    reship = Terms(kind="reship")
    order = replace(COMMANDS[OrderEnforcement], method="deduct-deposit")
    history = play(
        *ruled(reship),
        timedelta(days=3),
        timedelta(days=1),
        (MEDIATOR, order),
        (MEDIATOR, ExecuteEnforcement(number=1)),
        (SELLER, APPEAL),
        (SUPERVISOR, varied(reship)),
    )
    assert owed(fold(history)) == []


def test_a_new_duty_is_not_enforceable_because_an_old_one_was() -> None:
    late = (*ENFORCING, timedelta(days=2), (SELLER, APPEAL))
    history = play(*late, (SUPERVISOR, varied(HALF)))
    assert fold(history).missed == ()


def test_an_appeal_against_a_dismissal_can_still_win() -> None:
    dismissed = (*TO_RULE, (MEDIATOR, DISMISS), *RULING_SERVED[-2:])
    assert fold(play(*dismissed)).phase is Phase.CLOSED
    history = play(*dismissed, (BUYER, APPEAL), (SUPERVISOR, varied(REFUND)))
    assert owed(fold(history)) == [("seller", "pay", 12_900)]
    upheld = fold(play(*dismissed, (BUYER, APPEAL), (SUPERVISOR, UPHELD)))
    assert (upheld.phase, upheld.outcome) == (Phase.CLOSED, Outcome.RULED)


@pytest.mark.parametrize(
    ("decision", "wrong"),
    [
        (replace(UPHELD, reasons=()), ("/reasons", "required")),
        (replace(UPHELD, liability="buyer"), ("/liability", "not-with-this")),
        (replace(SET_ASIDE, remedies=(HALF,)), ("/remedies", "not-with-this")),
        (varied(), ("/remedies", "required")),
        (varied(HALF, liability="fate"), ("/liability", "unknown-code")),
        (varied(REFUND, HALF), ("/remedies", "above-claim")),
    ],
)
def test_an_incomplete_appeal_decision_names_what_is_wrong(
    decision: DecideAppeal, wrong: tuple[str, str]
) -> None:
    when = given(*play(*APPEALED)).when(decision, by=SUPERVISOR)
    assert wrong in wrong_places(when)


def test_nothing_is_decided_where_nobody_appealed() -> None:
    refusal = refused_as(given(*play(*CLOSED)).when(UPHELD, by=SUPERVISOR))
    assert isinstance(refusal, WrongPhase)
    assert refusal.details == {"phase": "closed"}
