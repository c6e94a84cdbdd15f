"""History told otherwise as a whole: back-dated, restored, forked, signed anew."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from application.log.build.batches import tip
from application.log.format.checkpoint import parse_checkpoint
from application.log.fsck.finding import Property
from application.log.fsck.trusted_checkpoints import Kept, Trust
from application.log.fsck.verdict import Status
from application.log.fsck.whole_record import check
from application.log.sign.checkpoint_kind import Kind
from application.log.sign.checkpoint_store import latest
from application.log.sign.key_file import make_key
from application.log.witness.trust_policy import parse_policy
from application.record.envelope import decode, encode
from application.record.sequencer import Sequencer
from tests.log.log_fixture import LogFixture
from tests.log.owner_edits import cut_log, owner_without_triggers
from tests.log.signed_record import (
    Owner,
    SignedRecord,
    place,
    rebuild_log,
    rechain,
    set_state,
)
from tests.log.signer_fixture import SignerFixture
from tests.log.witness_fixture import WitnessFixture


def back_dated(record: SignedRecord, owner: Owner) -> UUID:
    case = record.cases[9]
    version = 3
    state = record.at(record.position(case, version))[2]
    recorded = decode(state)
    earlier = recorded.recorded_at - timedelta(days=1)
    set_state(
        owner, case, version, encode(replace(recorded, at=earlier, recorded_at=earlier))
    )
    rechain(owner, case)
    return case


def test_an_event_back_dated_with_its_chain_made_good(record: SignedRecord) -> None:
    with owner_without_triggers(record.log.url) as owner:
        case = back_dated(record, owner)
    found = record.found()
    assert place(found)[:3] == (Property.LOG, case, 3)
    assert place(record.found(case))[:3] == (Property.LOG, case, 3)


def test_an_event_back_dated_with_everything_made_good_but_the_signature(
    record: SignedRecord,
) -> None:
    with owner_without_triggers(record.log.url) as owner:
        case = back_dated(record, owner)
        rebuild_log(record, owner)
    found = record.found()
    assert found.property is Property.TREE
    first = record.position(case, 3)
    assert "another root; what differs is among log entries" in found.said
    low, high = (int(word) for word in found.said.split("entries ")[-1].split(" to "))
    index = record.app.execute(
        "SELECT previous + %s - after - 1 FROM log_batches WHERE position >= %s"
        " ORDER BY position LIMIT 1",
        (first, first),
    ).fetchone()
    assert index is not None
    assert low <= index[0] <= high
    assert record.found(case).property is Property.TREE


def test_a_new_event_that_says_it_is_old(record: SignedRecord) -> None:
    assert record.verify().intact
    case = uuid4()
    _, _, state = record.at(1)
    recorded = replace(decode(state), case=case, version=1, prev=None)
    old = recorded.recorded_at - timedelta(days=2)
    record.app.execute(
        "INSERT INTO events (originator_id, originator_version, topic, state)"
        " VALUES (%s, 1, 'filed', %s)",
        (case, encode(replace(recorded, recorded_at=old))),
    )
    record.log.build()
    for found in (record.found(), record.found(case)):
        assert place(found)[:3] == (Property.TIME, case, 1)
    assert record.verify().timed
    plain = Trust((record.signer.keys.verifiers[0],))
    untimed = check(record.app, plain)
    assert (untimed.intact, untimed.timed) == (True, False)
    assert not check(record.app, plain, case=case).timed


def test_a_witness_states_a_time_where_the_logs_own_key_does_not(
    record: SignedRecord, witness: WitnessFixture
) -> None:
    """A policy may pin the Ed25519 key alone; then cosignatures have the times."""
    plain = record.signer.keys.verifiers[0]
    note = record.signer.remembered()
    checkpoint, signed = parse_checkpoint(note)
    cosigned = signed.signed_by(
        *witness.keys.signatures(checkpoint, int(record.signer.clock.now.timestamp()))
    )
    policy = parse_policy(
        f"log {plain.vkey}\nwitness w {witness.keys.verifiers[0].vkey}\n"
        "quorum w\n".encode()
    )
    trust, kept = Trust((plain,), policy), [Kept("kept", str(cosigned))]
    assert check(record.app, trust, kept).status is Status.INTACT
    state = record.at(1)[2]
    recorded = replace(decode(state), case=(case := uuid4()), version=1, prev=None)
    old = recorded.recorded_at - timedelta(days=2)
    record.app.execute(
        "INSERT INTO events (originator_id, originator_version, topic, state)"
        " VALUES (%s, 1, 'filed', %s)",
        (case, encode(replace(recorded, recorded_at=old))),
    )
    record.log.build()
    for one in (None, case):
        found = check(record.app, trust, kept, one).finding
        assert found is not None
        assert place(found)[:3] == (Property.TIME, case, 1)
    checked = check(record.app, trust, kept)
    assert (checked.timed, checked.quorum) == (True, True)


def test_an_old_backup_put_back(record: SignedRecord) -> None:
    before = latest(record.app, Kind.SIGNED)
    assert before is not None
    sizes = record.app.execute("SELECT size FROM log_batches ORDER BY size").fetchall()
    with owner_without_triggers(record.log.url) as owner:
        cut_log(owner, sizes[2][0])
    assert record.verify().intact, "of itself an old backup is consistent"
    kept = [Kept("signed.json", record.signer.remembered())]
    found = record.found(None, kept)
    assert found.property is Property.TREE
    assert "was cut" in found.said
    assert found.expected == f"{before.size} entries"


def test_a_fork_held_against_a_checkpoint_kept_elsewhere(record: SignedRecord) -> None:
    kept = [Kept("signed.json", record.signer.remembered())]
    sizes = record.app.execute("SELECT size FROM log_batches ORDER BY size").fetchall()
    with owner_without_triggers(record.log.url) as owner:
        cut_log(owner, sizes[2][0])
    record.log.close()
    record.log.tell_mixed(12, 9)
    record.log.build()
    found = record.found(None, kept)
    assert found.property is Property.TREE
    assert "signed.json" in found.said


def test_a_checkpoint_signed_with_another_key(record: SignedRecord) -> None:
    keys = tuple(
        make_key(one.algorithm, record.signer.clock.now)
        for one in record.signer.keys.keys
    )
    foreign = replace(record.signer.keys, keys=keys)
    verdict = check(record.app, Trust(foreign.verifiers))
    assert verdict.finding is not None
    assert verdict.finding.property is Property.SIGNATURE
    note = record.signer.remembered()
    size = tip(record.app).size
    for broken in (note.replace(f"\n{size}\n", f"\n{size - 1}\n"), "nonsense", ""):
        found = record.found(None, [Kept("file", broken)])
        assert found.property is Property.SIGNATURE
        assert "(file)" in found.said


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log_tiles SET hashes = sha256('x') WHERE level = 1",
        "DELETE FROM log_tiles WHERE level = 1",
        "DELETE FROM log_tiles WHERE level = 0 AND index = 0",
        "UPDATE log_tiles SET hashes = substring(hashes FOR 64) WHERE level = 0",
        "UPDATE log_batches SET root = sha256('x') WHERE size > 0",
        "UPDATE log_batches SET heads = set_byte(heads, 23, 9) WHERE size > 0",
        "UPDATE log_batches SET heads = set_byte(heads, 0, 9) WHERE size > 0",
        "DELETE FROM log_batches WHERE after = 0",
    ],
)
def test_a_changed_log(
    log: LogFixture, signer: SignerFixture, app: Owner, statement: str
) -> None:
    for _ in range(2):
        log.tell_mixed(20)
        log.build()
        signer.sign()
    with owner_without_triggers(log.url) as owner:
        owner.execute(statement.encode())
    verdict = check(app, Trust(signer.keys.verifiers))
    assert verdict.finding is not None
    assert verdict.finding.property in {Property.TREE, Property.LOG, Property.HEAD}


def test_a_sequencer_after_a_cut_gives_positions_that_the_log_does_not_know(
    record: SignedRecord,
) -> None:
    """The ledger alone is cut; what is appended next takes the lost positions."""
    with owner_without_triggers(record.log.url) as owner:
        owner.execute(
            "DELETE FROM events USING ledger l WHERE l.position > %s"
            " AND l.notification_id = events.notification_id",
            (record.total - 5,),
        )
        owner.execute("DELETE FROM ledger WHERE position > %s", (record.total - 5,))
    again = Sequencer(record.log.url)
    again.lock = 1
    record.log.tell()
    while again.tick():
        pass
    again.close()
    found = record.found()
    assert (found.property, found.position) == (Property.LOG, record.total - 4)
