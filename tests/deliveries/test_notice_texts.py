"""Notices by mail and SMS: what they say, in which language, and until when."""

from __future__ import annotations

import re
import time
from uuid import UUID

import pytest
from msgspec.structs import replace

from application.cases.disputes import Disputes
from application.notices.notice_address import address_of
from application.notices.notice_delivery import (
    NoticeState,
)
from application.notices.notice_text import NoticedCase
from domain.appeal.commands import Appeal, DecideAppeal
from domain.notices.commands import ServeNotice, StateContact
from domain.notices.events import NoticeKind, NoticeServed
from domain.roles import CLOCK, Party
from tests.conftest import Clock
from tests.deliveries.notice_office import SHOP, Office
from tests.deliveries.patience import until
from tests.deliveries.post_office import Gateway, MailServer
from tests.sample_cases import ask, tell
from tests.sample_commands import COMMANDS
from tests.samples import BOOKS, BUYER, SELLER, SUPERVISOR


@pytest.mark.standard("4.3.5 delivery is an event with channel and time")
def test_both_get_the_decision_with_its_basis_and_service_starts_the_limits(
    office: Office, mail: MailServer, ruled: UUID
) -> None:
    post = office(mail)
    sent = post.sent(ruled)
    assert {one.state for one in sent if one.notice == "ruling"} == {
        NoticeState.DELIVERED
    }
    served = post.events(ruled, NoticeServed)
    assert {
        (one.party, one.channel)
        for one in served
        if isinstance(one, NoticeServed) and one.notice == "ruling"
    } == {("buyer", "mail"), ("seller", "mail")}
    to_seller = next(
        one
        for one in served
        if isinstance(one, NoticeServed)
        and (one.notice, one.party) == ("ruling", "seller")
    )
    assert any(limit.awaited == "performance" for limit in to_seller.deadlines)
    rulings = {
        one["To"]: one for one in mail.mails if "ruling" in one["Subject"].lower()
    } | {one["To"]: one for one in mail.mails if "裁决" in one["Subject"]}
    assert set(rulings) == {"li@example.com", "shop@example.com"}
    for mailed, words in (
        (rulings["li@example.com"], ("案件编号", "申诉", "规则")),
        (rulings["shop@example.com"], ("Case ", "Please perform within", "appeal")),
    ):
        plain = mailed.get_body(("plain",))
        html = mailed.get_body(("html",))
        assert plain is not None
        assert html is not None
        for word in words:
            assert word in plain.get_content()
        assert str(ruled) in html.get_content()
        assert mailed["Auto-Submitted"] == "auto-generated"
    assert rulings["li@example.com"]["Content-Language"] == "zh-CN"
    assert "Warm Home" in rulings["li@example.com"]["From"]


@pytest.mark.standard("4.3.5 the result and its basis in writing")
def test_the_mail_of_an_upheld_appeal_says_what_stands_and_what_each_side_owes(
    office: Office, mail: MailServer, disputes: Disputes, ruled: UUID
) -> None:
    post = office(mail)
    post.sent(ruled)
    ask(disputes, ruled, SELLER, COMMANDS[Appeal])
    ask(disputes, ruled, SUPERVISOR, COMMANDS[DecideAppeal])
    mail.mails.clear()
    post.sent(ruled)
    said = {}
    for one in mail.mails:
        plain = one.get_body(("plain",))
        assert plain is not None
        said[one["To"]] = plain.get_content()
    seller, buyer = said["shop@example.com"], said["li@example.com"]
    for words in ("On appeal the decision stands.", "Liability: ", "Remedy: "):
        assert words in seller
    assert "Please perform " in seller
    for words in ("维持原决定", "责任认定", "处理结果", "卖家须"):
        assert words in buyer


def test_a_short_message_says_what_follows_in_whole_sentences(
    office: Office, mail: MailServer, gateway: Gateway, disputes: Disputes, ruled: UUID
) -> None:
    ask(disputes, ruled, SELLER, replace(SHOP, phone="13900139000"))
    office(mail, gateway).sent(ruled)
    (message,) = [
        one
        for one in gateway.messages
        if one["to"] == "13900139000" and one["template"] == "ruling"
    ]
    filled = message["parameters"]
    assert set(filled) == {"headline", "number", "follows", "link"}
    assert "Please perform " in filled["follows"]
    assert ". If you disagree, you can appeal " in filled["follows"]
    assert filled["headline"] in message["text"]
    assert filled["follows"] in message["text"]
    assert re.search(r"[a-z0-9)]\.[A-Z]", message["text"]) is None


def test_a_mail_waits_for_the_account_and_says_when_the_limit_ends(
    office: Office, disputes: Disputes, mail: MailServer, ruled: UUID
) -> None:
    post = office(mail, in_site=True)
    post.dispatched()
    with post.sending():
        time.sleep(1.5)
        # The seller knows of the admission, and of the ruling nobody does.
        assert all("ruling" not in one["Subject"].lower() for one in mail.mails)
        assert all("裁决" not in one["Subject"] for one in mail.mails)
        for notice, party in ((NoticeKind.RULING, BUYER), (NoticeKind.RULING, SELLER)):
            served = ServeNotice(notice=notice, party=party.party, channel="in-site")
            ask(disputes, ruled, CLOCK, served)
        until(lambda: len(mail.mails) >= 3)
    for one in mail.mails:
        plain = one.get_body(("plain",))
        assert plain is not None
        assert "of receiving this notice" not in plain.get_content()
        assert "收到本通知后" not in plain.get_content()


def test_a_language_alone_keeps_the_address_of_the_filing(
    office: Office, disputes: Disputes, mail: MailServer, clock: Clock
) -> None:
    case = tell(disputes, clock, "ruled", "o-6")
    before = address_of(noticed(disputes, case), Party.BUYER)
    ask(disputes, case, BUYER, StateContact(language="en"))
    after = address_of(noticed(disputes, case), Party.BUYER)
    assert before.mail is not None
    assert after == replace(before, language="en")
    assert office(mail).deliveries(case) == []


def noticed(disputes: Disputes, case: UUID) -> NoticedCase:
    found = disputes.find(case)
    return NoticedCase(
        events=disputes.record.opened(found.events),
        dispute=found.dispute,
        context=disputes.context(found, CLOCK),
        books=BOOKS,
    )
