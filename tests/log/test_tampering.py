"""What the database's owner can do with triggers off, and how each of it is found."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from msgspec.structs import replace
from psycopg import Connection
from psycopg.rows import TupleRow

from application.envelope import decode, encode, leaf
from application.log.batches import tip
from application.log.builder import LogBuilder
from application.log.checking.anchors import Kept, Trust
from application.log.checking.finding import Finding, Property
from application.log.checking.whole import Verdict, check
from application.log.key_file import make_key
from application.log.published import Kind, latest
from application.sequencer import Sequencer
from tests.conftest import Clock
from tests.log.conftest import STORY, Log
from tests.log.tampering import cut_log, owner_without_triggers
from tests.log.test_signer import Desk

Owner = Connection[TupleRow]
LONG = len(STORY)


class Scene:
    """A log of mixed cases, signed several times, and what its owner does to it."""

    def __init__(self, log: Log, desk: Desk, app: Connection[TupleRow]) -> None:
        self.log, self.desk, self.app = log, desk, app
        self.cases: list[UUID] = []
        for seed in range(4):
            log.now = desk.clock.now
            self.cases += log.tell_mixed(4, seed)
            log.build()
            desk.sign()
            desk.clock.forward(minutes=11)
        self.total = tip(app).position

    def verify(
        self, case: UUID | None = None, kept: list[Kept] | None = None
    ) -> Verdict:
        return check(self.app, Trust(self.desk.keys.verifiers), kept or [], case)

    def found(self, *arguments: Any) -> Finding:
        verdict = self.verify(*arguments)
        assert not verdict.intact
        assert verdict.finding is not None
        return verdict.finding

    def at(self, position: int) -> tuple[UUID, int, bytes]:
        row = self.app.execute(
            "SELECT e.originator_id, e.originator_version, e.state FROM ledger"
            " JOIN events e USING (notification_id) WHERE position = %s",
            (position,),
        ).fetchone()
        assert row is not None
        return row[0], row[1], row[2]

    def position(self, case: UUID, version: int) -> int:
        row = self.app.execute(
            "SELECT position FROM ledger WHERE originator_id = %s"
            " AND originator_version = %s",
            (case, version),
        ).fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture
def scene(log: Log, url: str, tmp_path: Path, clock: Clock, app: Owner) -> Scene:
    return Scene(log, Desk(url, tmp_path, clock), app)


def place(finding: Finding) -> tuple[Property, UUID | None, int | None, int | None]:
    return finding.property, finding.case, finding.version, finding.position


def set_state(owner: Owner, case: UUID, version: int, state: bytes) -> None:
    owner.execute(
        "UPDATE events SET state = %s WHERE originator_id = %s"
        " AND originator_version = %s",
        (state, case, version),
    )


def remove(owner: Owner, case: UUID, versions: range, *, ledger: bool) -> None:
    for table in ("events", "ledger")[: 1 + ledger]:
        owner.execute(
            f"DELETE FROM {table} WHERE originator_id = %s"
            " AND originator_version = ANY(%s)".encode(),
            (case, list(versions)),
        )


def close_ranks(owner: Owner) -> None:
    """Number the ledger's positions anew, without gaps."""
    owner.execute(
        "UPDATE ledger SET position = -n FROM (SELECT notification_id,"
        " row_number() OVER (ORDER BY notification_id) AS n FROM ledger) AS new"
        " WHERE new.notification_id = ledger.notification_id"
    )
    owner.execute("UPDATE ledger SET position = -position")


def rechain(owner: Owner, case: UUID) -> None:
    """Make a case's chain and leaves consistent again."""
    rows = owner.execute(
        "SELECT originator_version, state FROM events WHERE originator_id = %s"
        " ORDER BY originator_version",
        (case,),
    ).fetchall()
    before = None
    for version, state in rows:
        again = encode(replace(decode(state), prev=before))
        set_state(owner, case, version, again)
        before = leaf(again)
    owner.execute(
        "UPDATE ledger SET leaf = sha256('\\x00'::bytea || state) FROM events e"
        " WHERE e.notification_id = ledger.notification_id"
    )


def rebuild_log(scene: Scene, owner: Owner, upto: int = 1 << 60) -> None:
    """Build tiles and batches anew over what is there now, within the old bounds."""
    bounds = owner.execute(
        "SELECT position FROM log_batches WHERE size > 0 ORDER BY size"
    ).fetchall()
    owner.execute("DELETE FROM log_tiles")
    owner.execute("DELETE FROM log_batches WHERE size > 0")
    owner.execute("CREATE TABLE IF NOT EXISTS hidden AS SELECT * FROM ledger")
    owner.execute("DELETE FROM ledger")
    for (end,) in bounds:
        position = min(end, upto)
        owner.execute(
            "INSERT INTO ledger SELECT * FROM hidden h WHERE position <= %s"
            " AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.position = h.position)",
            (position,),
        )
        owner.commit()
        builder = LogBuilder(scene.log.url)
        builder.lock = 1
        while builder.tick():
            pass
        builder.close()
    owner.execute("DROP TABLE hidden")


def test_an_untouched_record_is_intact(scene: Scene) -> None:
    verdict = scene.verify()
    assert (verdict.intact, verdict.events, verdict.waiting) == (True, 16 * LONG, 0)
    assert verdict.size == verdict.entries == tip(scene.app).size
    assert verdict.unsigned == 0
    for case in scene.cases:
        assert scene.verify(case).intact
        assert scene.verify(case).events == LONG


def test_what_is_newer_than_the_checkpoint_or_the_log_is_checked_too(
    scene: Scene,
) -> None:
    scene.log.tell()
    scene.log.build()
    late = scene.log.tell()
    scene.log.sequencer.tick()
    verdict = scene.verify()
    assert (verdict.intact, verdict.waiting) == (True, LONG)
    assert verdict.unsigned == LONG + 1
    with owner_without_triggers(scene.log.url) as owner:
        set_state(owner, late, 2, b"{}")
    assert place(scene.found())[:3] == (Property.BYTES, late, 2)


def test_a_changed_byte(scene: Scene) -> None:
    case, version, state = scene.at(40)
    changed = state.replace(b'"b-1"', b'"b-2"', 1)
    assert changed != state
    with owner_without_triggers(scene.log.url) as owner:
        set_state(owner, case, version, changed)
    for found in (scene.found(), scene.found(case)):
        assert place(found) == (Property.BYTES, case, version, 40)
        assert (found.expected, found.got) == (leaf(state).hex(), leaf(changed).hex())
        assert str(case) in str(found)
    other = next(one for one in scene.cases if one != case)
    assert scene.verify(other).intact


def test_a_changed_byte_with_its_leaf(scene: Scene) -> None:
    case, version, state = scene.at(41)
    with owner_without_triggers(scene.log.url) as owner:
        set_state(owner, case, version, state.replace(b'"b-1"', b'"b-2"', 1))
        owner.execute(
            "UPDATE ledger SET leaf = sha256('\\x00'::bytea || state) FROM events e"
            " WHERE e.notification_id = ledger.notification_id AND position = 41"
        )
    assert place(scene.found()) == (Property.LOG, case, version, 41)
    assert scene.found(case).property in {Property.LOG, Property.CHAIN}


def test_a_changed_topic(scene: Scene) -> None:
    case, version, _ = scene.at(42)
    with owner_without_triggers(scene.log.url) as owner:
        owner.execute(
            "UPDATE events SET topic = 'seen' WHERE originator_id = %s"
            " AND originator_version = %s",
            (case, version),
        )
    for found in (scene.found(), scene.found(case)):
        assert place(found) == (Property.ENVELOPE, case, version, 42)
        assert found.expected is not None
        assert found.expected.startswith("seen")


@pytest.mark.parametrize("ledger", [False, True])
@pytest.mark.parametrize("renumbered", [False, True])
@pytest.mark.parametrize("version", [7, LONG])
def test_an_event_taken_from_the_middle_or_the_end(
    scene: Scene, version: int, *, ledger: bool, renumbered: bool
) -> None:
    case = scene.cases[5]
    position = scene.position(case, version)
    with owner_without_triggers(scene.log.url) as owner:
        remove(owner, case, range(version, version + 1), ledger=ledger)
        if renumbered and ledger:
            close_ranks(owner)
    whole = scene.found()
    if not (renumbered and ledger):
        assert place(whole) == (Property.LEDGER, case, version, position)
    else:
        assert whole.property in {Property.LOG, Property.CHAIN}
        assert whole.position == position
    one = scene.found(case)
    assert (one.case, one.version) == (case, version)
    assert one.property in {Property.LEDGER, Property.HEAD}


@pytest.mark.parametrize("renumbered", [False, True])
def test_a_whole_case_taken_out(scene: Scene, *, renumbered: bool) -> None:
    case = scene.cases[6]
    first = scene.position(case, 1)
    with owner_without_triggers(scene.log.url) as owner:
        remove(owner, case, range(1, LONG + 1), ledger=True)
        if renumbered:
            close_ranks(owner)
    found = scene.found()
    assert found.position == first
    if not renumbered:
        assert (found.property, found.case) == (Property.LEDGER, case)
    one = scene.found(case)
    assert (one.property, one.case, one.version) == (Property.HEAD, case, 1)
    assert one.expected == f"version {LONG}"


def test_the_last_case_cut_short_with_the_log_rebuilt_over_it(scene: Scene) -> None:
    case, _, _ = scene.at(scene.total)
    with owner_without_triggers(scene.log.url) as owner:
        position = scene.total
        while scene.at(position)[0] == case:
            position -= 1
        owner.execute(
            "DELETE FROM events USING ledger l WHERE l.position > %s"
            " AND l.notification_id = events.notification_id",
            (position,),
        )
        owner.execute("DELETE FROM ledger WHERE position > %s", (position,))
        rebuild_log(scene, owner, position)
    found = scene.found()
    assert found.property is Property.TREE
    assert "covers more" in found.said or "another root" in found.said


def test_two_events_swapped(scene: Scene) -> None:
    here, there = scene.at(50), scene.at(55)
    with owner_without_triggers(scene.log.url) as owner:
        set_state(owner, here[0], here[1], there[2])
        set_state(owner, there[0], there[1], here[2])
    assert place(scene.found()) == (Property.BYTES, here[0], here[1], 50)


def test_two_places_swapped(scene: Scene) -> None:
    there = scene.at(53)
    with owner_without_triggers(scene.log.url) as owner:
        for old, new in ((50, -1), (53, 50), (-1, 53)):
            owner.execute(
                "UPDATE ledger SET position = %s WHERE position = %s", (new, old)
            )
    found = scene.found()
    assert found.position == 50
    assert (found.case, found.version) == there[:2]
    assert found.property in {Property.LOG, Property.CHAIN}


def inserted(owner: Owner, case: UUID, version: int, state: bytes, at: int) -> None:
    owner.execute(
        "INSERT INTO events (originator_id, originator_version, topic, state,"
        " notification_id) OVERRIDING SYSTEM VALUE VALUES (%s, %s, 'filed', %s, %s)",
        (case, version, state, at),
    )


def test_an_event_put_in_under_an_id_that_was_rolled_back(
    log: Log, desk: Desk, app: Owner
) -> None:
    with pytest.raises(ZeroDivisionError), app.transaction():
        app.execute(
            "INSERT INTO events (originator_id, originator_version, topic, state)"
            " SELECT gen_random_uuid(), 1, 'x', 'x' FROM generate_series(1, 5)"
        )
        _ = 1 / 0
    log.tell()
    log.build()
    desk.sign()
    assert check(app, Trust(desk.keys.verifiers)).intact
    case = uuid4()
    with owner_without_triggers(log.url) as owner:
        inserted(owner, case, 1, b"{}", 3)
    log.tell()
    log.build()
    found = check(app, Trust(desk.keys.verifiers)).finding
    assert found is not None
    assert (found.property, found.case, found.version) == (Property.LEDGER, case, 1)


@pytest.fixture
def desk(url: str, tmp_path: Path, clock: Clock) -> Desk:
    return Desk(url, tmp_path, clock)


def test_an_event_put_between_others(scene: Scene) -> None:
    """With a position, and all after it moved on by one."""
    case, version, state = scene.at(70)
    with owner_without_triggers(scene.log.url) as owner:
        owner.execute("UPDATE ledger SET position = -position - 1 WHERE position > 69")
        owner.execute("UPDATE ledger SET position = -position WHERE position < 0")
        forged = encode(
            replace(decode(state), case=(other := uuid4()), version=1, prev=None)
        )
        inserted(owner, other, 1, forged, 1_000_000)
        owner.execute(
            "INSERT INTO ledger VALUES (70, %s, 1, 1000000, %s)", (other, leaf(forged))
        )
    found = scene.found()
    assert (found.position, found.case) == (70, other)
    assert found.property in {Property.LOG, Property.ENVELOPE}
    assert version > 0
    assert case != other


def back_dated(scene: Scene, owner: Owner) -> UUID:
    case = scene.cases[9]
    version = 3
    state = scene.at(scene.position(case, version))[2]
    fact = decode(state)
    earlier = fact.recorded_at - timedelta(days=1)
    set_state(
        owner, case, version, encode(replace(fact, at=earlier, recorded_at=earlier))
    )
    rechain(owner, case)
    return case


def test_an_event_back_dated_with_its_chain_made_good(scene: Scene) -> None:
    with owner_without_triggers(scene.log.url) as owner:
        case = back_dated(scene, owner)
    found = scene.found()
    assert place(found)[:3] == (Property.LOG, case, 3)
    assert place(scene.found(case))[:3] == (Property.LOG, case, 3)


def test_an_event_back_dated_with_everything_made_good_but_the_signature(
    scene: Scene,
) -> None:
    with owner_without_triggers(scene.log.url) as owner:
        case = back_dated(scene, owner)
        rebuild_log(scene, owner)
    found = scene.found()
    assert found.property is Property.TREE
    first = scene.position(case, 3)
    assert "another root; what differs is among log entries" in found.said
    low, high = (int(word) for word in found.said.split("entries ")[-1].split(" to "))
    index = scene.app.execute(
        "SELECT previous + %s - after - 1 FROM log_batches WHERE position >= %s"
        " ORDER BY position LIMIT 1",
        (first, first),
    ).fetchone()
    assert index is not None
    assert low <= index[0] <= high
    assert scene.found(case).property is Property.TREE


def test_a_new_event_that_says_it_is_old(scene: Scene) -> None:
    assert scene.verify().intact
    case = uuid4()
    _, _, state = scene.at(1)
    fact = replace(decode(state), case=case, version=1, prev=None)
    old = fact.recorded_at - timedelta(days=2)
    scene.app.execute(
        "INSERT INTO events (originator_id, originator_version, topic, state)"
        " VALUES (%s, 1, 'filed', %s)",
        (case, encode(replace(fact, recorded_at=old))),
    )
    scene.log.build()
    found = scene.found()
    assert place(found)[:3] == (Property.TIME, case, 1)


def test_an_old_backup_put_back(scene: Scene) -> None:
    before = latest(scene.app, Kind.SIGNED)
    assert before is not None
    sizes = scene.app.execute("SELECT size FROM log_batches ORDER BY size").fetchall()
    with owner_without_triggers(scene.log.url) as owner:
        cut_log(owner, sizes[2][0])
    assert scene.verify().intact, "of itself an old backup is consistent"
    kept = [Kept("signed.json", scene.desk.remembered())]
    found = scene.found(None, kept)
    assert found.property is Property.TREE
    assert "was cut" in found.said
    assert found.expected == f"{before.size} entries"


def test_a_fork_held_against_a_checkpoint_kept_elsewhere(scene: Scene) -> None:
    kept = [Kept("signed.json", scene.desk.remembered())]
    sizes = scene.app.execute("SELECT size FROM log_batches ORDER BY size").fetchall()
    with owner_without_triggers(scene.log.url) as owner:
        cut_log(owner, sizes[2][0])
    scene.log.close()
    scene.log.tell_mixed(12, 9)
    scene.log.build()
    found = scene.found(None, kept)
    assert found.property is Property.TREE
    assert "signed.json" in found.said


def test_a_checkpoint_signed_with_another_key(scene: Scene) -> None:
    keys = tuple(
        make_key(one.algorithm, scene.desk.clock.now) for one in scene.desk.keys.keys
    )
    foreign = replace(scene.desk.keys, keys=keys)
    verdict = check(scene.app, Trust(foreign.verifiers))
    assert verdict.finding is not None
    assert verdict.finding.property is Property.SIGNATURE
    note = scene.desk.remembered()
    size = tip(scene.app).size
    for broken in (note.replace(f"\n{size}\n", f"\n{size - 1}\n"), "nonsense", ""):
        found = scene.found(None, [Kept("file", broken)])
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
def test_a_changed_log(log: Log, desk: Desk, app: Owner, statement: str) -> None:
    for _ in range(2):
        log.tell_mixed(20)
        log.build()
        desk.sign()
    with owner_without_triggers(log.url) as owner:
        owner.execute(statement.encode())
    verdict = check(app, Trust(desk.keys.verifiers))
    assert verdict.finding is not None
    assert verdict.finding.property in {Property.TREE, Property.LOG, Property.HEAD}


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
    scene: Scene, change: Callable[[bytes], bytes], *, with_leaf: bool
) -> None:
    case, version, state = scene.at(33)
    with owner_without_triggers(scene.log.url) as owner:
        set_state(owner, case, version, change(state))
        if with_leaf:
            owner.execute(
                "UPDATE ledger SET leaf = %s WHERE position = 33",
                (leaf(change(state)),),
            )
    for found in (scene.found(), scene.found(case)):
        assert (found.case, found.version) == (case, version)
        assert found.property in {Property.BYTES, Property.ENVELOPE, Property.LOG}


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "interface", "verify", *arguments],
        env={"PATH": "/usr/bin:/bin", **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_command_line_tells_and_fails(scene: Scene, tmp_path: Path) -> None:
    environ = {
        "DATABASE_URL": scene.log.url,
        "REDRESS_HOME": str(tmp_path),
        "REDRESS_LOG_KEY": str(tmp_path / "log.json"),
        "REDRESS_LOG_STATE": str(scene.desk.path),
    }
    done = run(**environ)
    assert (done.returncode, done.stdout[:6]) == (0, "intact"), done.stderr
    told = json.loads(run("--json", **environ).stdout)
    assert (told["intact"], told["events"]) == (True, 16 * LONG)
    assert run(str(scene.cases[0]), **environ).returncode == 0
    case, version, _ = scene.at(40)
    with owner_without_triggers(scene.log.url) as owner:
        set_state(owner, case, version, b"{}")
    done = run(**environ)
    assert done.returncode == 1
    assert f"bytes: case {case}, version {version}, position 40" in done.stdout
    told = json.loads(run("--json", str(case), **environ).stdout)
    assert msgspec.convert(told["finding"], Finding).case == case
    missing = run(**environ | {"REDRESS_LOG_KEY": str(tmp_path / "none")})
    assert missing.returncode == 1
    assert "REDRESS_LOG_POLICY: has to be set" in missing.stderr
    (tmp_path / "log.json").write_bytes(b"{}")
    wrong = run(**environ)
    assert wrong.returncode == 1
    assert "log.json" in wrong.stderr


def test_a_sequencer_after_a_cut_gives_positions_that_the_log_does_not_know(
    scene: Scene,
) -> None:
    """The ledger alone is cut; what is appended next takes the lost positions."""
    with owner_without_triggers(scene.log.url) as owner:
        owner.execute(
            "DELETE FROM events USING ledger l WHERE l.position > %s"
            " AND l.notification_id = events.notification_id",
            (scene.total - 5,),
        )
        owner.execute("DELETE FROM ledger WHERE position > %s", (scene.total - 5,))
    again = Sequencer(scene.log.url)
    again.lock = 1
    scene.log.tell()
    while again.tick():
        pass
    again.close()
    found = scene.found()
    assert (found.property, found.position) == (Property.LOG, scene.total - 4)
