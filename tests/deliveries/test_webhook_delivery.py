"""What endpoints are sent: everything that was recorded, signed, in order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from application.cases.disputes import Disputes
from application.deliveries.dispatch import Dispatch
from application.deliveries.webhook_plan import webhook_plan
from domain.admission.commands import Admit
from domain.identity import imported_key, natural_key
from projections.rebuild.rebuild_run import rebuild
from projections.registry import VIEWS
from tests.conftest import Clock, ManualWorker
from tests.deliveries.conftest import Deliveries
from tests.deliveries.patience import until
from tests.deliveries.receiver import Answer, receiving
from tests.imports.conftest import HEADER, Import, run_import
from tests.sample_cases import ask, tell
from tests.sample_commands import COMMANDS
from tests.samples import MEDIATOR

__all__ = ["run_import"]


def test_every_event_of_the_platform_is_sent_in_order_and_verifies(
    deliveries: Deliveries, disputes: Disputes, clock: Clock
) -> None:
    with receiving() as receiver, deliveries.sending():
        _, secret = deliveries.endpoint(receiver.url)
        case = tell(disputes, clock, "closed", "o-1")
        deliveries.dispatched()
        events = disputes.find(case).events
        until(lambda: len(receiver.taken) >= len(events))
    taken = receiver.taken
    assert [one.message["type"] for one in taken] == [
        type(one.event).__struct_config__.tag for one in events
    ]
    assert [one.message["version"] for one in taken] == [one.version for one in events]
    for one in taken:
        assert Verifier(secret).verify(one.body, one.headers) == one.message
        changed = one.body.replace(b'"version":', b'"version": ')
        with pytest.raises(WebhookVerificationError):
            Verifier(secret).verify(changed, one.headers)


def test_a_replayed_message_is_told_by_its_time(
    deliveries: Deliveries, disputes: Disputes, clock: Clock
) -> None:
    with receiving() as receiver, deliveries.sending():
        _, secret = deliveries.endpoint(receiver.url)
        tell(disputes, clock, "filed", "o-1")
        deliveries.dispatched()
        until(lambda: receiver.taken)
    one = receiver.taken[0]
    stamp = int(one.headers["webhook-timestamp"])
    assert abs(stamp - datetime.now(UTC).timestamp()) < 60
    old = one.headers | {"webhook-timestamp": str(stamp - 3_600)}
    with pytest.raises(WebhookVerificationError, match="too old"):
        Verifier(secret).verify(one.body, old)


def test_a_message_says_what_happened_without_a_personal_text(
    deliveries: Deliveries, disputes: Disputes, clock: Clock
) -> None:
    with receiving() as receiver, deliveries.sending():
        deliveries.endpoint(receiver.url, "filed")
        case = tell(disputes, clock, "admitted", "o-1")
        deliveries.dispatched()
        until(lambda: receiver.taken)
    (one,) = receiver.taken
    message = one.message
    assert message.keys() == {
        *("type", "position", "dispute", "case_number", "platform", "version", "at"),
        *("recorded_at", "actor", "event", "href"),
    }
    where = "SELECT position FROM ledger WHERE originator_id = %s ORDER BY position"
    assert message["position"] == deliveries.rows(where, case)[0]["position"]
    assert message["actor"] == {"role": "buyer", "id": "b-1"}
    assert message["href"] == f"/v1/disputes/{case}"
    assert message["event"]["paid"] == {"amount": "129.00", "currency": "CNY"}
    assert "facts" not in message["event"]
    assert b"kettle" not in one.body
    assert b"enc2:" not in one.body


def test_an_endpoint_is_sent_what_it_asked_for_of_its_own_platform(
    deliveries: Deliveries, disputes: Disputes, clock: Clock
) -> None:
    tell(disputes, clock, "filed", "o-0")
    deliveries.dispatched()
    with receiving() as all_, receiving() as some, receiving() as other:
        deliveries.endpoint(all_.url)
        deliveries.endpoint(some.url, "ruled", "closed")
        deliveries.endpoint(other.url, platform="market")
        with deliveries.sending():
            case = tell(disputes, clock, "closed", "o-1")
            deliveries.dispatched()
            until(lambda: deliveries.count("waiting") == 0)
    assert {one.message["type"] for one in some.taken} == {"ruled", "closed"}
    assert other.received == []
    # Not of what had its position before the endpoint was made.
    cases = {one.message["dispute"] for one in all_.taken}
    assert cases == {str(case)}


def test_what_a_receiver_does_not_take_is_sent_again_as_it_was(
    deliveries: Deliveries, disputes: Disputes, clock: Clock
) -> None:
    answers = iter([Answer(500), Answer(503), Answer(204)])
    with receiving(lambda _: next(answers)) as receiver, deliveries.sending():
        deliveries.endpoint(receiver.url)
        tell(disputes, clock, "filed", "o-1")
        deliveries.dispatched()
        until(lambda: deliveries.count("delivered") == 1)
    assert [one.status for one in receiver.received] == [500, 503, 204]
    assert len({(one.name, one.body) for one in receiver.received}) == 1
    attempts = deliveries.rows("SELECT number, status, problem FROM delivery_attempts")
    assert [tuple(one.values()) for one in attempts] == [
        (1, 500, "status"),
        (2, 503, "status"),
        (3, 204, None),
    ]


def test_later_messages_of_a_case_wait_for_one_that_fails_and_other_cases_do_not(
    deliveries: Deliveries, disputes: Disputes, clock: Clock
) -> None:
    bad = tell(disputes, clock, "filed", "o-1")
    deliveries.dispatched()
    with receiving() as receiver:
        deliveries.endpoint(receiver.url)
        first = str(bad)

        def answering(message: dict[str, object]) -> Answer:
            refuse = message["dispute"] == first and message["type"] == "admitted"
            return Answer(500 if refuse else 204)

        receiver.answering = answering
        tell(disputes, clock, "admitted", "o-2")
        ask(disputes, bad, MEDIATOR, COMMANDS[Admit])
        deliveries.dispatched()
        with deliveries.sending((timedelta(seconds=0.3), timedelta(seconds=0.3))):
            until(lambda: deliveries.count("waiting") == 0)
    assert deliveries.count("dead") == 1
    # The dead letter does not hold up for ever what comes behind it.
    kinds = [
        one.message["type"]
        for one in receiver.received
        if one.message["dispute"] == first
    ]
    assert kinds[:3] == ["admitted"] * 3


def test_nothing_is_sent_twice_by_a_second_leader(
    deliveries: Deliveries, disputes: Disputes, clock: Clock
) -> None:
    deliveries.endpoint("https://example.com/hook")
    tell(disputes, clock, "filed", "o-1")
    deliveries.dispatched()
    deliveries.dispatch.close()
    deliveries.dispatched()
    assert deliveries.count("waiting") == 1
    jobs = deliveries.rows("SELECT args, lock FROM redress_jobs.procrastinate_jobs")
    assert len(jobs) == 1


def test_a_rebuild_of_views_sends_nothing_again(
    deliveries: Deliveries, disputes: Disputes, clock: Clock, worker: ManualWorker
) -> None:
    deliveries.endpoint("https://example.com/hook")
    tell(disputes, clock, "closed", "o-1")
    deliveries.dispatched()
    worker.catch_up()
    before = deliveries.rows("SELECT * FROM deliveries ORDER BY position")
    where = "SELECT position FROM followers WHERE name = 'deliveries'"
    position = deliveries.rows(where)
    for view in VIEWS:
        rebuild(deliveries.url, view, lambda *_: None)
    worker.catch_up()
    deliveries.dispatched()
    assert deliveries.rows(where) == position
    assert deliveries.rows("SELECT * FROM deliveries ORDER BY position") == before


def test_nothing_is_sent_of_imported_history(
    deliveries: Deliveries, disputes: Disputes, clock: Clock, run_import: Import
) -> None:
    deliveries.endpoint("https://example.com/hook", platform="market")
    deliveries.endpoint("https://example.com/hook")
    row = "1,2020-01-02 10:00:00,2020-02-03,broken,?,It broke.,12.90\n"
    run_import(HEADER + row)
    imported = disputes.find(imported_key("desk", "1")).events
    assert imported
    tell(disputes, clock, "filed", "o-1")
    deliveries.dispatched()
    waiting = deliveries.rows("SELECT case_id FROM deliveries")
    assert [one["case_id"] for one in waiting] == [
        natural_key("shop", "b-1", "o-1", "1", "defect", 1)
    ]


def test_an_event_is_dispatched_with_its_position_or_not_at_all(
    deliveries: Deliveries, disputes: Disputes, clock: Clock
) -> None:
    deliveries.endpoint("https://example.com/hook")
    tell(disputes, clock, "filed", "o-1")
    while deliveries.sequencer.tick():
        pass
    where = "SELECT position FROM followers WHERE name = 'deliveries'"

    def broken(*_: object) -> list[object]:
        raise OSError("the process was killed here")

    killed = Dispatch(deliveries.url, [webhook_plan, broken])  # type: ignore[list-item]
    with pytest.raises(OSError, match="killed"):
        killed.tick()
    killed.close()
    assert deliveries.rows(where)[0]["position"] == 0
    assert deliveries.count("waiting") == 0
    deliveries.dispatched()
    assert deliveries.rows(where)[0]["position"] == 2
    assert deliveries.count("waiting") == 1


def test_the_migration_is_the_sql_of_the_installed_library() -> None:
    from importlib.resources import files

    from application.record.schema.migrations import JOBS

    installed = files("procrastinate").joinpath("sql/schema.sql").read_text("utf-8")
    assert JOBS.migrations[0].sql == installed, (
        "the library has another schema: add its own migrations, numbered after ours"
    )
