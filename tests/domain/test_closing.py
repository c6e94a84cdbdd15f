"""A case closes on seven grounds and on no others (4.4.4)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.admission.commands import ReferOut, Refuse
from domain.case.dispute import Phase
from domain.case.evolve import fold
from domain.case.outcome import Outcome
from domain.enforcement.commands import (
    ExecuteEnforcement,
    FailEnforcement,
    OrderEnforcement,
)
from domain.filing.commands import Withdraw
from domain.money import Money
from domain.performance.commands import ConfirmFulfilment, Fulfil
from domain.performance.events import Closed
from domain.terms import Terms
from tests.domain.stories import PAID, ruled
from tests.samples import (
    BUYER,
    CLOSED,
    ENFORCING,
    FILED,
    MEDIATOR,
    NEGOTIATING,
    RULING_SERVED,
    SELLER,
    SETTLED,
    Step,
    play,
)

ORDER = OrderEnforcement(obligation=1, method="advance", amount=Money(12_900, "CNY"))
GIVEN_UP = FailEnforcement(number=1, cause="other", final=True, routes=("court",))
ENDS: dict[Outcome, tuple[Step, ...]] = {
    Outcome.SETTLED: (*SETTLED, *PAID),
    Outcome.RULED: CLOSED,
    Outcome.ENFORCED: (
        *ENFORCING,
        (MEDIATOR, ORDER),
        (MEDIATOR, ExecuteEnforcement(number=1, reference="dep-77")),
    ),
    Outcome.ENFORCEMENT_FAILED: (*ENFORCING, (MEDIATOR, ORDER), (MEDIATOR, GIVEN_UP)),
    Outcome.WITHDRAWN: (*NEGOTIATING, (BUYER, Withdraw())),
    Outcome.REFUSED: (
        *FILED,
        (MEDIATOR, Refuse(ground="abusive", explanation="No.", routes=("court",))),
    ),
    Outcome.REFERRED: (
        *RULING_SERVED,
        (MEDIATOR, ReferOut(authority="court", note="Pending there.")),
    ),
}
IMPORTED = {Outcome.DECIDED_ELSEWHERE, Outcome.ANSWERED}


@pytest.mark.standard("4.4.4 a case closes on seven grounds and no others")
@pytest.mark.parametrize("outcome", ENDS)
def test_a_case_closes_on_this_ground(outcome: Outcome) -> None:
    history = play(*ENDS[outcome])
    assert isinstance(history[-1], Closed)
    dispute = fold(history)
    assert (dispute.phase, dispute.outcome) == (Phase.CLOSED, outcome)


@pytest.mark.standard("4.4.4 a case closes on seven grounds and no others")
def test_there_is_no_other_ground() -> None:
    assert set(ENDS) == set(Outcome) - IMPORTED


def test_deemed_performance_closes_like_confirmed() -> None:
    history = play(*RULING_SERVED, (SELLER, Fulfil(obligation=1)), timedelta(days=7))
    assert isinstance(history[-1], Closed)
    assert history[-1].outcome is Outcome.RULED


def test_one_duty_enforced_and_one_performed_is_enforced() -> None:
    both = ruled(
        Terms(kind="refund", amount=Money(12_900, "CNY")), Terms(kind="repair")
    )
    history = play(
        *both,
        timedelta(days=1),
        timedelta(days=1),
        (MEDIATOR, ORDER),
        (MEDIATOR, ExecuteEnforcement(number=1, reference="dep-77")),
        (SELLER, Fulfil(obligation=2)),
        (BUYER, ConfirmFulfilment(obligation=2)),
    )
    assert isinstance(history[-1], Closed)
    assert history[-1].outcome is Outcome.ENFORCED
