"""Notices by mail and SMS: served once, tried again, and known to have failed."""

from __future__ import annotations

import asyncio
import time
from uuid import UUID

import pytest
from msgspec.structs import replace

from application.cases.disputes import Disputes
from application.deliveries.delivery_worker import DoAgain
from application.notices.notice_delivery import (
    NoticeDelivery,
    NoticeState,
    unserved,
)
from application.privacy.data_keys import KeyStore
from domain.admission.commands import Admit
from domain.notices.commands import ServeNotice
from domain.notices.events import NoticeKind, NoticeUndelivered
from domain.roles import CLOCK, Party
from projections.health.notice_health import notice_findings
from tests.conftest import Clock
from tests.deliveries.notice_office import SHOP, Office
from tests.deliveries.post_office import Gateway, MailServer
from tests.sample_cases import ask, tell
from tests.sample_commands import COMMANDS
from tests.samples import MEDIATOR, SELLER


def awaits_response(disputes: Disputes, case: UUID) -> bool:
    limits = disputes.find(case).dispute.deadlines
    return any(one.awaited == "response" for one in limits)


def _by_id(one: NoticeDelivery) -> UUID:
    return one.delivery_id


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
