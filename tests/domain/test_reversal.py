"""What a changed ruling leaves owed: money and duties follow (4.4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.case.dispute import Phase
from domain.case.evolve import fold
from domain.case.outcome import ClaimResult, Outcome
from domain.enforcement.commands import ExecuteEnforcement, OrderEnforcement
from domain.performance.commands import ConfirmFulfilment, Fulfil
from domain.performance.events import Closed
from domain.terms import Terms
from tests.domain.stories import (
    APPEAL,
    APPEAL_SERVED,
    DAY,
    DISMISS,
    DISMISSAL,
    PAID,
    RETURN,
    SET_ASIDE,
    UPHELD,
    owed,
    ruled,
    running,
    varied,
)
from tests.sample_commands import COMMANDS
from tests.samples import (
    APPEALED,
    BUYER,
    CLOSED,
    ENFORCING,
    HALF,
    MEDIATOR,
    REFUND,
    RULING_SERVED,
    SELLER,
    SUPERVISOR,
    TO_RULE,
    play,
)


@pytest.mark.standard("4.4 upheld, varied or set aside")
def test_a_ruling_set_aside_leaves_nothing_owed_and_closes_once_served() -> None:
    history = play(*APPEALED, (SUPERVISOR, SET_ASIDE), *APPEAL_SERVED)
    assert history[-1] == Closed(outcome=Outcome.RULED, claim=ClaimResult.NOT_MET)


@pytest.mark.standard("4.4 upheld, varied or set aside")
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


@pytest.mark.standard("4.4 the money of a changed ruling follows")
def test_what_was_paid_under_a_ruling_set_aside_is_paid_back() -> None:
    history = play(*CLOSED, (SELLER, APPEAL), (SUPERVISOR, SET_ASIDE))
    assert owed(fold(history)) == [("buyer", "pay-back", 12_900)]
    assert fold(history).phase is Phase.PERFORMING


@pytest.mark.standard("4.4 the money of a changed ruling follows")
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
        (MEDIATOR, ExecuteEnforcement(number=1, reference="dep-77")),
        (SELLER, APPEAL),
        (SUPERVISOR, varied(reship)),
    )
    assert owed(fold(history)) == []


def test_a_new_duty_is_not_enforceable_because_an_old_one_was() -> None:
    late = (*ENFORCING, timedelta(days=3), (SELLER, APPEAL))
    history = play(*late, (SUPERVISOR, varied(HALF)))
    assert fold(history).missed == ()


def test_an_appeal_against_a_dismissal_can_still_win() -> None:
    dismissed = (*TO_RULE, (MEDIATOR, DISMISS), *RULING_SERVED[-2:])
    assert fold(play(*dismissed)).phase is Phase.CLOSED
    history = play(*dismissed, (BUYER, APPEAL), (SUPERVISOR, varied(REFUND)))
    assert owed(fold(history)) == [("seller", "pay", 12_900)]
    upheld = fold(play(*dismissed, (BUYER, APPEAL), (SUPERVISOR, UPHELD)))
    assert (upheld.phase, upheld.outcome) == (Phase.CLOSED, Outcome.RULED)
