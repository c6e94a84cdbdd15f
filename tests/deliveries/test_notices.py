"""Notices by mail and SMS: what they say, that they are served once, that they fail."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from application.cases.disputes import Disputes
from application.deliveries.delivery_worker import DeliveryWorker, DoAgain
from application.deliveries.dispatch import Dispatch
from application.notices.notice_address import address_of
from application.notices.notice_delivery import (
    NoticeDelivery,
    NoticeState,
    of_case,
    unserved,
)
from application.notices.notice_plan import NoticePlan
from application.notices.notice_sender import NoticeSender, Routes
from application.notices.notice_text import NoticedCase
from application.notices.routes import MailRoute, SmsRoute
from application.privacy.data_keys import KeyStore
from application.record.database import Database
from application.record.sequencer import Sequencer
from domain.admission.commands import Admit
from domain.appeal.commands import Appeal, DecideAppeal
from domain.case.events import DisputeEvent
from domain.notices.commands import ServeNotice, StateContact
from domain.notices.events import NoticeKind, NoticeServed, NoticeUndelivered
from domain.roles import CLOCK, Party
from projections.health.notice_health import notice_findings
from tests.conftest import Clock
from tests.deliveries.conftest import until
from tests.deliveries.post_office import Gateway, MailServer
from tests.sample_cases import ask, tell
from tests.sample_commands import COMMANDS
from tests.samples import BOOKS, BUYER, MEDIATOR, SELLER, SUPERVISOR

QUICK = (timedelta(seconds=0.1), timedelta(seconds=0.1))
LI = StateContact(mail="li@example.com", phone="13800138000", language="zh-CN")
SHOP = StateContact(mail="shop@example.com", phone=None, language="en")
PAGES = "https://shop.example/disputes/{case}"


def awaits_response(disputes: Disputes, case: UUID) -> bool:
    limits = disputes.find(case).dispute.deadlines
    return any(one.awaited == "response" for one in limits)


def _by_id(one: NoticeDelivery) -> UUID:
    return one.delivery_id


class PostOffice:
    """The dispatch and the sender of notices, on one database."""

    def __init__(self, url: str, disputes: Disputes, routes: Routes) -> None:
        self._url, self.disputes = url, disputes
        self._sequencer = Sequencer(url)
        self._dispatch = Dispatch(url, [NoticePlan(routes.channels)])
        database: Database = disputes.database
        self.sender = NoticeSender(database, disputes, BOOKS, routes, QUICK)

    def dispatched(self) -> None:
        while self._sequencer.tick() + self._dispatch.tick():
            pass

    @contextmanager
    def sending(self) -> Iterator[None]:
        worker = DeliveryWorker(self._url, [self.sender.kind], self.sender.bounds)
        stop = threading.Event()
        thread = threading.Thread(target=worker.run, args=[stop])
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(30)
            assert not thread.is_alive()

    def deliveries(self, case: UUID) -> list[NoticeDelivery]:
        with self.disputes.database.get_connection() as connection:
            return [*of_case(connection, case)]

    def sent(self, case: UUID) -> list[NoticeDelivery]:
        """Dispatch, send, and wait until nothing is waiting any more."""
        self.dispatched()
        with self.sending():
            until(
                lambda: all(
                    one.state is not NoticeState.WAITING
                    for one in self.deliveries(case)
                )
            )
        return self.deliveries(case)

    def events(self, case: UUID, kind: type[DisputeEvent]) -> list[DisputeEvent]:
        found = self.disputes.find(case).events
        return [one.event for one in found if isinstance(one.event, kind)]

    def close(self) -> None:
        self._sequencer.close()
        self._dispatch.close()


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer().running() as one:
        yield one


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway().running() as one:
        yield one


Office = Callable[..., PostOffice]


@pytest.fixture
def office(url: str, disputes: Disputes) -> Iterator[Office]:
    made: list[PostOffice] = []

    def make(
        mail: MailServer, gateway: Gateway | None = None, *, in_site: bool = False
    ) -> PostOffice:
        made.append(_office(url, disputes, mail, gateway, in_site=in_site))
        return made[-1]

    yield make
    for one in made:
        one.close()


def _office(
    url: str,
    disputes: Disputes,
    mail: MailServer,
    gateway: Gateway | None,
    *,
    in_site: bool,
) -> PostOffice:
    sender = "Warm Home <no-reply@shop.example>"
    return PostOffice(
        url,
        disputes,
        Routes(
            mail=MailRoute(url=mail.url, sender=sender, plain=True),
            sms=SmsRoute(url=gateway.url, token="t-1") if gateway else None,
            in_site=in_site,
            pages=PAGES,
        ),
    )


@pytest.fixture
def ruled(disputes: Disputes, clock: Clock) -> UUID:
    """Return a case that was ruled, whose parties have said where they are found."""
    case = tell(disputes, clock, "ruled", "o-9")
    ask(disputes, case, BUYER, LI)
    ask(disputes, case, SELLER, SHOP)
    return case


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


def test_a_mail_that_is_refused_for_now_comes_again_and_is_the_same_mail(
    office: Office, mail: MailServer, ruled: UUID
) -> None:
    mail.answers = ["451 later"] * 3
    post = office(mail)
    sent = post.sent(ruled)
    assert max(one.tries for one in sent) > 1
    assert all(one.state is not NoticeState.FAILED for one in sent)
    names = [one["Message-ID"] for one in mail.mails]
    assert len(names) == len(set(names))


def test_what_no_channel_delivers_is_recorded_once_and_a_new_address_tries_again(
    office: Office, disputes: Disputes, mail: MailServer, gateway: Gateway, clock: Clock
) -> None:
    case = tell(disputes, clock, "filed", "o-8")
    ask(disputes, case, MEDIATOR, COMMANDS[Admit])
    post = office(mail, gateway)
    (failed, also) = post.sent(case)
    assert {failed.channel, also.channel} == {"mail", "sms"}
    assert post.events(case, NoticeUndelivered) == [
        NoticeUndelivered(
            notice=failed.notice,
            party=failed.party,
            channels=tuple(one.channel for one in sorted((failed, also), key=_by_id)),
            causes=("no-address", "no-address"),
        )
    ]
    assert not awaits_response(disputes, case)
    ask(disputes, case, SELLER, replace(SHOP, phone="13900139000"))
    assert {one.state for one in post.sent(case)} == {NoticeState.DELIVERED}
    assert awaits_response(disputes, case)
    (message,) = gateway.messages
    assert message["to"] == "13900139000"
    assert message["template"] == "admission"
    assert message["text"].startswith("A dispute about your sale was admitted")
    assert gateway.headers[0]["Authorization"] == "Bearer t-1"
    assert gateway.headers[0]["Idempotency-Key"] == message["id"]


def test_a_server_that_is_down_is_told_once_and_so_is_its_return(
    office: Office, ruled: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    down = MailServer()
    post = office(down)
    post.dispatched()
    waiting = [one for one in post.deliveries(ruled) if one.notice == "ruling"]
    for one in waiting:
        with pytest.raises(DoAgain):
            asyncio.run(post.sender.send(str(one.delivery_id)))
    (line,) = (one.getMessage() for one in caplog.records)
    assert line.startswith("notices: mail fails: SMTPConnect")
    with post.disputes.database.get_connection() as connection:
        assert [*notice_findings(connection)] == []
        connection.execute(
            "UPDATE notice_deliveries SET created_at = now() - interval '2 minutes'"
        )
        (finding,) = notice_findings(connection)
        assert "mail fails for 2 minutes: SMTPConnect" in finding.said
        assert {one.problem for one in unserved(connection)} == {"SMTPConnectError"}
    with down.running():
        time.sleep(0.2)
        for one in waiting:
            asyncio.run(post.sender.send(str(one.delivery_id)))
    told = [one.getMessage() for one in caplog.records]
    assert len(told) == 2
    assert told[1].startswith("notices: mail is back after ")
    assert "@" not in "".join(told)


def test_a_login_that_the_gateway_refuses_is_no_fault_of_the_address(
    office: Office, mail: MailServer, gateway: Gateway, disputes: Disputes, ruled: UUID
) -> None:
    ask(disputes, ruled, SELLER, replace(SHOP, phone="13900139000"))
    gateway.answers = [401, 403]
    sent = office(mail, gateway).sent(ruled)
    assert {one.state for one in sent if one.channel == "sms"} == {
        NoticeState.DELIVERED
    }


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


def test_an_address_that_the_server_never_takes_is_given_up_at_once(
    office: Office, mail: MailServer, ruled: UUID
) -> None:
    mail.answers = ["550 no such person"] * 20
    post = office(mail)
    sent = post.sent(ruled)
    assert {one.problem for one in sent} == {"refused: smtp 550"}
    assert {one.tries for one in sent} == {1}
    causes = [
        one.causes
        for one in post.events(ruled, NoticeUndelivered)
        if isinstance(one, NoticeUndelivered)
    ]
    assert set(causes) == {("refused",)}


def test_in_their_accounts_parties_know_already_so_nothing_is_undelivered(
    office: Office, disputes: Disputes, mail: MailServer, clock: Clock
) -> None:
    case = tell(disputes, clock, "filed", "o-7")
    ask(disputes, case, MEDIATOR, COMMANDS[Admit])
    post = office(mail, in_site=True)
    admission = ServeNotice(
        notice=NoticeKind.ADMISSION, party=Party.SELLER, channel="in-site"
    )
    ask(disputes, case, CLOCK, admission)
    (failed,) = post.sent(case)
    assert failed.state is NoticeState.FAILED
    assert post.events(case, NoticeUndelivered) == []


def test_a_job_that_is_done_twice_serves_once_and_sends_once(
    office: Office, disputes: Disputes, mail: MailServer, ruled: UUID
) -> None:
    post = office(mail)
    sent = post.sent(ruled)
    mails, events = len(mail.mails), len(disputes.find(ruled).events)
    for one in sent:
        asyncio.run(post.sender.send(str(one.delivery_id)))
    assert (len(mail.mails), len(disputes.find(ruled).events)) == (mails, events)


def test_an_erased_address_is_no_address(
    office: Office, disputes: Disputes, keys: KeyStore, mail: MailServer, ruled: UUID
) -> None:
    stated = next(
        one.key
        for one in disputes.find(ruled).events
        if one.event.__struct_config__.tag == "contact-stated"
    )
    assert stated is not None
    with keys.database.get_connection() as connection:
        burnt = "UPDATE data_keys SET wrapped = NULL, destroyed_at = now()"
        connection.execute(f"{burnt} WHERE key_id = %s".encode(), (stated,))
    keys.forget()
    post = office(mail)
    found = {(one.party, one.problem) for one in post.sent(ruled)}
    assert ("buyer", "no-address") in found
    assert "li@example.com" not in {one["To"] for one in mail.mails}


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
