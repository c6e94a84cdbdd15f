"""A witness cosigns only what goes on, and remembers it whatever happens."""

from __future__ import annotations

import struct
from hashlib import sha256
from typing import Any

import pytest
from litestar.testing import TestClient
from msgspec.structs import replace

from application.log.format.checkpoint import parse_checkpoint
from application.log.format.note import Note, Signature, parse_note
from application.log.format.verifier_keys import seals
from application.log.sign.key_file import LOG
from application.log.sign.last_signed import StateUnusable
from application.log.witness.log_follower import LogFollower
from application.log.witness.trust_policy import parse_policy
from application.log.witness.witness import submission_text
from interface.run.witness_app import create_witness_app
from tests.log import oracle
from tests.log.test_note import keys as new_keys
from tests.log.witness_fixture import (
    LOG_KEYS,
    ORIGIN,
    D,
    WitnessFixture,
    body,
    declined,
    signed,
)

OTHER = [b"fork", *D[1:]]


def forked(old: int, new: int) -> bytes:
    """Return a submission of another log's tree under the same name and key."""
    note = signed(new, root=oracle.mth(OTHER[:new]))
    return submission_text(old, oracle.proof(old, OTHER[:new]), note).encode()


def evidence(witness: WitnessFixture) -> list[bytes]:
    folder = witness.folder / "evidence"
    return [one.read_bytes() for one in folder.iterdir()] if folder.exists() else []


def test_it_cosigns_a_log_from_its_beginning_on(witness: WitnessFixture) -> None:
    for old, new in ((0, 3), (3, 3), (3, 4), (4, 33), (33, 64)):
        cosigned = witness.add(body(old, new))
        checkpoint, _ = parse_checkpoint(signed(new))
        note = Note(checkpoint.text, cosigned)
        held = seals(checkpoint, note, witness.keys.verifiers)
        assert [one.time for one in held] == [int(witness.clock.now.timestamp())] * 2
        assert witness.size == new


def test_it_answers_as_the_specification_says(witness: WitnessFixture) -> None:
    assert declined(witness, b"")[0] == 400
    assert declined(witness, b"old 0\n\nnonsense")[0] == 400
    assert declined(witness, body(0, 3).replace(b"old 0", b"old 00"))[0] == 400
    assert (
        declined(witness, body(0, 3).replace(b"old 0\n", b"old 0\n" + b"AA==\n" * 64))[
            0
        ]
        == 400
    )
    assert (
        declined(witness, body(0, 3).replace(ORIGIN.encode(), b"other.example"))[0]
        == 404
    )
    foreign = new_keys(LOG, ORIGIN)
    assert declined(witness, body(0, 3, signed(3, keys=foreign)))[0] == 403
    note = parse_note(signed(3))
    broken = replace(note.signatures[0], value=bytes(64))
    bad = str(Note(note.text, (broken, *note.signatures[1:])))
    assert declined(witness, body(0, 3, bad))[0] == 403
    assert witness.add(body(0, 7))
    assert declined(witness, body(0, 9)) == (409, "7\n")
    assert declined(witness, body(9, 12)) == (409, "7\n")
    assert declined(witness, body(9, 8))[0] == 400
    assert declined(witness, submission_text(7, [], signed(12)).encode())[0] == 422
    assert declined(witness, body(7, 12, signed(12, root=bytes(32))))[0] == 422
    assert declined(witness, body(7, 7, signed(7, root=bytes(32))))[0] == 422
    assert witness.size == 7


def test_an_empty_log_is_cosigned_only_as_such(witness: WitnessFixture) -> None:
    assert declined(witness, body(0, 0, signed(0, root=bytes(32))))[0] == 422
    assert witness.add(body(0, 0))
    with_proof = submission_text(0, [bytes(32)], signed(3)).encode()
    assert declined(witness, with_proof)[0] == 422
    assert witness.add(body(0, 3))


def test_it_keeps_the_proof_of_a_fork_and_what_it_contradicts_once(
    witness: WitnessFixture,
) -> None:
    witness.add(body(0, 7))
    cosigned = witness.note
    fork = forked(7, 12)
    for _ in range(3):
        assert declined(witness, fork)[0] == 422
    assert evidence(witness) == [fork + b"\n" + cosigned.encode()]
    assert witness.add(body(7, 12))
    same_size = body(12, 12, signed(12, root=oracle.mth(OTHER[:12])))
    assert declined(witness, same_size)[0] == 422
    assert declined(witness, same_size.replace(b"old 12", b"old 3"))[0] == 409
    assert len(evidence(witness)) == 2


def test_what_anyone_can_make_up_is_no_evidence(witness: WitnessFixture) -> None:
    witness.add(body(0, 7))
    for n in range(5):
        made_up = submission_text(7, [bytes([n]) * 32], signed(12)).encode()
        assert declined(witness, made_up)[0] == 422
        other = submission_text(7, [bytes([n]) * 32] * 4, signed(12)).encode()
        assert declined(witness, other)[0] == 422
    assert evidence(witness) == []


def test_one_log_does_not_take_the_room_of_another(
    witness: WitnessFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("application.log.witness.fork_evidence.MAX_EVIDENCE", 2)
    witness.add(body(0, 7))
    (witness.folder / "evidence").mkdir()
    for n in range(3):
        (witness.folder / "evidence" / f"{'0' * 16}-{n}-x.txt").touch()
    for size in (9, 10, 11):
        assert declined(witness, forked(7, size))[0] == 422
    assert len(evidence(witness)) == 3 + 2


def test_over_http_it_speaks_the_protocol(witness: WitnessFixture) -> None:
    one = witness.start()
    watcher = LogFollower(one, parse_policy(b"quorum none"))
    with TestClient[Any](create_witness_app(one, watcher)) as http:
        done = http.post("/add-checkpoint", content=body(0, 7))
        assert done.status_code == 200
        assert done.text.startswith("— w.example ")
        assert done.text.count("\n") == 2
        conflict = http.post("/add-checkpoint", content=body(0, 9))
        assert (conflict.status_code, conflict.text) == (409, "7\n")
        assert conflict.headers["content-type"] == "text/x.tlog.size"
        assert conflict.headers.get_list("content-type") == ["text/x.tlog.size"]
        assert done.headers["content-type"] == "text/plain; charset=utf-8"
        for content, status in (
            (b"\x00" * 50, 400),
            (b"", 400),
            (b"x" * 1_500_000, 413),
            (body(9, 8), 400),
        ):
            assert http.post("/add-checkpoint", content=content).status_code == status
        digest = sha256(ORIGIN.encode()).hexdigest()
        shown = parse_checkpoint(http.get(f"/{digest}/checkpoint").content)
        known = (*LOG_KEYS.verifiers, *witness.keys.verifiers)
        assert len(seals(*shown, known)) == 4
        assert http.get("/0000/checkpoint").status_code == 404
        assert http.get("/add-checkpoint").status_code == 405


def test_strangers_learn_which_log_is_wrong_and_nothing_of_this_machine(
    witness: WitnessFixture,
) -> None:
    one = witness.start()
    policy = f"log {LOG_KEYS.verifiers[0].vkey} http://127.0.0.1:9/inner\nquorum none\n"
    watcher = LogFollower(one, parse_policy(policy.encode()))
    with TestClient[Any](create_witness_app(one, watcher)) as http:
        assert http.get("/health/ready").json() == {"status": "ready", "logs": []}
        assert not watcher.round()
        assert "127.0.0.1" in watcher.problems[ORIGIN]
        answer = http.get("/health/ready")
        assert answer.status_code == 503
        assert answer.json() == {"status": "not ready", "logs": [ORIGIN]}
        for kept in (answer, http.get("/nothing"), http.post("/add-checkpoint")):
            assert kept.headers["X-Content-Type-Options"] == "nosniff"
            assert kept.headers["Cache-Control"] == "no-store"
        witness.add(body(0, 7))
        path = witness.folder / f"{sha256(ORIGIN.encode()).hexdigest()}.json"
        path.write_bytes(b"{")
        damaged = http.post("/add-checkpoint", content=body(7, 9))
        assert (damaged.status_code, damaged.text) == (503, "nothing was cosigned\n")


def test_a_clock_that_goes_back_takes_no_time_back(witness: WitnessFixture) -> None:
    def time_of(signature: Signature) -> int:
        return int(struct.unpack(">Q", signature.value[:8])[0])

    times = []
    for size, jump in ((1, 0), (2, 86_400), (3, -200_000), (4, 300_000)):
        witness.clock.forward(seconds=jump)
        times.append(time_of(witness.add(body(size - 1, size))[0]))
    assert times == sorted(times)
    assert times[1] == times[2]


def test_a_damaged_memory_is_named(witness: WitnessFixture) -> None:
    witness.add(body(0, 7))
    path = witness.folder / f"{sha256(ORIGIN.encode()).hexdigest()}.json"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(StateUnusable, match=path.name):
        witness.add(body(7, 9))


def test_two_witnesses_do_not_share_a_memory(witness: WitnessFixture) -> None:
    one, other = witness.start(), witness.start()
    one.hold()
    with pytest.raises(StateUnusable, match="another process"):
        other.hold()
    one.release()
