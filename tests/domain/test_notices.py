"""Notice: by which channel and when it was served, and what begins then (4.3.5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.admission.commands import ReferOut
from domain.case.evolve import fold
from domain.deadlines.waiting_on import waiting_on
from domain.notices.addresses import Address, address_in, restated
from domain.notices.commands import ReportUndelivered, ServeNotice, StateContact
from domain.notices.events import (
    ContactStated,
    NoticeKind,
    NoticeServed,
    NoticeUndelivered,
)
from domain.notices.notice import Notice
from domain.refusals import Invalid, NotAllowed
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


LI = StateContact(mail="li@example.com", phone="+86 138-0013 8000", language="zh-CN")


def test_a_party_states_where_notices_find_it() -> None:
    (stated,) = after(*RULED).when(LI, by=BUYER).events
    assert stated == ContactStated(
        party=Party.BUYER,
        mail="li@example.com",
        phone="+8613800138000",
        language="zh-CN",
    )


def test_the_service_client_states_it_for_a_party_and_nobody_for_another() -> None:
    for_seller = replace(PLATFORM, on_behalf_of=Party.SELLER)
    (stated,) = after(*RULED).when(LI, by=for_seller).events
    assert isinstance(stated, ContactStated)
    assert stated.party is Party.SELLER
    after(*RULED).when(LI, by=PLATFORM).refused(NotAllowed)
    after(*RULED).when(LI, by=MEDIATOR).refused(NotAllowed)


def test_an_address_that_nothing_can_be_sent_to_is_refused() -> None:
    wrong = StateContact(mail="li@example.com\nBcc: x@example.com", phone="call me")
    after(*RULED).when(wrong, by=BUYER).refused(
        Invalid, **{"/mail": "not-a-mail", "/phone": "not-a-phone"}
    )


def test_a_statement_leaves_the_rest_as_it_was_and_says_something() -> None:
    with pytest.raises(Invalid, match="nothing-stated"):
        _ = after(*RULED).when(StateContact(), by=BUYER).events
    filed = Address(mail="li@example.com", phone="13800138000")
    in_english = restated(filed, Address(language="en"))
    assert in_english == replace(filed, language="en")
    assert restated(in_english, Address(phone="")) == replace(in_english, phone=None)


UNDELIVERED = ReportUndelivered(
    notice=NoticeKind.RULING,
    party=Party.BUYER,
    channels=("mail", "sms"),
    causes=("refused", "no-address"),
)


@pytest.mark.standard("4.3.5 delivery is an event with channel and time")
def test_what_no_channel_delivers_is_a_fact_and_still_waits_to_be_served() -> None:
    after(*RULED).when(UNDELIVERED, by=CLOCK).then(
        NoticeUndelivered(
            notice=NoticeKind.RULING,
            party=Party.BUYER,
            channels=("mail", "sms"),
            causes=("refused", "no-address"),
        )
    )
    history = play(*RULED, (CLOCK, UNDELIVERED))
    assert running(history) == {}
    waiting = waiting_on(fold(history))
    assert waiting is not None
    assert waiting.awaited == "service"
    by_letter = replace(TO_BUYER, channel="letter")
    (served, *_) = given(*history).when(by_letter, by=PLATFORM).events
    assert isinstance(served, NoticeServed)


def test_a_notice_that_was_served_meanwhile_did_reach_somebody() -> None:
    history = play(*RULED, (CLOCK, TO_BUYER))
    given(*history).when(UNDELIVERED, by=CLOCK).then()


@pytest.mark.parametrize(
    ("contact", "mail", "phone"),
    [
        ("li@example.com", "li@example.com", None),
        ("138 0013 8000", None, "13800138000"),
        ("李女士 13800138000、li@example.com", "li@example.com", "13800138000"),
        ("13800138000 or 13900139000", None, None),
        ("a@example.com b@example.com", None, None),
        ("WeChat: li_1987", None, None),
    ],
)
def test_addresses_are_found_in_what_the_buyer_gave_as_contact(
    contact: str, mail: str | None, phone: str | None
) -> None:
    assert address_in(contact) == Address(mail=mail, phone=phone)
