"""What passed deadlines call for: silence is a fact."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.case.dispute import Phase
from domain.case.evolve import fold
from domain.case.outcome import ClaimResult, Outcome
from domain.deadlines.commands import PassDeadline
from domain.deadlines.deadline import Awaited
from domain.deadlines.events import DeadlineMissed
from domain.deadlines.timeouts import facts_of, overdue
from domain.deadlines.waiting_on import waiting_on
from domain.escalation.commands import Escalate
from domain.escalation.events import Escalated, Trigger
from domain.evidence.events import BurdenAssigned
from domain.negotiation.commands import AcceptOffer, RespondToClaim
from domain.performance.commands import Fulfil
from domain.performance.events import Closed, ObligationConfirmed
from domain.refusals import NoGround, NotOpen
from domain.roles import CLOCK, Party
from tests.samples import (
    ADMITTED,
    BUYER,
    COMMANDS,
    NOW,
    OFFERED,
    RULING_SERVED,
    SELLER,
    SETTLED,
    context,
    play,
)
from tests.scenario import after, given


def test_an_offer_lapses_when_nobody_answers() -> None:
    history = play(*OFFERED, timedelta(days=2))
    assert any(isinstance(fact, DeadlineMissed) for fact in history)
    given(*history).when(AcceptOffer(number=1), by=BUYER).refused(NotOpen)


@pytest.mark.standard(
    "4.1.3 silence is a fact and lets the buyer escalate, or escalates"
)
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


@pytest.mark.standard(
    "4.1.3 silence is a fact and lets the buyer escalate, or escalates"
)
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
    after(*SETTLED).when(cooperation, by=BUYER).refused(NoGround)
    broken = play(*SETTLED, timedelta(days=2))
    given(*broken).when(cooperation, by=BUYER).then_types(Escalated, BurdenAssigned)
