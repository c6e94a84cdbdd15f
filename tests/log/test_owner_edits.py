"""What the database's owner changes, swaps or puts in, and how each is found."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from msgspec.structs import replace

from application.log.build.batches import tip
from application.log.fsck.finding import Property
from application.log.fsck.trusted_checkpoints import Trust
from application.log.fsck.whole_record import check
from application.record.envelope import decode, encode, leaf
from tests.log.log_fixture import LogFixture
from tests.log.owner_edits import owner_without_triggers
from tests.log.signed_record import (
    LONG,
    Owner,
    SignedRecord,
    inserted,
    place,
    set_state,
)
from tests.log.signer_fixture import SignerFixture


def test_an_untouched_record_is_intact(record: SignedRecord) -> None:
    verdict = record.verify()
    assert (verdict.intact, verdict.events, verdict.waiting) == (True, 16 * LONG, 0)
    assert verdict.size == verdict.entries == tip(record.app).size
    assert verdict.unsigned == 0
    for case in record.cases:
        assert record.verify(case).intact
        assert record.verify(case).events == LONG


def test_what_is_newer_than_the_checkpoint_or_the_log_is_checked_too(
    record: SignedRecord,
) -> None:
    record.log.tell()
    record.log.build()
    late = record.log.tell()
    record.log.sequencer.tick()
    verdict = record.verify()
    assert (verdict.intact, verdict.waiting) == (True, LONG)
    assert verdict.unsigned == LONG + 1
    with owner_without_triggers(record.log.url) as owner:
        set_state(owner, late, 2, b"{}")
    assert place(record.found())[:3] == (Property.BYTES, late, 2)


def test_a_changed_byte(record: SignedRecord) -> None:
    case, version, state = record.at(40)
    changed = state.replace(b'-1"', b'-2"', 1)
    assert changed != state
    with owner_without_triggers(record.log.url) as owner:
        set_state(owner, case, version, changed)
    for found in (record.found(), record.found(case)):
        assert place(found) == (Property.BYTES, case, version, 40)
        assert (found.expected, found.got) == (leaf(state).hex(), leaf(changed).hex())
        assert str(case) in str(found)
    other = next(one for one in record.cases if one != case)
    assert record.verify(other).intact


def test_a_changed_byte_with_its_leaf(record: SignedRecord) -> None:
    case, version, state = record.at(41)
    with owner_without_triggers(record.log.url) as owner:
        set_state(owner, case, version, state.replace(b'-1"', b'-2"', 1))
        owner.execute(
            "UPDATE ledger SET leaf = sha256('\\x00'::bytea || state) FROM events e"
            " WHERE e.notification_id = ledger.notification_id AND position = 41"
        )
    assert place(record.found()) == (Property.LOG, case, version, 41)
    assert record.found(case).property in {Property.LOG, Property.CHAIN}


def test_a_changed_topic(record: SignedRecord) -> None:
    case, version, _ = record.at(42)
    with owner_without_triggers(record.log.url) as owner:
        owner.execute(
            "UPDATE events SET topic = 'seen' WHERE originator_id = %s"
            " AND originator_version = %s",
            (case, version),
        )
    for found in (record.found(), record.found(case)):
        assert place(found) == (Property.ENVELOPE, case, version, 42)
        assert found.expected is not None
        assert found.expected.startswith("seen")


def test_two_events_swapped(record: SignedRecord) -> None:
    here, there = record.at(50), record.at(55)
    with owner_without_triggers(record.log.url) as owner:
        set_state(owner, here[0], here[1], there[2])
        set_state(owner, there[0], there[1], here[2])
    assert place(record.found()) == (Property.BYTES, here[0], here[1], 50)


def test_two_places_swapped(record: SignedRecord) -> None:
    there = record.at(53)
    with owner_without_triggers(record.log.url) as owner:
        for old, new in ((50, -1), (53, 50), (-1, 53)):
            owner.execute(
                "UPDATE ledger SET position = %s WHERE position = %s", (new, old)
            )
    found = record.found()
    assert found.position == 50
    assert (found.case, found.version) == there[:2]
    assert found.property in {Property.LOG, Property.CHAIN}


def test_an_event_put_in_under_an_id_that_was_rolled_back(
    log: LogFixture, signer: SignerFixture, app: Owner
) -> None:
    with pytest.raises(ZeroDivisionError), app.transaction():
        app.execute(
            "INSERT INTO events (originator_id, originator_version, topic, state)"
            " SELECT gen_random_uuid(), 1, 'x', 'x' FROM generate_series(1, 5)"
        )
        _ = 1 / 0
    log.tell()
    log.build()
    signer.sign()
    assert check(app, Trust(signer.keys.verifiers)).intact
    case = uuid4()
    with owner_without_triggers(log.url) as owner:
        inserted(owner, case, 1, b"{}", 3)
    log.tell()
    log.build()
    found = check(app, Trust(signer.keys.verifiers)).finding
    assert found is not None
    assert (found.property, found.case, found.version) == (Property.LEDGER, case, 1)


def test_an_event_put_between_others(record: SignedRecord) -> None:
    """With a position, and all after it moved on by one."""
    case, version, state = record.at(70)
    with owner_without_triggers(record.log.url) as owner:
        owner.execute("UPDATE ledger SET position = -position - 1 WHERE position > 69")
        owner.execute("UPDATE ledger SET position = -position WHERE position < 0")
        forged = encode(
            replace(decode(state), case=(other := uuid4()), version=1, prev=None)
        )
        inserted(owner, other, 1, forged, 1_000_000)
        owner.execute(
            "INSERT INTO ledger VALUES (70, %s, 1, 1000000, %s)", (other, leaf(forged))
        )
    found = record.found()
    assert (found.position, found.case) == (70, other)
    assert found.property in {Property.LOG, Property.ENVELOPE}
    assert record.at(71) == (case, version, state)


ALPHABET: list[Callable[[bytes], bytes]] = [
    lambda state: state[:-1],
    lambda state: state + b" ",
    lambda _: b"",
    lambda _: b"null",
    lambda _: b"\xff\xfe",
    lambda state: state.replace(b'"version":', b'"vers1on":'),
]


@pytest.mark.parametrize("change", ALPHABET)
@pytest.mark.parametrize("with_leaf", [False, True])
def test_nonsense_in_place_of_an_event(
    record: SignedRecord, change: Callable[[bytes], bytes], *, with_leaf: bool
) -> None:
    case, version, state = record.at(33)
    with owner_without_triggers(record.log.url) as owner:
        set_state(owner, case, version, change(state))
        if with_leaf:
            owner.execute(
                "UPDATE ledger SET leaf = %s WHERE position = 33",
                (leaf(change(state)),),
            )
    for found in (record.found(), record.found(case)):
        assert (found.case, found.version) == (case, version)
        assert found.property in {Property.BYTES, Property.ENVELOPE, Property.LOG}
