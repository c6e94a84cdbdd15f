"""The log grows as the ledger does: the oracle's tree, in tiles, never forked."""

from __future__ import annotations

import base64
import json
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection
from psycopg.rows import TupleRow

from application.log.build.batches import batch_of_position, batches_from, tip
from application.log.build.entries import entries
from application.log.build.integrate import LogBuilder
from application.log.build.stored_tree import LogDamaged, StoredTree
from application.log.format.merkle_proofs import verify_consistency, verify_inclusion
from application.log.format.tiles import tiles_of
from application.log.format.tree import EMPTY_ROOT, leaf_hash
from application.record.envelope import leaf
from tests.log import oracle
from tests.log.log_fixture import STORY, LogFixture

pytestmark = pytest.mark.store


def states(app: Connection[TupleRow]) -> list[tuple[UUID, int, bytes]]:
    return app.execute(
        "SELECT e.originator_id, e.originator_version, e.state"
        " FROM ledger JOIN events e USING (notification_id) ORDER BY position"
    ).fetchall()


def expected(app: Connection[TupleRow], ends: list[int]) -> list[bytes]:
    """Make the log's entries from the events and the batches' last positions."""
    rows, made = states(app), []
    for after, position in zip([0, *ends], ends, strict=False):
        batch = rows[after:position]
        made += [state for _, _, state in batch]
        for place, (case, version, state) in enumerate(batch):
            if case not in [later for later, _, _ in batch[place + 1 :]]:
                made.append(
                    b'{"type":"case-head","case":"%s","version":%d,"leaf":%s}'
                    % (str(case).encode(), version, _base64(leaf(state)))
                )
    return made


def _base64(content: bytes) -> bytes:
    return json.dumps(base64.b64encode(content).decode()).encode()


def test_an_empty_log_has_the_empty_root(app: Connection[TupleRow]) -> None:
    assert (tip(app).size, tip(app).root) == (0, EMPTY_ROOT)


def test_the_log_is_the_tree_over_events_and_case_heads(
    log: LogFixture, app: Connection[TupleRow]
) -> None:
    ends = []
    for cases in (1, 3, 40, 2):
        log.tell_mixed(cases)
        log.build()
        ends.append(tip(app).position)
    d = expected(app, ends)
    last = tip(app)
    assert ends == [n * len(STORY) for n in (1, 4, 44, 46)]
    assert last.size == len(d) == ends[-1] + 46
    assert last.root == oracle.mth(d)
    assert entries(app, 0, last.size) == d
    assert entries(app, 300, 500) == d[300:500]
    tree = StoredTree(app)
    batches = batches_from(app, 0, 10)
    assert [batch.position for batch in batches] == ends
    for batch in batches:
        assert batch.root == tree.root(batch.size) == oracle.mth(d[: batch.size])
        verify_consistency(
            batch.size,
            last.size,
            tree.consistency(batch.size, last.size),
            batch.root,
            last.root,
        )
    for position in (1, 15, 16, 40, 600, ends[-1]):
        holds = batch_of_position(app, position)
        assert holds is not None
        index = holds.index_of(position)
        assert d[index] == states(app)[position - 1][2]
        proof = tree.inclusion(index, last.size)
        assert proof == oracle.path(index, d)
        verify_inclusion(leaf_hash(d[index]), index, last.size, proof, last.root)
    (batch,) = batches_from(app, 100, 1)
    assert batch.named
    for case, version in batch.named:
        at = batch.index_of_head(case)
        assert at is not None
        head = json.loads(d[at])
        assert (head["case"], head["version"]) == (str(case), version)


def test_the_stored_tiles_are_those_of_the_specification(
    log: LogFixture, app: Connection[TupleRow]
) -> None:
    for _ in range(3):
        log.tell_mixed(7)
        log.build()
    log.tell_mixed(60)
    log.build()
    size = tip(app).size
    stored = {
        (level, index): hashes
        for level, index, hashes in app.execute("SELECT * FROM log_tiles")
    }
    assert size > 1_200
    assert set(stored) == {(one.level, one.index) for one in tiles_of(size)}
    d = entries(app, 0, size)
    for tile in tiles_of(size):
        wide = 8 * (tile.level or 0)
        numbers = range(tile.start, tile.start + tile.width)
        hashes = [oracle.mth(d[n << wide : (n + 1) << wide]) for n in numbers]
        assert stored[tile.level or 0, tile.index] == b"".join(hashes)


def test_of_two_builders_at_one_size_only_one_goes_on(
    log: LogFixture, url: str, app: Connection[TupleRow]
) -> None:
    log.tell()
    log.build()
    second = LogBuilder(url)
    second.lock = 1
    assert second.tick() == 0
    log.tell()
    log.sequencer.tick()
    assert log.builder.tick() == len(STORY)
    with pytest.raises(psycopg.errors.UniqueViolation):
        second.tick()
    assert second.tick() == 0
    log.tell()
    log.sequencer.tick()
    assert second.tick() == len(STORY)
    with pytest.raises(psycopg.errors.UniqueViolation):
        log.builder.tick()
    log.build()
    last = tip(app)
    assert last.position == 3 * len(STORY)
    assert last.root == oracle.mth(entries(app, 0, last.size))
    second.close()


def test_a_builder_goes_on_where_another_ended(
    log: LogFixture, app: Connection[TupleRow]
) -> None:
    for _ in range(40):
        log.tell()
        log.sequencer.tick()
        log.builder.tick()
        log.builder.close()
    last = tip(app)
    assert last.size == 40 * (len(STORY) + 1)
    assert last.root == oracle.mth(entries(app, 0, last.size))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log_batches SET root = sha256('')",
        "DELETE FROM log_batches",
        "TRUNCATE log_batches CASCADE",
        "DELETE FROM log_tiles",
        "UPDATE log_tiles SET hashes = substring(hashes FOR 32)",
        "UPDATE log_tiles SET hashes = sha256('x') || substring(hashes FROM 33)",
        "UPDATE log_tiles SET index = 9",
        "INSERT INTO log_batches SELECT 9, 0, 9, 0, '', root FROM log_batches",
    ],
)
def test_the_stored_log_is_append_only(
    log: LogFixture, app: Connection[TupleRow], statement: str
) -> None:
    log.tell()
    log.build()
    refused = (psycopg.errors.InsufficientPrivilege, psycopg.errors.UniqueViolation)
    with pytest.raises(refused):
        app.execute(statement.encode())


def test_the_owner_is_held_up_by_triggers(log: LogFixture, url: str) -> None:
    log.tell()
    log.build()
    with (
        psycopg.connect(url) as owner,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="only grow"),
    ):
        owner.execute("UPDATE redress.log_tiles SET hashes = sha256('x')")


def test_a_builder_does_not_go_on_from_tiles_that_were_changed(
    log: LogFixture, url: str
) -> None:
    log.tell()
    log.build()
    log.builder.close()
    with psycopg.connect(url) as owner:
        owner.execute("ALTER TABLE redress.log_tiles DISABLE TRIGGER only_grows")
        owner.execute(
            "UPDATE redress.log_tiles SET hashes = sha256('x') ||"
            " substring(hashes FROM 33)"
        )
    with pytest.raises(LogDamaged, match="do not hash to its root at 17 entries"):
        log.builder.tick()


def test_a_builder_does_not_step_over_a_gap(log: LogFixture, url: str) -> None:
    log.tell()
    log.sequencer.tick()
    with psycopg.connect(url) as owner:
        owner.execute("ALTER TABLE redress.ledger DISABLE TRIGGER append_only")
        owner.execute("DELETE FROM redress.ledger WHERE position = 7")
    with pytest.raises(LogDamaged, match="gap after position 0"):
        log.builder.tick()
