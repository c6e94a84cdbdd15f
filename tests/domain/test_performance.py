"""Performance: owed, reported, confirmed or deemed, closed (4.4.1, 4.4.2, 4.4.4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.case.dispute import Phase
from domain.case.evolve import fold
from domain.case.outcome import ClaimResult, Outcome
from domain.performance.commands import ConfirmFulfilment, ContestFulfilment, Fulfil
from domain.performance.events import (
    Closed,
    Defaulted,
    Fulfilled,
    FulfilmentContested,
    ObligationConfirmed,
)
from domain.refusals import NotOpen
from domain.roles import Party
from domain.terms import Terms
from tests.domain.expected_events import deadline
from tests.domain.stories import DAY, DISMISSAL, PAID, RETURN, of, owed, ruled, running
from tests.samples import (
    BUYER,
    HALF,
    PLATFORM,
    REFUND,
    REPORTED,
    RULING_SERVED,
    SELLER,
    play,
)
from tests.scenario import after

CONFIRM = ConfirmFulfilment(obligation=1)
CONTEST = ContestFulfilment(obligation=1, statement="Nothing came.")


@pytest.mark.standard(
    "4.4.1 a remedy becomes obligations: who, what, how much, by when"
)
@pytest.mark.parametrize(
    ("remedy", "debtor", "length"),
    [
        (REFUND, "seller", timedelta(hours=24)),
        (Terms(kind="reship"), "seller", timedelta(hours=72)),
        (RETURN, "buyer", timedelta(days=7)),
    ],
)
def test_each_remedy_has_its_own_limit_of_performance(
    remedy: Terms, debtor: str, length: timedelta
) -> None:
    history = play(*ruled(remedy))
    assert running(history)["performance", debtor] == 3 * DAY + length


def test_the_refund_after_a_return_has_seven_days_from_its_confirmation() -> None:
    history = play(
        *ruled(RETURN),
        (BUYER, Fulfil(obligation=1)),
        timedelta(days=1),
        (SELLER, CONFIRM),
    )
    assert running(history)["performance", "seller"] == 4 * DAY + 7 * DAY


@pytest.mark.standard(
    "4.4.1 a remedy becomes obligations: who, what, how much, by when"
)
def test_every_obligation_says_who_owes_what_and_how_much() -> None:
    history = play(*ruled(Terms(kind="repair"), HALF))
    assert owed(fold(history)) == [("seller", "repair", None), ("seller", "pay", 6_450)]


@pytest.mark.standard("4.4.2 one side reports, the other confirms")
def test_one_side_reports_and_the_other_confirms() -> None:
    confirm = deadline(
        "confirmation",
        "buyer",
        "7 days",
        since="03-05 10:00",
        until="03-12 10:00",
        item=1,
    )
    after(*RULING_SERVED).when(Fulfil(obligation=1), by=SELLER).then(
        Fulfilled(obligation=1, by=Party.SELLER, deadlines=(confirm,))
    )
    after(*REPORTED).when(CONFIRM, by=SELLER).refused(NotOpen)
    after(*REPORTED).when(CONFIRM, by=BUYER).then(
        ObligationConfirmed(obligation=1, by=Party.BUYER),
        Closed(outcome=Outcome.RULED, claim=ClaimResult.MET),
    )


def test_the_platform_reports_payments_that_it_sees() -> None:
    paid = Fulfil(obligation=1, reference="pay-77")
    (recorded,) = after(*RULING_SERVED).when(paid, by=PLATFORM).events
    assert isinstance(recorded, Fulfilled)
    assert (recorded.by, recorded.reference) == (Party.PLATFORM, "pay-77")


@pytest.mark.standard("4.4.2 one side reports, the other confirms")
def test_nobody_reports_what_is_not_his_or_confirms_what_was_not_reported() -> None:
    after(*RULING_SERVED).when(Fulfil(obligation=1), by=BUYER).refused(
        NotOpen, number="1", open=""
    )
    after(*RULING_SERVED).when(CONFIRM, by=BUYER).refused(NotOpen, open="")
    other = replace(CONFIRM, obligation=2)
    after(*REPORTED).when(other, by=BUYER).refused(NotOpen, open="1")


@pytest.mark.standard("4.4.2 silence counts as confirmed")
def test_silence_of_seven_days_counts_as_confirmed() -> None:
    assert running(play(*REPORTED))["confirmation", "buyer"] == 10 * DAY
    almost = play(*REPORTED, timedelta(days=7, seconds=-1))
    assert of(ObligationConfirmed, almost) == []
    (deemed,) = of(ObligationConfirmed, play(*REPORTED, timedelta(days=7)))
    assert deemed.deemed


def test_a_contested_report_is_a_default_with_a_last_voluntary_period() -> None:
    voluntary = deadline(
        "voluntary",
        "seller",
        "24 hours",
        since="03-05 10:00",
        until="03-06 10:00",
        item=1,
    )
    after(*REPORTED).when(CONTEST, by=BUYER).then(
        FulfilmentContested(obligation=1, by=Party.BUYER, statement="Nothing came."),
        Defaulted(obligation=1, party=Party.SELLER, deadlines=(voluntary,)),
    )


def test_a_case_with_two_duties_closes_with_the_second() -> None:
    two = (*ruled(HALF, Terms(kind="repair")), *PAID)
    assert fold(play(*two)).phase is Phase.PERFORMING
    closed = play(
        *two, (SELLER, Fulfil(obligation=2)), (BUYER, replace(CONFIRM, obligation=2))
    )[-1]
    assert closed == Closed(outcome=Outcome.RULED, claim=ClaimResult.PARTLY)


@pytest.mark.parametrize(
    ("remedy", "result"),
    [
        (REFUND, ClaimResult.MET),
        (HALF, ClaimResult.PARTLY),
        (DISMISSAL, ClaimResult.NOT_MET),
    ],
)
def test_closing_says_what_became_of_the_claim(
    remedy: Terms, result: ClaimResult
) -> None:
    steps = () if remedy is DISMISSAL else PAID
    closed = play(*ruled(remedy), *steps)[-1]
    assert closed == Closed(outcome=Outcome.RULED, claim=result)
