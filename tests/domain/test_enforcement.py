"""Default and enforcement: executed, failed, recovered; money balances (4.4.3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.case.dispute import Phase
from domain.case.evolve import fold
from domain.case.outcome import ClaimResult, Outcome
from domain.deadlines.deadline import Awaited
from domain.deadlines.waiting_on import waiting_on
from domain.enforcement.case_ledger import Account, balance
from domain.enforcement.commands import (
    ExecuteEnforcement,
    FailEnforcement,
    OrderEnforcement,
)
from domain.enforcement.events import (
    EnforcementExecuted,
    EnforcementFailed,
    EnforcementOrdered,
)
from domain.money import Money
from domain.performance.commands import ConfirmFulfilment, ContestFulfilment, Fulfil
from domain.performance.events import Closed, Defaulted
from domain.refusals import NotOpen
from domain.roles import Party
from domain.terms import Terms
from tests.domain.stories import RETURN, of, ruled, wrong_places
from tests.samples import (
    BUYER,
    ENFORCING,
    MEDIATOR,
    PLATFORM,
    REFUND,
    RULING_SERVED,
    SELLER,
    Step,
    play,
)
from tests.scenario import after

CONTEST = ContestFulfilment(obligation=1, statement="Nothing came.")
DONE = ExecuteEnforcement(number=1, reference="dep-77")
GONE = FailEnforcement(
    number=1, cause="insufficient-funds", final=True, routes=("court",)
)


def order(method: str, amount: int | None = None) -> OrderEnforcement:
    money = None if amount is None else Money(amount, "CNY")
    return OrderEnforcement(obligation=1, method=method, amount=money)


def ordered(method: str, amount: int) -> EnforcementOrdered:
    money = Money(amount, "CNY")
    return EnforcementOrdered(number=1, obligation=1, method=method, amount=money)


@pytest.mark.standard(
    "4.4.3 a missed obligation, 24 voluntary hours, then the platform"
)
def test_a_missed_obligation_has_24_voluntary_hours_then_the_platform_acts() -> None:
    default = play(*RULING_SERVED, timedelta(days=1))
    (defaulted,) = of(Defaulted, default)
    assert [str(one.length) for one in defaulted.deadlines] == ["24 hours"]
    assert fold(play(*ENFORCING)).phase is Phase.ENFORCING
    waiting = waiting_on(fold(play(*ENFORCING)))
    assert waiting is not None
    assert (waiting.party, waiting.awaited) == (Party.PLATFORM, Awaited.ENFORCEMENT)


def test_nothing_is_executed_before_the_voluntary_hours_are_over() -> None:
    early = (*ENFORCING, (SELLER, Fulfil(obligation=1)), (BUYER, CONTEST))
    after(*early).when(order("advance", 12_900), by=MEDIATOR).then(
        ordered("advance", 12_900)
    )
    two: tuple[Step, ...] = ruled(REFUND, Terms(kind="repair"))
    one_late = after(*two, timedelta(days=1), timedelta(days=1))
    second = replace(order("restrict-account"), obligation=2)
    one_late.when(second, by=MEDIATOR).refused(NotOpen, open="1")


@pytest.mark.standard("4.4.3 deduct, advance and recover, delay, no return, restrict")
@pytest.mark.parametrize(
    ("method", "payer"),
    [
        ("deduct-deposit", Account.DEPOSIT),
        ("deduct-settlement", Account.SETTLEMENT),
        ("advance", Account.PLATFORM),
    ],
)
def test_money_is_executed_from_where_the_method_says(
    method: str, payer: Account
) -> None:
    history = play(*ENFORCING, (MEDIATOR, order(method, 12_900)), (MEDIATOR, DONE))
    assert history[-1] == Closed(outcome=Outcome.ENFORCED, claim=ClaimResult.MET)
    postings = fold(history).postings
    assert balance(postings, Account.BUYER) == 12_900
    assert balance(postings, payer) == -12_900


@pytest.mark.standard("4.4.3 deduct, advance and recover, delay, no return, restrict")
@pytest.mark.parametrize("method", ["delay-settlement", "restrict-account"])
def test_what_only_presses_pays_nothing_and_discharges_nothing(method: str) -> None:
    history = play(*ENFORCING, (MEDIATOR, order(method)), (MEDIATOR, DONE))
    (executed,) = of(EnforcementExecuted, history)
    assert not executed.discharges
    assert fold(history).phase is Phase.ENFORCING


def test_a_part_can_be_executed_and_then_the_rest() -> None:
    part = (
        *ENFORCING,
        (MEDIATOR, order("deduct-deposit", 2_900)),
        (MEDIATOR, DONE),
    )
    too_much = after(*part).when(order("advance", 10_001), by=MEDIATOR)
    assert wrong_places(too_much) == [("/amount", "above-balance")]
    rest = play(
        *part,
        (MEDIATOR, order("advance", 10_000)),
        (MEDIATOR, ExecuteEnforcement(number=2, reference="dep-77")),
    )
    assert isinstance(rest[-1], Closed)


def test_what_the_debtor_pays_after_a_part_was_executed_is_the_rest() -> None:
    history = play(
        *ENFORCING,
        (MEDIATOR, order("deduct-deposit", 2_900)),
        (MEDIATOR, DONE),
        (SELLER, Fulfil(obligation=1)),
        (BUYER, ConfirmFulfilment(obligation=1)),
    )
    assert balance(fold(history).postings, Account.SELLER) == -10_000


def test_money_in_place_of_a_thing_is_never_more_than_the_order_cost() -> None:
    part = Terms(kind="compensation", amount=Money(3_000, "CNY"))
    late = after(
        *ruled(part, Terms(kind="reship")),
        timedelta(days=1),
        timedelta(days=2),
        timedelta(days=1),
    )
    in_place = replace(order("advance", 9_901), obligation=2)
    when = late.when(in_place, by=MEDIATOR)
    assert wrong_places(when) == [("/amount", "above-balance")]
    less = replace(order("advance", 9_900), obligation=2)
    late.when(less, by=MEDIATOR).then(replace(ordered("advance", 9_900), obligation=2))


@pytest.mark.standard("4.4.3 success and failure are different facts")
def test_failure_is_another_fact_than_success_and_names_its_cause() -> None:
    deducted = after(*ENFORCING, (MEDIATOR, order("deduct-deposit", 12_900)))
    failed = replace(GONE, final=False, routes=())
    deducted.when(failed, by=PLATFORM).then(
        EnforcementFailed(
            number=1, obligation=1, method="deduct-deposit", cause="insufficient-funds"
        )
    )
    unknown = deducted.when(replace(failed, cause="mood"), by=MEDIATOR)
    assert wrong_places(unknown) == [("/cause", "unknown-code")]


def test_after_a_failure_another_method_can_be_tried() -> None:
    failed = (
        *ENFORCING,
        (MEDIATOR, order("deduct-deposit", 12_900)),
        (MEDIATOR, replace(GONE, final=False, routes=())),
    )
    history = play(*failed, (MEDIATOR, order("advance", 12_900)))
    assert fold(history).enforcements[-1].number == 2


@pytest.mark.standard("4.4.3 success and failure are different facts")
def test_a_final_failure_shows_other_routes_and_closes_the_case() -> None:
    deducted = (*ENFORCING, (MEDIATOR, order("deduct-deposit", 12_900)))
    bare = after(*deducted).when(replace(GONE, routes=()), by=MEDIATOR)
    assert wrong_places(bare) == [("/routes", "required")]
    closed = play(*deducted, (MEDIATOR, GONE))[-1]
    assert closed == Closed(
        outcome=Outcome.ENFORCEMENT_FAILED, claim=ClaimResult.NOT_MET
    )


RETURN_LATE: tuple[Step, ...] = (
    *ruled(RETURN),
    timedelta(days=7),
    timedelta(days=1),
)


@pytest.mark.standard("4.4.3 deduct, advance and recover, delay, no return, restrict")
def test_a_refund_without_return_makes_the_seller_owe_the_money() -> None:
    history = play(
        *RETURN_LATE,
        (MEDIATOR, order("refund-without-return")),
        (MEDIATOR, DONE),
    )
    assert {one.key for one in fold(history).deadlines} >= {
        (Awaited.PERFORMANCE, Party.SELLER, 2)
    }
    paid = (
        *RETURN_LATE,
        (MEDIATOR, order("refund-without-return")),
        (MEDIATOR, DONE),
        (SELLER, Fulfil(obligation=2)),
        (BUYER, ConfirmFulfilment(obligation=2)),
    )
    assert isinstance(play(*paid)[-1], Closed)


def test_goods_that_cannot_be_returned_end_the_refund_with_them() -> None:
    history = play(
        *RETURN_LATE,
        (MEDIATOR, order("restrict-account")),
        (MEDIATOR, replace(GONE, cause="goods-not-returnable")),
    )
    assert history[-1] == Closed(
        outcome=Outcome.ENFORCEMENT_FAILED, claim=ClaimResult.PARTLY
    )


def test_a_method_fits_who_owes_and_what() -> None:
    against_buyer = after(*RETURN_LATE).when(order("advance", 12_900), by=MEDIATOR)
    assert wrong_places(against_buyer) == [("/method", "unknown-code")]
    no_return = after(*ENFORCING).when(order("refund-without-return"), by=MEDIATOR)
    assert wrong_places(no_return) == [("/method", "unknown-code")]


def test_an_enforcement_above_the_balance_says_what_is_left() -> None:
    when = after(*ENFORCING).when(order("advance", 12_901), by=MEDIATOR)
    assert ("/amount", "above-balance") in wrong_places(when)
