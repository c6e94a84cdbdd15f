"""What the database's owner can do with triggers off, and how each of it is found."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import msgspec
import psycopg
import pytest
from msgspec.structs import replace

from application.envelope import decode, encode, leaf
from application.log.batches import tip
from application.log.checking.anchors import Trust
from application.log.checking.finding import Finding, Property
from application.log.checking.whole import check
from tests.log.desks import Desk
from tests.log.logs import Log
from tests.log.scenes import (
    LONG,
    Owner,
    Scene,
    close_ranks,
    inserted,
    place,
    rebuild_log,
    remove,
    set_state,
)
from tests.log.tampering import owner_without_triggers


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
        assert found.version == 1
    one = scene.found(case)
    assert (one.property, one.case, one.version) == (Property.HEAD, case, 1)
    assert one.expected == f"version {LONG}"


@pytest.mark.parametrize("ledger_alone", [False, True])
def test_two_cases_are_never_taken_for_one_another(
    scene: Scene, *, ledger_alone: bool
) -> None:
    """The one whose next event comes first is not the one that is lost first."""
    holes = [(scene.cases[4], 5), (scene.cases[5], 5), (scene.cases[6], 3)]
    holes += [(case, version + 1) for case, version in holes]
    with owner_without_triggers(scene.log.url) as owner:
        positions = {scene.position(*one): one for one in holes}
        for case, version in holes:
            if not ledger_alone:
                remove(owner, case, range(version, version + 1), ledger=True)
            else:
                owner.execute(
                    "DELETE FROM ledger WHERE originator_id = %s"
                    " AND originator_version = %s",
                    (case, version),
                )
    found = scene.found()
    first = min(positions)
    assert found.position == first
    assert (found.case, found.version) in {positions[first], (None, None)}
    if ledger_alone:
        assert (found.case, found.version) == positions[first]


def test_a_case_of_one_batch_taken_out_is_named_from_its_first_version(
    log: Log, desk: Desk, app: Owner
) -> None:
    log.tell_mixed(3)
    log.build()
    _, gone, _ = (log.tell() for _ in range(3))
    log.build()
    desk.sign()
    with owner_without_triggers(log.url) as owner:
        remove(owner, gone, range(1, LONG + 1), ledger=True)
    found = check(app, Trust(desk.keys.verifiers)).finding
    assert found is not None
    assert place(found) == (Property.LEDGER, gone, 1, 4 * LONG + 1)


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
    with psycopg.connect(scene.log.url) as owner:
        owner.execute("ALTER TABLE redress.ledger DISABLE TRIGGER ALL")
    assert run(**environ).returncode == 5
    with owner_without_triggers(scene.log.url) as owner:
        set_state(owner, case, version, b"{}")
    done = run(**environ)
    assert (done.returncode, done.stderr) == (1, "")
    assert f"bytes: case {case}, version {version}, position 40" in done.stdout
    told = json.loads(run("--json", str(case), **environ).stdout)
    assert msgspec.convert(told["finding"], Finding).case == case
    with psycopg.connect(scene.log.url) as owner:
        owner.execute("ALTER TABLE redress.ledger DISABLE TRIGGER ALL")
    left_off = run(**environ)
    assert left_off.returncode == 1
    assert f"bytes: case {case}, version {version}, position 40" in left_off.stdout
    assert "schema redress was changed by hand: trigger" in left_off.stderr
    missing = run(**environ | {"REDRESS_LOG_KEY": str(tmp_path / "none")})
    assert missing.returncode == 2
    assert "REDRESS_LOG_POLICY: has to be set" in missing.stderr
    (tmp_path / "log.json").write_bytes(b"{}")
    wrong = run("--json", **environ)
    assert wrong.returncode == 2
    assert json.loads(wrong.stdout)["status"] == "not-checked"
    assert "log.json" in wrong.stderr
