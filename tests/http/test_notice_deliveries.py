"""Contacts, and the log of notices that left the house, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from application.notices.notice_delivery import NoticeState, move_on, of_case
from interface.bootstrap import System, wire
from interface.run.worker import Worker
from interface.settings import settings
from tests.conftest import Clock
from tests.http.conftest import People, file_for, full_health
from tests.http.conftest import whole_worker as background

__all__ = ["background"]


@pytest.fixture
def system(url: str, tmp_path: Path, clock: Clock) -> Iterator[System]:
    """Return a system that only sends mails: nobody is told in an account."""
    read = settings.read(
        {
            "REDRESS_HOME": str(tmp_path),
            "REDRESS_NOTICE_CHANNELS": "mail",
            "REDRESS_MAIL_SERVER": "smtp://127.0.0.1:9",
            "REDRESS_MAIL_FROM": "Warm Home <no-reply@shop.example>",
            "DATABASE_URL": url,
        }
    )
    one = wire(read, url, url, clock)
    yield one
    one.close()


def test_a_party_states_a_contact_that_only_its_own_side_and_staff_see(
    people: People,
) -> None:
    case = file_for(people)
    people.mediator.act(case, "admission", {})
    sent = {"mail": "li@example.com", "phone": "138 0013 8000", "language": "zh-CN"}
    stated = people.buyer.act(case, "contact", sent)
    (own,) = stated["contacts"]
    assert (own["party"], own["mail"], own["phone"]) == (
        "buyer",
        "li@example.com",
        "13800138000",
    )
    assert people.seller.get(f"/v1/disputes/{case}").json()["contacts"] == []
    assert "li@example.com" not in people.seller.get(f"/v1/disputes/{case}").text
    assert people.mediator.get(f"/v1/disputes/{case}").json()["contacts"] == [own]
    assert "li@example.com" not in people.seller.get("/v1/notices").text


def test_the_client_states_the_sellers_contact_before_the_seller_is_told(
    people: People,
) -> None:
    case = file_for(people)
    sent = {"mail": "shop@example.com"}
    path = f"/v1/disputes/{case}/contact"
    stated = people.platform.post(path, sent, On_Behalf_Of="seller")
    assert stated.status_code == 200
    (own,) = stated.json()["contacts"]
    assert (own["party"], own["mail"]) == ("seller", "shop@example.com")
    named = people.platform.post(path, sent, On_Behalf_Of='seller; id="s-1"')
    assert named.status_code == 404
    people.mediator.act(case, "admission", {})
    named = people.platform.post(path, sent, On_Behalf_Of='seller; id="s-1"')
    assert named.status_code == 200


def test_a_contact_that_is_none_is_refused_in_words(people: People) -> None:
    case = file_for(people)
    refused = people.buyer.post(f"/v1/disputes/{case}/contact", {"mail": "li@"})
    assert refused.status_code == 422
    (fault,) = refused.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/mail", "not-a-mail")


def test_without_accounts_a_notice_waits_until_a_message_arrived(
    people: People, background: Worker, system: System, clock: Clock
) -> None:
    case = file_for(people)
    people.mediator.act(case, "admission", {})
    background.catch_up()
    seen = people.mediator.get(f"/v1/disputes/{case}").json()
    assert seen["waiting_on"]["for"] == "service"
    assert seen["served"] == []
    log = people.mediator.get(f"/v1/disputes/{case}/deliveries").json()
    (mail,) = log["items"]
    assert (mail["notice"], mail["party"], mail["channel"]) == (
        "admission",
        "seller",
        "mail",
    )
    assert mail["state"] == "waiting"
    clock.forward(minutes=10)
    # It waits for the receiver, and not for the worker.
    assert full_health(people.mediator.http).json()["status"] == "ready"
    again = f"/v1/disputes/{case}/deliveries/{mail['id']}/redelivery"
    early = people.mediator.post(again)
    assert early.json()["type"].endswith(":not-a-dead-letter")
    with system.database.get_connection() as connection:
        (row,) = of_case(connection, UUID(case))
        move_on(connection, row, NoticeState.FAILED, row.created_at, "no-address")
    waits = people.mediator.post(again)
    assert (waits.status_code, waits.json()["state"]) == (200, "waiting")
    served = people.platform.act(
        case, "notices", {"notice": "admission", "party": "seller", "channel": "letter"}
    )
    assert served["served"][0]["channel"] == "letter"


def test_the_log_is_for_staff_the_client_and_those_who_audit(people: People) -> None:
    case = file_for(people)
    for role in ("buyer", "seller", "analyst"):
        refused = getattr(people, role).get(f"/v1/disputes/{case}/deliveries")
        assert refused.status_code == 403
    for role in ("supervisor", "platform", "auditor", "regulator"):
        found = getattr(people, role).get(f"/v1/disputes/{case}/deliveries")
        assert found.json() == {"items": [], "next": None}
    other = people.named("platform", "p-1", "elsewhere")
    assert other.get(f"/v1/disputes/{case}/deliveries").status_code == 404


def test_a_channel_that_takes_nothing_is_a_finding(
    people: People, background: Worker, system: System
) -> None:
    case = file_for(people)
    people.mediator.act(case, "admission", {})
    background.catch_up()
    with system.database.get_connection() as connection:
        (row,) = of_case(connection, UUID(case))
        connection.execute(
            "UPDATE notice_deliveries SET created_at = now() - interval '20 minutes'"
        )
    late = full_health(people.mediator.http).text
    assert "notices: one waits to be sent by mail for 20 minutes" in late
    with system.database.get_connection() as connection:
        now = datetime.now(UTC)
        move_on(connection, row, NoticeState.FAILED, now, "unreachable: timeout")
    lost = full_health(people.mediator.http).text
    assert "notices: 1 could not be sent by mail in the last day" in lost
