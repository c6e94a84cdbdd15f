"""The signer: signs what goes on from what it signed, whatever happens around it."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from psycopg import Connection
from psycopg.rows import TupleRow

from application.log.build.batches import tip
from application.log.format.verifier_keys import seals
from application.log.sign.append_only import LogInconsistent
from application.log.sign.checkpoint_kind import Kind
from application.log.sign.checkpoint_store import archived, latest
from application.log.sign.last_signed import StateFile, StateUnusable
from application.log.sign.signer import Signer
from tests.log.log_fixture import LogFixture
from tests.log.owner_edits import cut_log, owner_without_triggers
from tests.log.signer_fixture import ORIGIN, SignerFixture, problem, published, signed


def test_it_signs_what_is_new_and_nothing_twice(
    log: LogFixture, signer: SignerFixture, app: Connection[TupleRow]
) -> None:
    assert signer.sign() == 0
    log.tell()
    log.build()
    one = signer.start()
    assert one.tick() == 1
    assert one.tick() == 0
    first = signed(app, signer.keys)
    assert (first.origin, first.size) == (ORIGIN, tip(app).size)
    log.tell()
    log.build()
    assert one.tick() == 1
    assert signed(app, signer.keys).size == tip(app).size > first.size
    assert problem(app) == ""
    one.close()


def test_it_signs_once_a_second_while_the_log_grows(
    log: LogFixture, signer: SignerFixture, app: Connection[TupleRow]
) -> None:
    one = Signer(
        signer.url, signer.keys, StateFile(signer.path), signer.clock, period=0.5
    )
    stop, sizes = threading.Event(), set()
    thread = threading.Thread(target=one.run, args=(stop,))
    thread.start()
    until = time.monotonic() + 3
    while time.monotonic() < until:
        log.tell()
        log.build()
        if latest(app, Kind.SIGNED):
            sizes.add(signed(app, signer.keys).size)
    stop.set()
    thread.join()
    assert 3 <= len(sizes) <= 7


def test_what_is_archived_is_minutes_apart(
    log: LogFixture, signer: SignerFixture, app: Connection[TupleRow]
) -> None:
    for _ in range(6):
        log.tell()
        log.build()
        assert signer.sign() == 1
        signer.clock.forward(minutes=4)
    times = [one.at for one in archived(app, Kind.SIGNED)]
    assert [one - times[0] for one in times] == [timedelta(), timedelta(minutes=12)]


def test_a_clock_that_was_ahead_once_does_not_stop_archiving(
    log: LogFixture, signer: SignerFixture, app: Connection[TupleRow]
) -> None:
    begin = signer.clock.now
    for minutes in (0, 60 * 24 * 365, 11, 13, 22):
        signer.clock.now = begin + timedelta(minutes=minutes)
        log.tell()
        log.build()
        assert signer.sign() == 1
    times = [one.at - begin for one in archived(app, Kind.SIGNED)]
    ahead = timedelta(days=365)
    assert times == [timedelta(), ahead, timedelta(minutes=11), timedelta(minutes=22)]


def test_a_log_that_shrank_is_not_signed(
    log: LogFixture, signer: SignerFixture, app: Connection[TupleRow]
) -> None:
    sizes = []
    for _ in range(2):
        log.tell()
        log.build()
        signer.sign()
        sizes.append(tip(app).size)
    with owner_without_triggers(log.url) as owner:
        cut_log(owner, sizes[0])
    with pytest.raises(LogInconsistent, match=f"at {sizes[1]} entries there is no"):
        signer.sign()
    assert f"at {sizes[1]} entries" in problem(app)


def test_a_log_that_forked_is_not_signed(
    log: LogFixture, signer: SignerFixture, app: Connection[TupleRow]
) -> None:
    log.tell()
    log.build()
    signer.sign()
    first = tip(app).size
    log.tell()
    log.build()
    signer.sign()
    with owner_without_triggers(log.url) as owner:
        cut_log(owner, first)
    log.close()
    log.tell()
    log.build()
    assert tip(app).size == 2 * first
    with pytest.raises(LogInconsistent, match="there is another tree"):
        signer.sign()
    log.tell()
    log.build()
    with pytest.raises(LogInconsistent, match="there is another tree"):
        signer.sign()
    assert latest(app, Kind.SIGNED) is None


def test_tiles_that_were_changed_are_not_signed(
    log: LogFixture, signer: SignerFixture, app: Connection[TupleRow]
) -> None:
    log.tell()
    log.build()
    one = signer.start()
    one.tick()
    log.tell()
    log.build()
    with owner_without_triggers(log.url) as owner:
        owner.execute(
            "UPDATE log_tiles SET hashes = overlay(hashes PLACING sha256('x') FROM 641)"
        )
    with pytest.raises(LogInconsistent, match="does not go on from what was signed"):
        one.tick()
    assert signed(app, signer.keys).size < tip(app).size
    one.close()


def test_a_lost_memory_is_named_and_can_be_adopted(
    log: LogFixture, signer: SignerFixture, app: Connection[TupleRow]
) -> None:
    log.tell()
    log.build()
    signer.sign()
    signer.path.unlink()
    with pytest.raises(StateUnusable, match="redress sign --adopt"):
        signer.sign()
    assert "is lost" in problem(app)
    log.tell()
    log.build()
    assert signer.sign(adopt=True) == 1
    assert signer.sign() == 0
    assert signed(app, signer.keys).size == tip(app).size


def test_a_damaged_memory_is_named(log: LogFixture, signer: SignerFixture) -> None:
    log.tell()
    log.build()
    signer.sign()
    for content in (b"", signer.path.read_bytes()[:-5], b'{"note":"x","time":1}'):
        signer.path.write_bytes(content)
        with pytest.raises(StateUnusable, match=r"signed\.json"):
            signer.sign()


def test_two_signers_do_not_share_a_memory(signer: SignerFixture) -> None:
    one, other = signer.start(), signer.start()
    other.lock = 1
    one.tick()
    with pytest.raises(StateUnusable, match="another process signs"):
        other.tick()
    one.close()
    other.close()
    assert other.tick() == 0
    other.close()


def test_a_clock_that_goes_back_takes_no_time_back(
    log: LogFixture, signer: SignerFixture, app: Connection[TupleRow]
) -> None:
    def time_signed() -> int:
        checkpoint, note = published(app)
        held = seals(checkpoint, note, signer.keys.verifiers)
        return max(one.time or 0 for one in held)

    times = []
    for jump in (0, 30 * 86_400, -60 * 86_400, 70 * 86_400):
        signer.clock.forward(seconds=jump)
        log.tell()
        log.build()
        assert signer.sign() == 1
        times.append(time_signed())
        behind = "the clock is" in problem(app)
        assert behind is (jump < 0)
    assert times == sorted(times)
    assert times[1] == times[2]
    assert times[3] == int(signer.clock().timestamp())


def test_the_same_refusal_is_logged_once_a_minute(
    log: LogFixture,
    signer: SignerFixture,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: Any,
) -> None:
    log.tell()
    log.build()
    signer.sign()
    signer.path.unlink()
    monkeypatch.setattr("application.jobs.leader.LOST_SECONDS", 0.01)
    one, stop = signer.start(), threading.Event()
    threading.Timer(0.5, stop.set).start()
    one.run(stop)
    said = [one for one in caplog.records if "is lost" in one.getMessage()]
    assert len(said) == 1


def test_that_it_works_again_is_told_too(
    log: LogFixture,
    signer: SignerFixture,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: Any,
) -> None:
    log.tell()
    log.build()
    signer.sign()
    kept = signer.path.read_bytes()
    signer.path.unlink()
    monkeypatch.setattr("application.jobs.leader.LOST_SECONDS", 0.01)
    one, stop = signer.start(), threading.Event()
    threading.Timer(0.3, lambda: signer.path.write_bytes(kept)).start()
    threading.Timer(1.5, stop.set).start()
    one.run(stop)
    failed, back = [record.getMessage() for record in caplog.records]
    assert "is lost" in failed
    assert back.startswith("signer: works again, after 0.")
