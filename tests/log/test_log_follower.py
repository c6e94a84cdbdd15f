"""A witness that follows a log by its URL, and names what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from psycopg import Connection
from psycopg.rows import TupleRow

from application.log.sign.key_file import LOG
from application.log.sign.key_history import rotated, without_old
from application.log.witness.log_follower import LogFollower
from application.log.witness.trust_policy import parse_policy
from application.log.witness.witness import Witness
from tests.log.http_servers import log_paths, serving
from tests.log.log_fixture import STORY, LogFixture
from tests.log.owner_edits import cut_log, owner_without_triggers
from tests.log.signer_fixture import SignerFixture, published
from tests.log.test_note import keys as new_keys
from tests.log.witness_fixture import ORIGIN, WitnessFixture


def watcher(witness: WitnessFixture, signer: SignerFixture, url: str) -> LogFollower:
    lines = [f"log {key.vkey} {url}\n" for key in signer.keys.verifiers]
    policy = parse_policy("".join([*lines, "quorum none\n"]).encode())
    one = Witness(witness.keys, policy.log_keys, witness.folder, witness.clock)
    return LogFollower(one, policy)


def test_it_follows_a_log_by_its_url(
    log: LogFixture,
    signer: SignerFixture,
    witness: WitnessFixture,
    app: Connection[TupleRow],
) -> None:
    with serving(log_paths(log.url)) as url:
        one = watcher(witness, signer, url)
        assert not one.round()
        assert "/checkpoint: answered 404" in one.problems[ORIGIN]
        for cases in (1, 30, 2):
            log.tell_mixed(cases)
            log.build()
            signer.sign()
            assert one.round(), one.problems
            checkpoint, _ = published(app)
            assert witness.size == checkpoint.size
            assert one.round()


def test_it_finds_an_old_backup_and_a_fork(
    log: LogFixture, signer: SignerFixture, witness: WitnessFixture
) -> None:
    with serving(log_paths(log.url)) as url:
        one = watcher(witness, signer, url)
        for _ in range(2):
            log.tell()
            log.build()
            signer.sign()
            assert one.round()
        with owner_without_triggers(log.url) as owner:
            cut_log(owner, 17)
        signer.path.unlink()
        signer.sign()
        assert not one.round()
        assert (
            "shrank or is stale: 34 entries were cosigned, 17" in one.problems[ORIGIN]
        )
        log.close()
        for _ in range(2):
            log.tell()
            log.build()
            signer.sign()
            assert not one.round()
            assert "is not the one expected" in one.problems[ORIGIN]
        assert witness.size == 34
        assert list((witness.folder / "evidence").iterdir())


def test_it_asks_for_the_proof_of_a_fork_that_a_proof_leaves_out(
    log: LogFixture, signer: SignerFixture, witness: WitnessFixture
) -> None:
    log.tell(STORY[:1])
    log.build()
    signer.sign()
    with serving(log_paths(log.url)) as url:
        one = watcher(witness, signer, url)
        assert one.round()
        assert witness.size == 2
        signer.path.unlink()
        with owner_without_triggers(log.url) as owner:
            owner.execute("DELETE FROM log_tiles")
            cut_log(owner, 0)
        log.close()
        log.tell(STORY[:1])
        log.tell(STORY[:1])
        log.build()
        signer.sign()
        for _ in range(2):
            assert not one.round()
            assert "is not the one expected" in one.problems[ORIGIN]
        assert len(list((witness.folder / "evidence").iterdir())) == 1


def test_it_follows_a_log_that_rotates_its_keys(
    log: LogFixture, signer: SignerFixture, witness: WitnessFixture
) -> None:
    def grow() -> None:
        log.tell()
        log.build()
        assert signer.sign() == 1

    with serving(log_paths(log.url)) as url:
        one = watcher(witness, signer, url)
        grow()
        assert one.round()
        for _ in range(2):
            signer.keys = rotated(signer.keys, signer.clock.forward(days=1))
            grow()
            signer.keys = without_old(signer.keys)
            grow()
            size = witness.size
            assert one.round(), one.problems
            assert witness.size > size
        assert watcher(witness, signer, url).round()
        stranger = new_keys(LOG, ORIGIN)
        lines = [f"log {key.vkey} {url}\n" for key in stranger.verifiers]
        policy = parse_policy("".join([*lines, "quorum none\n"]).encode())
        other = Witness(witness.keys, policy.log_keys, witness.folder, witness.clock)
        another = LogFollower(other, policy)
        assert not another.round()
        assert "no trusted key" in another.problems[ORIGIN]
        assert "the new ones belong into" in another.problems[ORIGIN]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, b""), "no empty line"),
        ((200, b"\x00\xff" * 500), "not UTF-8"),
        ((200, b"<html>hello</html>"), "no empty line"),
        ((500, b"oh\r\n\x1b[31mno"), "answered 500 oh"),
        ((302, b""), "answered 302"),
        ((200, b"x" * 3_000_000), "longer than 2000000 bytes"),
    ],
)
def test_a_log_that_answers_nonsense_is_named(
    signer: SignerFixture, witness: WitnessFixture, answer: tuple[int, bytes], said: str
) -> None:
    with serving(lambda *_: answer) as url:
        one = watcher(witness, signer, url)
        assert not one.round()
        assert said in one.problems[ORIGIN]
        assert "\x1b" not in one.problems[ORIGIN]


def test_a_log_whose_tiles_are_wrong_is_named(
    log: LogFixture, signer: SignerFixture, witness: WitnessFixture
) -> None:
    true = log_paths(log.url)
    broken: list[Callable[[bytes], bytes]] = [
        lambda hashes: hashes[:0],
        lambda hashes: hashes[:-1],
        lambda hashes: bytes(len(hashes)),
    ]
    log.tell()
    log.build()
    signer.sign()
    with serving(true) as url:
        assert watcher(witness, signer, url).round()
    log.tell()
    log.build()
    signer.sign()
    for breaking in broken:

        def answer(
            handler: Any, path: str, sent: bytes, breaking: Any = breaking
        ) -> tuple[int, bytes]:
            status, content = true(handler, path, sent) or (500, b"")
            return status, breaking(content) if "tile" in path else content

        with serving(answer) as url:
            one = watcher(witness, signer, url)
            assert not one.round()
            assert one.problems[ORIGIN]
    assert witness.size == 17
    assert not (witness.folder / "evidence").exists()
