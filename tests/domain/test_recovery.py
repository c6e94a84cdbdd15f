"""What ends enforcement, and how advances come back (4.4.3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.case.dispute import Phase
from domain.case.evolve import fold
from domain.deadlines.deadline import Awaited
from domain.deadlines.events import DeadlineMissed
from domain.enforcement.case_ledger import Account, balance
from domain.enforcement.commands import (
    ExecuteEnforcement,
    OrderEnforcement,
    RecoverAdvance,
)
from domain.enforcement.events import AdvanceRecovered, EnforcementOrdered
from domain.escalation.commands import Escalate
from domain.escalation.events import Trigger
from domain.money import Money
from domain.negotiation.commands import AcceptOffer, MakeOffer
from domain.performance.commands import ConfirmFulfilment, ContestFulfilment, Fulfil
from domain.performance.events import FulfilmentContested
from domain.refusals import NotOpen
from domain.roles import Party
from tests.domain.expected_events import deadline
from tests.domain.stories import APPEAL, SET_ASIDE, of, owed, settled, wrong_places
from tests.samples import (
    BUYER,
    ENFORCING,
    MEDIATOR,
    PLATFORM,
    REFUND,
    RULING_SERVED,
    SELLER,
    SUPERVISOR,
    Step,
    play,
)
from tests.scenario import after

CONTEST = ContestFulfilment(obligation=1, statement="Nothing came.")
DONE = ExecuteEnforcement(number=1, reference="dep-77")


def order(method: str, amount: int | None = None) -> OrderEnforcement:
    money = None if amount is None else Money(amount, "CNY")
    return OrderEnforcement(obligation=1, method=method, amount=money)


ORDERED = EnforcementOrdered(
    number=1, obligation=1, method="advance", amount=Money(12_900, "CNY")
)
ADVANCED: tuple[Step, ...] = (
    *ENFORCING,
    (MEDIATOR, order("advance", 12_900)),
    (MEDIATOR, DONE),
)


@pytest.mark.standard("4.4.3 deduct, advance and recover, delay, no return, restrict")
def test_an_advance_is_recovered_up_to_what_is_outstanding() -> None:
    recover = RecoverAdvance(amount=Money(12_900, "CNY"), reference="set-9")
    after(*ADVANCED).when(recover, by=PLATFORM).then(
        AdvanceRecovered(amount=Money(12_900, "CNY"), reference="set-9")
    )
    again = after(*ADVANCED, (PLATFORM, recover))
    assert balance(fold(again.history).postings, Account.PLATFORM) == 0
    when = again.when(recover, by=PLATFORM)
    assert wrong_places(when) == [("/amount", "above-balance")]


@pytest.mark.standard("4.4 the money of a changed ruling follows")
def test_the_seller_gives_back_no_advance_that_the_buyer_has_to_pay_back() -> None:
    aside: tuple[Step, ...] = (*ADVANCED, (SELLER, APPEAL), (SUPERVISOR, SET_ASIDE))
    assert owed(fold(play(*aside))) == [("buyer", "pay-back", 12_900)]
    recover = RecoverAdvance(amount=Money(1, "CNY"), reference="set-9")
    when = after(*aside).when(recover, by=PLATFORM)
    assert wrong_places(when) == [("/amount", "above-balance")]
    paid_back = play(
        *aside, (BUYER, Fulfil(obligation=1)), (SELLER, ConfirmFulfilment(obligation=1))
    )
    assert balance(fold(paid_back).postings, Account.PLATFORM) == 0


@pytest.mark.standard(
    "4.4.3 a missed obligation, 24 voluntary hours, then the platform"
)
def test_a_second_contested_report_leads_to_execution_not_to_more_time() -> None:
    once = (*RULING_SERVED, (SELLER, Fulfil(obligation=1)), (BUYER, CONTEST))
    assert fold(play(*once)).phase is Phase.PERFORMING
    twice = (*once, (SELLER, Fulfil(obligation=1)))
    # Reported on Thursday: the working day to act is Friday, until midnight.
    act = deadline(
        "enforcement",
        "platform",
        "1 working day",
        since="03-05 10:00",
        until="03-07 00:00",
        item=1,
    )
    after(*twice).when(CONTEST, by=BUYER).then(
        FulfilmentContested(
            obligation=1,
            by=Party.BUYER,
            statement="Nothing came.",
            deadlines=(act,),
        )
    )
    contested = after(*twice, (BUYER, CONTEST))
    assert fold(contested.history).phase is Phase.ENFORCING
    contested.when(Fulfil(obligation=1), by=SELLER).refused(NotOpen)
    contested.when(order("advance", 12_900), by=MEDIATOR).then(ORDERED)


BROKEN: tuple[Step, ...] = (*settled(REFUND), timedelta(days=1), timedelta(days=1))
LEFT = Escalate(trigger=Trigger.NON_COOPERATION)


def test_an_order_ends_with_the_decision_that_it_executes() -> None:
    history = play(*BROKEN, (MEDIATOR, order("advance", 12_900)), (BUYER, LEFT))
    assert [one.pending for one in fold(history).enforcements] == [False]


def test_a_settlement_takes_off_what_was_executed_before() -> None:
    history = play(
        *BROKEN,
        (MEDIATOR, order("advance", 2_900)),
        (MEDIATOR, DONE),
        (BUYER, LEFT),
        (SELLER, MakeOffer(terms=REFUND)),
        (BUYER, AcceptOffer(number=2)),
    )
    assert owed(fold(history)) == [("seller", "pay", 10_000)]


def test_an_advance_is_recovered_in_a_case_that_was_escalated_again() -> None:
    history = after(
        *BROKEN, (MEDIATOR, order("advance", 2_900)), (MEDIATOR, DONE), (BUYER, LEFT)
    )
    recover = RecoverAdvance(amount=Money(2_900, "CNY"), reference="set-9")
    history.when(recover, by=PLATFORM).then(
        AdvanceRecovered(amount=Money(2_900, "CNY"), reference="set-9")
    )


def test_a_late_order_is_noted_and_still_awaited() -> None:
    late = after(*ENFORCING, timedelta(days=3))
    assert of(DeadlineMissed, late.history)[-1].awaited is Awaited.ENFORCEMENT
    late.when(order("advance", 12_900), by=MEDIATOR).then(ORDERED)
