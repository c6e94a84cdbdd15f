"""Notice: by which channel and when it was served, and what begins then (4.3.5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.admission.commands import ReferOut
from domain.case.evolve import fold
from domain.deadlines.waiting_on import waiting_on
from domain.notices.commands import ServeNotice
from domain.notices.events import NoticeKind, NoticeServed
from domain.notices.notice import Notice
from domain.refusals import NotAllowed
from domain.roles import CLOCK, Party
from domain.ruling.commands import RequestHumanReview
from tests.domain.stories import DAY, RETURN, SERVED, automated, of, ruled, running
from tests.samples import (
    BUYER,
    MEDIATOR,
    PLATFORM,
    REFUND,
    RULE,
    RULED,
    RULING_SERVED,
    TO_RULE,
    Step,
    play,
    serve,
)
from tests.scenario import after, given

TO_BUYER = ServeNotice(notice=NoticeKind.RULING, party=Party.BUYER, channel="in-site")


@pytest.mark.standard("4.3.5 delivery is an event with channel and time")
def test_a_ruling_is_to_be_served_on_both() -> None:
    assert fold(play(*RULED)).notices == (
        Notice(kind=NoticeKind.RULING, party=Party.BUYER),
        Notice(kind=NoticeKind.RULING, party=Party.SELLER),
    )
    waiting = waiting_on(fold(play(*RULED)))
    assert waiting is not None
    assert (waiting.party, waiting.awaited) == (Party.PLATFORM, "service")


@pytest.mark.standard("4.3.5 delivery is an event with channel and time")
def test_delivery_is_a_fact_for_each_party_and_channel() -> None:
    for channel in ("in-site", "sms", "mail"):
        sent = replace(TO_BUYER, channel=channel)
        (served,) = after(*RULED).when(sent, by=PLATFORM).events
        assert isinstance(served, NoticeServed)
        assert (served.party, served.channel) == (Party.BUYER, channel)
        assert served.recipient == "b-1"


def test_a_second_channel_adds_a_fact_and_moves_no_limit() -> None:
    history = play(*RULED, (CLOCK, TO_BUYER))
    again = replace(TO_BUYER, channel="sms")
    (second,) = given(*history).when(again, by=CLOCK).events
    assert isinstance(second, NoticeServed)
    assert second.deadlines == ()
    given(*history).when(TO_BUYER, by=CLOCK).then()


def test_what_was_never_to_be_served_is_not_recorded() -> None:
    after(*TO_RULE).when(TO_BUYER, by=CLOCK).then()
    after(*RULED).when(TO_BUYER, by=MEDIATOR).refused(NotAllowed)


@pytest.mark.standard("4.3.5 performance runs from service")
def test_performance_runs_from_service_on_who_owes_it_not_from_the_ruling() -> None:
    late: tuple[Step, ...] = (*RULED, timedelta(days=4))
    assert running(play(*late)) == {}
    served = play(*late, serve(NoticeKind.RULING, Party.SELLER))
    assert running(served)["performance", "seller"] == 8 * DAY


def test_a_return_runs_from_service_on_the_buyer() -> None:
    steps = (*ruled(RETURN)[:-2], SERVED[0])
    assert running(play(*steps))["performance", "buyer"] == 10 * DAY


def test_a_new_ruling_is_served_anew_on_the_same_channels() -> None:
    again: tuple[Step, ...] = (
        *TO_RULE,
        (MEDIATOR, automated(REFUND)),
        *SERVED,
        (BUYER, RequestHumanReview()),
        (MEDIATOR, RULE),
        *SERVED,
    )
    assert len(of(NoticeServed, play(*again))) == 5
    sms = replace(TO_BUYER, channel="sms")
    after(*again, (CLOCK, sms)).when(sms, by=CLOCK).then()


def test_a_ruling_served_after_the_case_went_elsewhere_opens_no_appeal() -> None:
    refer = ReferOut(authority="court", note="A claim is pending.")
    history = play(*RULED, (MEDIATOR, refer), (CLOCK, TO_BUYER))
    assert running(history) == {}


def test_both_may_appeal_from_the_moment_they_are_served() -> None:
    assert {key for key, _ in running(play(*RULED, (CLOCK, TO_BUYER)))} == {"appeal"}
    assert {
        party for key, party in running(play(*RULING_SERVED)) if key == "appeal"
    } == {
        "buyer",
        "seller",
    }
