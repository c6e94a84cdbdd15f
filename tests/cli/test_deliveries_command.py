"""`redress deliveries`: what was given up is listed, and sent again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result

from application.cases.disputes import Disputes
from application.deliveries.job_queue import with_jobs
from application.notices.notice_delivery import (
    NoticeState,
    add,
    move_on,
    new_delivery,
)
from domain.notices.channel import Channel
from domain.notices.events import NoticeKind
from domain.notices.notice import Notice
from domain.roles import Party
from interface.cli.main import redress
from tests.conftest import Clock
from tests.deliveries.conftest import Deliveries, deliveries
from tests.sample_cases import tell

__all__ = ["deliveries"]


@pytest.fixture
def given_up(deliveries: Deliveries, disputes: Disputes, clock: Clock) -> Deliveries:
    deliveries.endpoint("https://example.com/hook")
    for n in range(3):
        tell(disputes, clock, "filed", f"o-{n}")
    deliveries.dispatched()
    with deliveries.database.get_connection() as connection:
        connection.execute(
            "UPDATE deliveries SET state = 'dead', ended_at = now(), next_at = NULL"
        )
        with connection.transaction():
            with_jobs(connection)
            connection.execute("DELETE FROM procrastinate_jobs")
    return deliveries


def asked(given_up: Deliveries, *arguments: str) -> Result:
    environ = {"DATABASE_URL": given_up.url, "COLUMNS": "200"}
    return CliRunner().invoke(redress, ["deliveries", *arguments], env=environ)


def test_dead_letters_are_listed_and_sent_again(given_up: Deliveries) -> None:
    (line,) = asked(given_up, "--json").output.splitlines()
    one = json.loads(line)
    assert (one["dead"], one["waiting"], one["platform"]) == (3, 0, "shop")
    assert "https://example.com/hook" in asked(given_up).output
    done = asked(given_up, "--again", "--webhook", one["webhook_id"])
    assert done.output == "to be sent again: 3\n"
    assert given_up.count("waiting") == 3
    jobs = given_up.rows("SELECT args FROM redress_jobs.procrastinate_jobs ORDER BY id")
    order = given_up.rows("SELECT delivery_id FROM deliveries ORDER BY position")
    assert [one["args"]["delivery"] for one in jobs] == [
        str(one["delivery_id"]) for one in order
    ]
    assert asked(given_up, "--again").output == "to be sent again: 0\n"


def test_an_unknown_webhook_is_named(given_up: Deliveries) -> None:
    unknown = str(uuid4())
    done = asked(given_up, "--webhook", unknown)
    assert done.exit_code != 0
    assert unknown in f"{done.output}{done.exception}"


def test_notices_that_failed_are_listed_without_address_and_sent_again(
    given_up: Deliveries, disputes: Disputes, clock: Clock
) -> None:
    case = tell(disputes, clock, "filed", "o-9")
    now = datetime.now(UTC)
    notice = Notice(kind=NoticeKind.ADMISSION, party=Party.SELLER)
    lost = new_delivery(case, 1, notice, Channel.MAIL, now)
    waits = new_delivery(case, 1, notice, Channel.SMS, now)
    with given_up.database.get_connection() as connection:
        add(connection, [lost, waits])
        move_on(connection, lost, NoticeState.FAILED, now, "refused: smtp 550")
        move_on(connection, waits, NoticeState.WAITING, now, "timeout")
    shown = asked(given_up).output
    for word in (str(case), "admission", "seller", "refused: smtp 550", "timeout"):
        assert word in shown
    _, *lines = map(json.loads, asked(given_up, "--json").output.splitlines())
    assert {(one["channel"], one["state"]) for one in lines} == {
        ("mail", "failed"),
        ("sms", "waiting"),
    }
    assert asked(given_up, "--again").output == "to be sent again: 4\n"
    jobs = given_up.rows("SELECT args FROM redress_jobs.procrastinate_jobs")
    assert {"delivery": str(lost.delivery_id)} in [one["args"] for one in jobs]
