"""Suspension and resumption: who may ask, for how long, what then is due (4.4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.admission.commands import Admit
from domain.case.dispute import Phase
from domain.case.evolve import fold
from domain.case.outcome import ClaimResult, Outcome
from domain.deadlines.deadline import Awaited
from domain.deadlines.events import DeadlineMissed
from domain.deadlines.waiting_on import Waiting, waiting_on
from domain.filing.commands import Withdraw
from domain.filing.events import Withdrawn
from domain.performance.events import Closed
from domain.refusals import NoGround
from domain.roles import Party
from domain.suspension.commands import ProveSuspension, Resume, Suspend
from domain.suspension.events import (
    Resumed,
    Suspended,
    SuspensionCause,
    SuspensionProved,
    SuspensionRequested,
)
from tests.domain.expected_events import deadline, shanghai
from tests.domain.stories import DAY, of, running, wrong_places
from tests.samples import (
    BUYER,
    ENFORCING,
    ESCALATED,
    FILED,
    MEDIATOR,
    NEGOTIATING,
    RULING_SERVED,
    SELLER,
    SUPERVISOR,
    SUSPENDED,
    TO_RULE,
    Step,
    play,
)
from tests.scenario import after

COURT = Suspend(cause=SuspensionCause.COURT, note="Filed at the court.")
REST = Suspend(cause=SuspensionCause.AGREEMENT, days=10)
PROOF = ProveSuspension(proof="Case 2026-7.")
AGREED: tuple[Step, ...] = (*NEGOTIATING, (BUYER, REST), (SELLER, REST))
NOT_PROVED: tuple[Step, ...] = (*SUSPENDED, timedelta(days=11))


def at_court(cause: SuspensionCause, *, since: str, until: str) -> Suspended:
    """Return that the buyer goes to court or the police, to prove it until a time."""
    proof = deadline(
        "suspension-proof", "buyer", "7 working days", since=since, until=until
    )
    return Suspended(
        cause=cause,
        by=Party.BUYER,
        note="Filed at the court.",
        since=shanghai(since),
        deadlines=(proof,),
    )


@pytest.mark.standard(
    "4 any live case may be withdrawn until decided, settled, rest, or go elsewhere"
)
@pytest.mark.standard("4.4 both ask for a rest of thirty days at most")
def test_a_case_rests_when_both_ask() -> None:
    after(*NEGOTIATING).when(REST, by=BUYER).then(
        SuspensionRequested(by=Party.BUYER, days=10)
    )
    asked = after(*NEGOTIATING, (BUYER, REST))
    asked.when(REST, by=BUYER).then()
    rest = deadline("suspension", "platform", "10 days", until="03-12 10:00")
    asked.when(REST, by=SELLER).then(
        Suspended(
            cause=SuspensionCause.AGREEMENT,
            by=Party.SELLER,
            since=shanghai("03-02 10:00"),
            deadlines=(rest,),
        )
    )


def test_it_rests_for_the_shorter_time_that_was_asked_for() -> None:
    shorter = replace(REST, days=4)
    history = play(*NEGOTIATING, (BUYER, REST), (SELLER, shorter))
    assert running(history) == {("suspension", "platform"): 4 * DAY}


@pytest.mark.standard("4.4 both ask for a rest of thirty days at most")
@pytest.mark.parametrize("days", [0, 31, None])
def test_an_agreed_rest_is_thirty_days_at_most(days: int | None) -> None:
    when = after(*NEGOTIATING).when(replace(REST, days=days), by=BUYER)
    ((place, _),) = wrong_places(when)
    assert place == "/days"
    after(*NEGOTIATING).when(replace(REST, days=30), by=BUYER).then(
        SuspensionRequested(by=Party.BUYER, days=30)
    )


@pytest.mark.standard(
    "4.4 one is at court or the police and proves it in seven working days"
)
def test_one_side_at_court_or_the_police_lets_it_rest_saying_so() -> None:
    for cause in (SuspensionCause.COURT, SuspensionCause.POLICE):
        alone = replace(COURT, cause=cause)
        # From Monday the 2nd, the seventh working day is Wednesday the 11th.
        after(*ESCALATED).when(alone, by=BUYER).then(
            at_court(cause, since="03-02 10:00", until="03-12 00:00")
        )
        bare = after(*ESCALATED).when(replace(alone, note=None), by=BUYER)
        assert wrong_places(bare) == [("/note", "required")]


@pytest.mark.standard(
    "4.4 one is at court or the police and proves it in seven working days"
)
def test_proof_is_due_in_seven_working_days_or_it_goes_on() -> None:
    assert running(play(*SUSPENDED)) == {
        ("suspension-proof", "seller"): timedelta(days=9, hours=14)
    }
    resumed = play(*NOT_PROVED)
    (missed,) = of(DeadlineMissed, resumed)
    assert missed.awaited is Awaited.SUSPENSION_PROOF
    assert [one.cause for one in of(Resumed, resumed)] == ["not-proved"]
    assert fold(resumed).phase is Phase.NEGOTIATING


def test_what_was_proved_rests_until_the_platform_lets_it_go_on() -> None:
    proved = (*SUSPENDED, (SELLER, PROOF))
    review = deadline("suspension-review", "platform", "90 days", until="05-31 10:00")
    after(*SUSPENDED).when(PROOF, by=SELLER).then(
        SuspensionProved(by=Party.SELLER, proof="Case 2026-7.", deadlines=(review,))
    )
    after(*SUSPENDED).when(PROOF, by=BUYER).refused(NoGround)
    dispute = fold(play(*proved, timedelta(days=95)))
    assert dispute.phase is Phase.SUSPENDED
    assert waiting_on(dispute) == Waiting(
        Party.PLATFORM, Awaited.SUSPENSION_REVIEW, shanghai("05-31 10:00")
    )
    assert [one.awaited for one in dispute.missed] == [Awaited.SUSPENSION_REVIEW]
    after(*proved).when(Resume(), by=SELLER).refused(NoGround, reason="court")
    # All three days to agree are left: the case rested from their first moment on.
    agree = deadline("negotiation", "both", "3 days", until="03-05 10:00")
    after(*proved).when(Resume(), by=SUPERVISOR).then(
        Resumed(cause="asked", deadlines=(agree,))
    )


@pytest.mark.standard(
    "4.4 one is at court or the police and proves it in seven working days"
)
def test_who_did_not_prove_it_cannot_stop_the_case_so_again() -> None:
    after(*NOT_PROVED).when(COURT, by=SELLER).refused(
        NoGround, reason="not-proved-before"
    )
    # From Friday the 13th, the seventh working day is Tuesday the 24th.
    after(*NOT_PROVED).when(COURT, by=BUYER).then(
        at_court(SuspensionCause.COURT, since="03-13 10:00", until="03-25 00:00")
    )


@pytest.mark.standard("4.4 resumption recomputes what is due")
def test_resumption_counts_on_what_was_left() -> None:
    history = play(
        *NEGOTIATING,
        timedelta(days=1),
        (BUYER, REST),
        (SELLER, REST),
        timedelta(days=5),
        (BUYER, Resume()),
    )
    assert running(history) == {("negotiation", "both"): 8 * DAY}
    by_time = play(*AGREED, timedelta(days=10))
    assert running(by_time) == {("negotiation", "both"): 13 * DAY}


@pytest.mark.standard("4.4 resumption recomputes what is due")
def test_the_time_to_appeal_stands_still_too() -> None:
    history = play(*RULING_SERVED, (BUYER, REST), (SELLER, REST), timedelta(days=10))
    assert running(history) == {
        ("performance", "seller"): 14 * DAY,
        ("appeal", "buyer"): 20 * DAY,
        ("appeal", "seller"): 20 * DAY,
    }


def test_a_case_of_which_a_notice_is_unserved_does_not_rest_yet() -> None:
    admitted = after(*FILED, (MEDIATOR, Admit()))
    admitted.when(COURT, by=SELLER).refused(NoGround, reason="unserved")


def test_a_supervisor_suspends_and_lets_go_on() -> None:
    ours = Suspend(cause=SuspensionCause.PLATFORM, days=3)
    rest = deadline("suspension", "platform", "3 days", until="03-05 10:00")
    after(*ESCALATED).when(ours, by=SUPERVISOR).then(
        Suspended(
            cause=SuspensionCause.PLATFORM,
            by=Party.PLATFORM,
            since=shanghai("03-02 10:00"),
            deadlines=(rest,),
        )
    )
    theirs = after(*ESCALATED).when(ours, by=BUYER)
    assert wrong_places(theirs) == [("/cause", "unknown-code")]


def test_a_resting_case_waits_for_its_rest_not_for_what_was_late_before() -> None:
    for late in (
        (*TO_RULE, timedelta(days=8)),
        (*ENFORCING, timedelta(days=3)),
    ):
        resting = fold(play(*late, (SELLER, COURT)))
        waiting = waiting_on(resting)
        assert waiting is not None
        assert waiting.awaited is Awaited.SUSPENSION_PROOF


def test_a_case_that_was_decided_cannot_be_withdrawn_while_it_rests() -> None:
    history = after(*RULING_SERVED, (BUYER, REST), (SELLER, REST))
    history.when(Withdraw(), by=BUYER).refused(NoGround, reason="decided")
    after(*AGREED).when(Withdraw(), by=BUYER).then(
        Withdrawn(), Closed(outcome=Outcome.WITHDRAWN, claim=ClaimResult.NONE)
    )
