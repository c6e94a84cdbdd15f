"""Escalation: four triggers, each side's window, by itself where so said (4.3.1)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.case.dispute import Phase
from domain.case.evolve import fold
from domain.case.outcome import Outcome
from domain.deadlines.deadline import Awaited
from domain.deadlines.waiting_on import waiting_on
from domain.escalation.commands import Escalate
from domain.escalation.events import Escalated, Trigger
from domain.evidence.commands import RequestEvidence
from domain.evidence.events import EvidenceRequested
from domain.negotiation.commands import AcceptOffer, MakeOffer
from domain.performance.commands import Fulfil
from domain.refusals import NoGround, WrongPhase
from domain.roles import Actor, Party
from tests.domain.expected_events import FIRST_PROOF, deadline, escalated
from tests.domain.stories import DAY, of, running, settled
from tests.domain.walked_case import WalkedCase
from tests.samples import (
    ADMITTED,
    BOOKS,
    BUYER,
    ESCALATED,
    MEDIATOR,
    NEGOTIATING,
    NOW,
    REFUND,
    RULING_SERVED,
    SELLER,
    TO_RULE,
    UNANSWERED,
    Step,
    play,
)
from tests.scenario import after

NO_AGREEMENT = Escalate(trigger=Trigger.NO_AGREEMENT)
LEFT = Escalate(trigger=Trigger.NON_COOPERATION)


@pytest.mark.standard(
    "4.3.1 either party, the buyer on silence, or the platform; the trigger is kept"
)
@pytest.mark.parametrize(
    ("steps", "actor", "trigger"),
    [
        (UNANSWERED, BUYER, Trigger.NO_RESPONSE),
        (NEGOTIATING, BUYER, Trigger.NO_AGREEMENT),
        (NEGOTIATING, BUYER, Trigger.NON_COOPERATION),
        (NEGOTIATING, SELLER, Trigger.NO_AGREEMENT),
        (ADMITTED, MEDIATOR, Trigger.PLATFORM),
        (UNANSWERED, MEDIATOR, Trigger.PLATFORM),
        (NEGOTIATING, MEDIATOR, Trigger.PLATFORM),
    ],
)
def test_a_case_is_escalated_on_a_trigger_that_holds(
    steps: tuple[Step, ...], actor: Actor, trigger: Trigger
) -> None:
    events = after(*steps).when(Escalate(trigger=trigger), by=actor).events
    assert of(Escalated, events)[0].trigger is trigger
    assert fold((*play(*steps), *events)).phase is Phase.EVIDENCE


@pytest.mark.standard(
    "4.3.1 either party, the buyer on silence, or the platform; the trigger is kept"
)
@pytest.mark.parametrize(
    ("steps", "actor", "trigger", "possible"),
    [
        (UNANSWERED, BUYER, Trigger.NO_AGREEMENT, "no-response"),
        (NEGOTIATING, SELLER, Trigger.NO_RESPONSE, "no-agreement"),
        (NEGOTIATING, MEDIATOR, Trigger.NO_AGREEMENT, "platform"),
        (ADMITTED, BUYER, Trigger.NO_RESPONSE, ""),
        (RULING_SERVED, BUYER, Trigger.NON_COOPERATION, ""),
    ],
)
def test_a_trigger_that_does_not_hold_is_refused_with_those_that_do(
    steps: tuple[Step, ...], actor: Actor, trigger: Trigger, possible: str
) -> None:
    when = after(*steps).when(Escalate(trigger=trigger), by=actor)
    when.refused(NoGround, trigger=trigger, possible=possible)


def test_nobody_escalates_twice() -> None:
    after(*ESCALATED).when(NO_AGREEMENT, by=SELLER).refused(WrongPhase)


def test_after_negotiation_the_buyer_has_seven_days_and_the_seller_three() -> None:
    over = play(*NEGOTIATING, timedelta(days=3))
    assert running(over) == {
        ("escalation", "buyer"): 10 * DAY,
        ("escalation", "seller"): 6 * DAY,
    }
    late = after(*NEGOTIATING, timedelta(days=3), timedelta(days=3))
    late.when(NO_AGREEMENT, by=SELLER).refused(NoGround, possible="")
    late.when(NO_AGREEMENT, by=BUYER).then(
        escalated(
            Trigger.NO_AGREEMENT,
            Party.BUYER,
            since="03-08 10:00",
            until="03-11 10:00",
        ),
        FIRST_PROOF,
    )


@pytest.mark.standard(
    "4.1.3 silence is an event and lets the buyer escalate, or escalates"
)
@pytest.mark.parametrize(
    ("profile", "phase", "outcome"),
    [
        ("cn-default/1", Phase.EVIDENCE, None),
        ("jd-like/1", Phase.EVIDENCE, None),
        ("wechat-like/1", Phase.CLOSED, Outcome.WITHDRAWN),
    ],
)
def test_what_silence_leads_to_is_the_policys(
    profile: str, phase: Phase, outcome: Outcome | None
) -> None:
    case = WalkedCase(BOOKS[profile]).play(*ADMITTED[1:])
    for _ in range(30):
        if case.dispute.phase in {Phase.EVIDENCE, Phase.CLOSED}:
            break
        case.wait(DAY)
    assert (case.dispute.phase, case.dispute.outcome) == (phase, outcome)


BROKEN: tuple[Step, ...] = (*settled(REFUND), timedelta(days=1))
RULING_BROKEN: tuple[Step, ...] = (
    *TO_RULE,
    (SELLER, MakeOffer(terms=REFUND)),
    (BUYER, AcceptOffer(number=1)),
    timedelta(days=1),
    (BUYER, LEFT),
)


def test_a_settlement_broken_before_any_evidence_opens_it_for_both() -> None:
    assert {
        one.party
        for one in fold(play(*BROKEN, (BUYER, LEFT))).deadlines
        if one.awaited is Awaited.EVIDENCE
    } == {Party.BUYER, Party.SELLER}


@pytest.mark.standard(
    "4.3.1 either party, the buyer on silence, or the platform; the trigger is kept"
)
def test_a_settlement_broken_after_all_evidence_goes_straight_to_the_ruling() -> None:
    dispute = fold(play(*RULING_BROKEN))
    assert dispute.phase is Phase.RULING
    waiting = waiting_on(dispute)
    assert waiting is not None
    assert (waiting.party, waiting.awaited) == (Party.PLATFORM, Awaited.RULING)
    assert waiting.due == NOW + 3 * DAY + DAY + 7 * DAY


def test_more_evidence_can_still_be_asked_for_after_that() -> None:
    ask = RequestEvidence(party=Party.SELLER, kinds=("conversation",))
    again = deadline(
        "evidence", "seller", "3 days", since="03-06 10:00", until="03-09 10:00"
    )
    after(*RULING_BROKEN).when(ask, by=MEDIATOR).then(
        EvidenceRequested(
            number=1, party=Party.SELLER, kinds=("conversation",), deadlines=(again,)
        )
    )


def test_a_payment_that_is_reported_again_is_contested_before_it_is_escalated() -> None:
    reported = after(*BROKEN, (SELLER, Fulfil(obligation=1)))
    reported.when(LEFT, by=BUYER).refused(NoGround, possible="")
