"""The one door: what a view could not hold, or nobody could read, is not recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from application.access.access_log import AccessLog
from application.access.seals import SealRecorded
from application.cases.disputes import Disputes
from application.jobs.seller_standing import StandingRecorded
from application.privacy.sealing_keys import with_keys
from application.record.database import Database
from application.record.envelope import Envelope, Recorded
from application.record.storable_values import MOST_NAME_BYTES
from domain.access_events import AccessSealed, CaseViewed
from domain.case.dispute import Dispute
from domain.case.event import Event
from domain.filing.events import Filed
from domain.identity import ACCESS_LOG, standing_key
from domain.money import LARGEST_MINOR, Money
from domain.refusals import Invalid
from domain.roles import CLOCK, RULES, Actor, Role
from domain.standing import FaultRecorded
from domain.terms import Terms
from tests.sample_events import EVENTS, START
from tests.samples import BUYER, FILE
from tests.store.test_disputes import CASE, request

pytestmark = pytest.mark.store

SAMPLE = cast("Filed", EVENTS[Filed])
OVER = Money(99_999_999_999_999_999_999, "CNY")
EAST = timezone(timedelta(hours=8))


def filed(event: Event = SAMPLE, **envelope: Any) -> Recorded:
    known: dict[str, Any] = {
        "case": uuid4(),
        "version": 1,
        "at": START,
        "recorded_at": START,
        "actor": Actor(role=Role.BUYER, id="b-1"),
        "command_id": uuid4(),
    }
    return Recorded(**(known | envelope), event=event)  # type: ignore[arg-type]


def changed(**fields: Any) -> Recorded:
    return filed(replace(SAMPLE, **fields))


BAD: dict[str, tuple[Recorded, str]] = {
    "a platform that is a list": (changed(platform=["shop"]), "not-readable"),
    "a platform that is a number": (changed(platform=0), "not-readable"),
    "an actor who is a number": (
        filed(actor=Actor(role=Role.BUYER, id=cast("str", 7))),
        "not-readable",
    ),
    "a NUL": (changed(seller="s\0"), "text-not-storable"),
    "a NUL in a personal text": (changed(facts="broken\0"), "text-not-storable"),
    "half a pair": (changed(buyer="b\ud800"), "text-not-storable"),
    "half a pair in a personal text": (changed(contact="\udfff"), "text-not-storable"),
    "a seller of 6,000 characters": (changed(seller="s" * 6_000), "name-too-long"),
    "a seller one byte too long": (
        changed(seller="s" * (MOST_NAME_BYTES + 1)),
        "name-too-long",
    ),
    "an amount of 10^20": (
        changed(claim=Terms(kind="refund", amount=OVER)),
        "amount-not-storable",
    ),
    "an amount below nothing": (
        changed(paid=Money(-1, "CNY")),
        "amount-not-storable",
    ),
    "a count beyond an integer": (changed(number=2**31), "number-not-storable"),
    "a version beyond a bigint": (filed(version=2**63), "number-not-storable"),
    "a time without an offset": (
        filed(at=datetime(2026, 1, 1)),  # noqa: DTZ001 - that is what is tried
        "time-not-storable",
    ),
    "a time before year 1 in UTC": (
        changed(received_at=datetime(1, 1, 1, tzinfo=EAST)),
        "time-not-storable",
    ),
}


@pytest.mark.parametrize(("recorded", "code"), BAD.values(), ids=BAD.keys())
def test_what_no_view_could_hold_is_refused_and_nothing_is_appended(
    disputes: Disputes, recorded: Recorded, code: str
) -> None:
    for append in appends(disputes):
        with pytest.raises(Invalid) as caught:
            append(recorded)
        assert {one.code for one in caught.value.problems} == {code}
    assert disputes.recorder.select_events(recorded.case) == []


def appends(disputes: Disputes) -> list[Callable[[Recorded], object]]:
    """Return the ways to the record: with keys made before, as every command, and not.

    Imports and erasures encode events for a transaction of their own.
    """
    record = disputes.record
    dispute = Dispute(platform="shop", buyer="b-1", seller="s-1")
    return [
        lambda one: record.append([one], None),
        lambda one: record.encoded([one], None),
        lambda one: record.append(with_keys([one], dispute, disputes.keys), None),
    ]


def test_what_every_view_can_hold_is_taken(disputes: Disputes) -> None:
    good = (
        changed(seller="长" * (MOST_NAME_BYTES // 3)),
        changed(paid=Money(LARGEST_MINOR, "TND")),
        changed(received_at=datetime(1, 1, 1, 8, tzinfo=EAST)),
        changed(stated="长" * 2_000),
        filed(at=datetime.max.replace(tzinfo=UTC)),
    )
    for one in good:
        disputes.record.append([one], None)
        assert disputes.find(one.case).version == 1


STANDING = FaultRecorded(dispute=uuid4(), because="ruled", points=1)
OTHERS: tuple[tuple[type[Envelope], UUID, Actor, Event], ...] = (
    (StandingRecorded, standing_key("shop", "s-1"), RULES, cast("Event", STANDING)),
    (SealRecorded, ACCESS_LOG, CLOCK, AccessSealed(entries=1, hash=b"x" * 32)),
)


@pytest.mark.parametrize(("kind", "history", "actor", "event"), OTHERS)
def test_the_other_histories_have_the_same_door(
    disputes: Disputes, kind: Any, history: UUID, actor: Actor, event: Any
) -> None:
    def envelope(of: Any) -> Any:
        return kind(
            case=history,
            version=1,
            at=START,
            recorded_at=START,
            actor=actor,
            command_id=uuid4(),
            event=of,
        )

    field = "points" if kind is StandingRecorded else "entries"
    with pytest.raises(Invalid, match=f"{field} number-not-storable"):
        disputes.record.append([envelope(replace(event, **{field: 2**63}))], None)
    disputes.record.append([envelope(event)], None)
    assert len(disputes.record.read(history)) == 1


@pytest.mark.parametrize("platform", [["shop"], [], 0, False, "shop\0", "s" * 700])
def test_the_access_log_takes_no_entry_that_nobody_could_read(
    database: Database, platform: Any
) -> None:
    log = AccessLog(database)
    actor = Actor(role=Role.AUDITOR, id="a-1")
    viewed = CaseViewed(what="case", path="/v1/disputes", purpose="Audit")
    with pytest.raises(Invalid):
        log.record(actor, platform, viewed, START)
    assert log.record(actor, "shop", viewed, START).number == 1


def test_a_command_whose_event_no_view_holds_leaves_nothing(disputes: Disputes) -> None:
    for command in (
        replace(FILE, seller="s" * 6_000),
        replace(FILE, platform="s" * 6_000),
        replace(FILE, platform=cast("str", ["shop"])),
    ):
        with pytest.raises(Invalid):
            disputes.handle(request(BUYER), command)
    assert disputes.find(CASE).version == 0
    assert disputes.handle(request(BUYER), FILE).version == 1
