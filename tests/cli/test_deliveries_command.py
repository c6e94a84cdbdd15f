"""`redress deliveries`: what was given up is listed, and sent again."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result

from application.cases.disputes import Disputes
from application.deliveries.job_queue import with_jobs
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
