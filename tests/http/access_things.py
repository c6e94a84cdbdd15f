"""What the access matrix asks about beside cases: all of it there, of one platform."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from application.deliveries.delivery import NewDelivery, add
from application.notices import notice_delivery
from application.notices.notice_delivery import new_delivery
from domain.notices.channel import Channel
from domain.notices.events import NoticeKind
from domain.notices.notice import Notice
from domain.roles import Party
from interface.bootstrap import System
from tests.http.conftest import People


def webhook_with_dead_letter(people: People, system: System) -> dict[str, str]:
    """Add a webhook that has been sent a message in vain; return both their ids."""
    made = people.supervisor.post("/v1/webhooks", {"url": "https://8.8.8.8/hook"})
    assert made.status_code == 201, made.text
    webhook = UUID(made.json()["webhook"]["id"])
    letter = NewDelivery(
        webhook_id=webhook,
        position=1,
        case_id=uuid4(),
        topic="filed",
        body=b"{}",
        name="event/1",
    )
    with system.database.get_connection() as connection, connection.transaction():
        add(connection, [letter], datetime.now(UTC))
        connection.execute(
            "UPDATE deliveries SET state = 'dead', next_at = NULL, ended_at = now()"
            " WHERE delivery_id = %s",
            (letter.delivery_id,),
        )
    return {"webhook_id": str(webhook), "delivery_id": str(letter.delivery_id)}


def failed_notice(system: System, case: str) -> str:
    """Let a mail to the buyer of a case have failed; return its id."""
    notice = Notice(kind=NoticeKind.ADMISSION, party=Party.BUYER)
    one = new_delivery(UUID(case), 1, notice, Channel.MAIL, datetime.now(UTC))
    with system.database.get_connection() as connection, connection.transaction():
        notice_delivery.add(connection, [one])
        connection.execute(
            "UPDATE notice_deliveries SET state = 'failed', next_at = NULL,"
            " ended_at = now() WHERE delivery_id = %s",
            (one.delivery_id,),
        )
    return str(one.delivery_id)


def api_key(people: People) -> str:
    """Make a key for an analyst's program, which a regulator may end as well."""
    ends = datetime.now(UTC) + timedelta(days=30)
    made = people.supervisor.post(
        "/v1/api-keys",
        {
            "name": "Figures",
            "role": "analyst",
            "subject": "figures",
            "expires_at": ends.isoformat(),
        },
    )
    assert made.status_code == 201, made.text
    key_id: str = made.json()["id"]
    return key_id
