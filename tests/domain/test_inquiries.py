"""Inquiries to third parties; an inspection stops the clocks (4.3.3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.case.evolve import fold
from domain.deadlines.deadline import Awaited
from domain.deadlines.events import (
    ClocksPaused,
    ClocksResumed,
    DeadlineMissed,
    PauseCause,
)
from domain.deadlines.waiting_on import waiting_on
from domain.evidence.commands import RequestEvidence
from domain.inquiries.commands import AnswerInquiry, SendInquiry
from domain.inquiries.events import InquiryAnswered, InquirySent
from domain.negotiation.commands import AcceptOffer, MakeOffer
from domain.refusals import NoGround, NotOpen
from domain.roles import Party
from tests.domain.expected_events import deadline, shanghai
from tests.domain.stories import DAY, of, running, wrong_places
from tests.samples import BUYER, ESCALATED, HALF, MEDIATOR, PLATFORM, SELLER, Step, play
from tests.scenario import after

ASK = SendInquiry(kind="carrier", addressee="SF", question="Where is it?")
INSPECT = SendInquiry(kind="inspection", addressee="CQC", question="Is it sound?")
ANSWER = AnswerInquiry(number=1, answer="It was delivered.")
INSPECTED: tuple[Step, ...] = (*ESCALATED, timedelta(days=1), (MEDIATOR, INSPECT))


@pytest.mark.standard("4.3.3 third parties are asked and answer")
@pytest.mark.parametrize("kind", ["carrier", "payment", "authority", "other"])
def test_third_parties_are_asked_and_the_clocks_run_on(kind: str) -> None:
    answer = deadline("inquiry", "platform", "7 days", until="03-09 10:00", item=1)
    after(*ESCALATED).when(replace(ASK, kind=kind), by=MEDIATOR).then(
        InquirySent(
            number=1,
            kind=kind,
            addressee="SF",
            question="Where is it?",
            deadlines=(answer,),
        )
    )
    history = play(*ESCALATED, (MEDIATOR, replace(ASK, kind=kind)))
    assert running(history)["inquiry", "platform"] == 7 * DAY
    assert running(history)["evidence", "buyer"] == 3 * DAY


def test_an_inquiry_of_an_unknown_kind_or_asked_twice_adds_nothing() -> None:
    unknown = after(*ESCALATED).when(replace(ASK, kind="oracle"), by=MEDIATOR)
    assert wrong_places(unknown) == [("/kind", "unknown-code")]
    after(*ESCALATED, (MEDIATOR, ASK)).when(ASK, by=MEDIATOR).then()


@pytest.mark.standard("4.3.3 third parties are asked and answer")
def test_an_answer_is_recorded_once_by_staff_or_the_platforms_client() -> None:
    asked = (*ESCALATED, (MEDIATOR, ASK))
    for by in (MEDIATOR, PLATFORM):
        after(*asked).when(ANSWER, by=by).then(
            InquiryAnswered(number=1, answer="It was delivered.")
        )
    again = after(*asked, (MEDIATOR, ANSWER)).when(ANSWER, by=MEDIATOR)
    again.refused(NotOpen, open="")


def test_a_late_third_party_is_noted_and_the_case_goes_on() -> None:
    late = play(*ESCALATED, (MEDIATOR, ASK), timedelta(days=7))
    assert of(DeadlineMissed, late)[-1].awaited is Awaited.INQUIRY


@pytest.mark.standard(
    "4.3.3 the time of an inspection does not count, and the pause is a fact"
)
def test_an_inspection_stops_the_clocks_and_that_is_a_fact() -> None:
    at_most = deadline(
        "inspection",
        "platform",
        "30 days",
        until="04-01 10:00",
        limit="inspection-pause",
        item=1,
    )
    after(*ESCALATED).when(INSPECT, by=MEDIATOR).then(
        InquirySent(
            number=1, kind="inspection", addressee="CQC", question="Is it sound?"
        ),
        ClocksPaused(
            cause=PauseCause.INSPECTION,
            item=1,
            since=shanghai("03-02 10:00"),
            deadlines=(at_most,),
        ),
    )
    assert running(play(*INSPECTED)) == {("inspection", "platform"): 31 * DAY}
    waiting = waiting_on(fold(play(*INSPECTED)))
    assert waiting is not None
    assert (waiting.party, waiting.awaited) == (Party.PLATFORM, Awaited.INSPECTION)


@pytest.mark.standard(
    "4.3.3 the time of an inspection does not count, and the pause is a fact"
)
def test_the_time_of_an_inspection_does_not_count() -> None:
    answered = play(*INSPECTED, timedelta(days=10), (MEDIATOR, ANSWER))
    assert len(of(ClocksResumed, answered)) == 1
    assert running(answered) == {
        ("evidence", "buyer"): 13 * DAY,
        ("evidence", "seller"): 13 * DAY,
    }


@pytest.mark.standard("5 an inspection stops the clocks for thirty days at most")
def test_an_inspection_stops_the_clocks_for_thirty_days_at_most() -> None:
    over = play(*INSPECTED, timedelta(days=30))
    assert of(DeadlineMissed, over)[-1].awaited is Awaited.INSPECTION
    assert running(over)["evidence", "seller"] == 33 * DAY


def test_only_one_pause_at_a_time() -> None:
    other = replace(INSPECT, addressee="SGS")
    after(*INSPECTED).when(other, by=MEDIATOR).refused(NoGround, reason="paused")
    ask = RequestEvidence(party=Party.BUYER, kinds=("video",))
    after(*INSPECTED).when(ask, by=MEDIATOR).refused(NoGround, reason="paused")


def test_an_inquiry_answered_during_an_inspection_is_not_chased_afterwards() -> None:
    history = play(
        *ESCALATED,
        (MEDIATOR, ASK),
        (MEDIATOR, INSPECT),
        (MEDIATOR, ANSWER),
        (MEDIATOR, replace(ANSWER, number=2)),
    )
    assert ("inquiry", "platform") not in running(history)


def test_a_settlement_ends_the_inspection() -> None:
    history = play(
        *INSPECTED, (SELLER, MakeOffer(terms=HALF)), (BUYER, AcceptOffer(number=1))
    )
    assert fold(history).pauses == ()
    assert running(history) == {("performance", "seller"): 2 * DAY}
