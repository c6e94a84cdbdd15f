"""What passed deadlines call for: silence is an event."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.case.dispute import Phase
from domain.case.evolve import fold
from domain.case.outcome import ClaimResult, Outcome
from domain.deadlines.commands import PassDeadline
from domain.deadlines.deadline import Awaited
from domain.deadlines.events import DeadlineMissed
from domain.deadlines.timeouts import events_of, overdue
from domain.deadlines.waiting_on import Waiting, waiting_on
from domain.escalation.commands import Escalate
from domain.escalation.events import Trigger
from domain.negotiation.commands import AcceptOffer, RespondToClaim
from domain.negotiation.events import OfferLapsed
from domain.performance.commands import Fulfil
from domain.performance.events import Closed, Fulfilled, ObligationConfirmed
from domain.refusals import NoGround, NotOpen
from domain.roles import CLOCK, Party
from tests.domain.expected_events import (
    FIRST_PROOF,
    deadline,
    escalated,
    responded,
    shanghai,
)
from tests.sample_commands import COMMANDS
from tests.samples import (
    ADMITTED,
    BUYER,
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
    silent = after(*OFFERED, timedelta(days=2))
    assert silent.history[-2:] == (
        DeadlineMissed(
            awaited=Awaited.OFFER_ANSWER,
            party=Party.BUYER,
            due=shanghai("03-04 10:00"),
            item=1,
        ),
        OfferLapsed(number=1),
    )
    silent.when(AcceptOffer(number=1), by=BUYER).refused(NotOpen)


@pytest.mark.standard(
    "4.1.3 silence is an event and lets the buyer escalate, or escalates"
)
def test_a_silent_seller_lets_the_buyer_escalate() -> None:
    silent = after(*ADMITTED, timedelta(days=3))
    # Missed at the end of Tuesday; noted on Thursday, and the buyer's week begins then.
    week = deadline(
        "escalation", "buyer", "7 days", since="03-05 10:00", until="03-12 10:00"
    )
    assert silent.history[-1] == DeadlineMissed(
        awaited=Awaited.RESPONSE,
        party=Party.SELLER,
        due=shanghai("03-04 00:00"),
        deadlines=(week,),
    )
    silent.when(Escalate(trigger=Trigger.NO_RESPONSE), by=BUYER).then(
        escalated(
            Trigger.NO_RESPONSE,
            Party.BUYER,
            since="03-05 10:00",
            until="03-08 10:00",
        ),
        FIRST_PROOF,
    )
    silent.when(Escalate(trigger=Trigger.NO_AGREEMENT), by=BUYER).refused(
        NoGround, possible="no-response"
    )


def test_a_late_answer_still_opens_negotiation() -> None:
    late = after(*ADMITTED, timedelta(days=3)).when(COMMANDS[RespondToClaim], SELLER)
    late.then(
        responded(
            "contest",
            since="03-05 10:00",
            until="03-08 10:00",
            statement="It was fine.",
        )
    )
    assert fold((*late.history, *late.events)).phase is Phase.NEGOTIATING


def test_no_case_is_left_lying_when_everyone_is_silent() -> None:
    weeks = play(*ADMITTED, *[timedelta(days=1)] * 40)
    assert fold(weeks).phase is Phase.RULING
    waiting = waiting_on(fold(weeks))
    assert waiting is not None
    assert (waiting.party, waiting.awaited) == (Party.PLATFORM, Awaited.RULING)


@pytest.mark.standard(
    "4.1.3 silence is an event and lets the buyer escalate, or escalates"
)
def test_each_silence_is_its_own_fact() -> None:
    weeks = play(*ADMITTED, *[timedelta(days=1)] * 40)
    missed = [
        (recorded.awaited, recorded.party)
        for recorded in weeks
        if isinstance(recorded, DeadlineMissed)
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
    events = events_of(overdue(dispute, context(CLOCK, due)))
    assert events != ()
    assert overdue(fold(events, dispute), context(CLOCK, due)) == ()


def test_a_passed_deadline_is_the_clocks_to_record() -> None:
    passed = PassDeadline(
        awaited=Awaited.RESPONSE, party=Party.SELLER, due=shanghai("03-04 00:00")
    )
    history = play(*ADMITTED)
    week = deadline(
        "escalation", "buyer", "7 days", since="03-04 00:00", until="03-11 00:00"
    )
    given(*history).when(passed, CLOCK, shanghai("03-04 00:00")).then(
        DeadlineMissed(
            awaited=Awaited.RESPONSE,
            party=Party.SELLER,
            due=shanghai("03-04 00:00"),
            deadlines=(week,),
        )
    )
    given(*history).when(passed, CLOCK, NOW).then()


def test_after_default_the_debtor_has_a_last_voluntary_period() -> None:
    late = after(*RULING_SERVED, timedelta(days=2))
    # Due on the 6th; noted on the 7th, and the last 24 hours begin then.
    assert waiting_on(fold(late.history)) == Waiting(
        Party.SELLER, Awaited.VOLUNTARY, shanghai("03-08 10:00")
    )
    confirm = deadline(
        "confirmation",
        "buyer",
        "7 days",
        since="03-07 10:00",
        until="03-14 10:00",
        item=1,
    )
    late.when(Fulfil(obligation=1), by=SELLER).then(
        Fulfilled(obligation=1, by=Party.SELLER, deadlines=(confirm,))
    )


def test_silence_confirms_performance() -> None:
    history = play(*RULING_SERVED, (SELLER, Fulfil(obligation=1)), timedelta(days=7))
    confirmed = [
        recorded for recorded in history if isinstance(recorded, ObligationConfirmed)
    ]
    assert [recorded.deemed for recorded in confirmed] == [True]
    assert history[-1] == Closed(outcome=Outcome.RULED, claim=ClaimResult.MET)


def test_a_broken_settlement_goes_to_the_platform() -> None:
    cooperation = Escalate(trigger=Trigger.NON_COOPERATION)
    after(*SETTLED).when(cooperation, by=BUYER).refused(NoGround)
    after(*SETTLED, timedelta(days=2)).when(cooperation, by=BUYER).then(
        escalated(
            Trigger.NON_COOPERATION,
            Party.BUYER,
            since="03-04 10:00",
            until="03-07 10:00",
        ),
        FIRST_PROOF,
    )
