"""A witness cosigns only what goes on, and remembers it whatever happens."""

from __future__ import annotations

import struct
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from msgspec.structs import replace
from psycopg import Connection
from psycopg.rows import TupleRow

from application.log import last_signed, witness
from application.log.checkpoint import Checkpoint, parse_checkpoint
from application.log.key_file import LOG, WITNESS, KeyFile, read_or_make
from application.log.last_signed import StateFile, StateUnusable
from application.log.note import Note, Signature, parse_note
from application.log.policy import parse_policy
from application.log.proofs import prove_consistency
from application.log.verifier_keys import seals
from application.log.watching import Watcher
from application.log.witness import Declined, Witness, submission_text
from interface.witness_app import create_witness_app
from tests.conftest import Clock
from tests.http.test_full_disk import small_disk
from tests.log import oracle
from tests.log.conftest import Log
from tests.log.servers import log_paths, serving
from tests.log.tampering import cut_log, owner_without_triggers
from tests.log.test_note import keys as new_keys
from tests.log.test_signer import Desk, Killed, published

ORIGIN = "example.com/log"
LOG_KEYS = new_keys(LOG, ORIGIN)
D = [b"entry %d" % n for n in range(64)]


def node(level: int, index: int) -> bytes:
    return oracle.mth(D[index << level : (index + 1) << level])


def signed(size: int, *, root: bytes | None = None, keys: KeyFile = LOG_KEYS) -> str:
    checkpoint = Checkpoint(keys.name, size, root or oracle.mth(D[:size]))
    return str(Note(checkpoint.text, keys.signatures(checkpoint, 1)))


def body(old: int, new: int, note: str | None = None) -> bytes:
    proof = prove_consistency(node, old, new) if 0 < old <= new else []
    return submission_text(old, proof, note or signed(new)).encode()


class Post:
    """A witness's key and memory, and witnesses that start and end on them."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder, self.clock = folder, clock
        self.keys = read_or_make(folder / "key.json", "w.example", clock.now, WITNESS)

    def witness(self) -> Witness:
        return Witness(self.keys, LOG_KEYS.verifiers, self.folder, self.clock)

    def add(self, content: bytes) -> tuple[Signature, ...]:
        one = self.witness()
        try:
            one.hold()
            return one.add(content)
        finally:
            one.release()

    @property
    def size(self) -> int:
        last = self.witness().last(ORIGIN)
        return last.checkpoint.size if last else 0


@pytest.fixture
def post(tmp_path: Path, clock: Clock) -> Post:
    return Post(tmp_path / "witness", clock)


def declined(post: Post, content: bytes) -> tuple[int, str]:
    with pytest.raises(Declined) as raised:
        post.add(content)
    return raised.value.status, raised.value.text


def test_it_cosigns_a_log_from_its_beginning_on(post: Post) -> None:
    for old, new in ((0, 3), (3, 3), (3, 4), (4, 33), (33, 64)):
        cosigned = post.add(body(old, new))
        checkpoint, _ = parse_checkpoint(signed(new))
        note = Note(checkpoint.text, cosigned)
        held = seals(checkpoint, note, post.keys.verifiers)
        assert [one.time for one in held] == [int(post.clock.now.timestamp())] * 2
        assert post.size == new


def test_it_answers_as_the_specification_says(post: Post) -> None:
    assert declined(post, b"")[0] == 400
    assert declined(post, b"old 0\n\nnonsense")[0] == 400
    assert declined(post, body(0, 3).replace(b"old 0", b"old 00"))[0] == 400
    assert (
        declined(post, body(0, 3).replace(b"old 0\n", b"old 0\n" + b"AA==\n" * 64))[0]
        == 400
    )
    assert (
        declined(post, body(0, 3).replace(ORIGIN.encode(), b"other.example"))[0] == 404
    )
    foreign = new_keys(LOG, ORIGIN)
    assert declined(post, body(0, 3, signed(3, keys=foreign)))[0] == 403
    note = parse_note(signed(3))
    broken = replace(note.signatures[0], value=bytes(64))
    bad = str(Note(note.text, (broken, *note.signatures[1:])))
    assert declined(post, body(0, 3, bad))[0] == 403
    assert post.add(body(0, 7))
    assert declined(post, body(0, 9)) == (409, "7\n")
    assert declined(post, body(9, 12)) == (409, "7\n")
    assert declined(post, body(9, 8))[0] == 400
    assert declined(post, submission_text(7, [], signed(12)).encode())[0] == 422
    assert declined(post, body(7, 12, signed(12, root=bytes(32))))[0] == 422
    assert declined(post, body(7, 7, signed(7, root=bytes(32))))[0] == 422
    assert post.size == 7


def test_an_empty_log_is_cosigned_only_as_such(post: Post) -> None:
    assert declined(post, body(0, 0, signed(0, root=bytes(32))))[0] == 422
    assert post.add(body(0, 0))
    with_proof = submission_text(0, [bytes(32)], signed(3)).encode()
    assert declined(post, with_proof)[0] == 422
    assert post.add(body(0, 3))


def test_it_keeps_the_proof_of_a_fork(post: Post) -> None:
    post.add(body(0, 7))
    fork = body(7, 12, signed(12, root=sha256(b"fork").digest()))
    assert declined(post, fork)[0] == 422
    kept = list((post.folder / "evidence").iterdir())
    assert [one.read_bytes() for one in kept] == [fork]
    assert post.add(body(7, 12))


def test_over_http_it_speaks_the_protocol(post: Post) -> None:
    one = post.witness()
    watcher = Watcher(one, parse_policy(b"quorum none"))
    with TestClient[Any](create_witness_app(one, watcher)) as http:
        done = http.post("/add-checkpoint", content=body(0, 7))
        assert done.status_code == 200
        assert done.text.startswith("— w.example ")
        assert done.text.count("\n") == 2
        conflict = http.post("/add-checkpoint", content=body(0, 9))
        assert (conflict.status_code, conflict.text) == (409, "7\n")
        assert conflict.headers["content-type"].startswith("text/x.tlog.size")
        for content, status in (
            (b"\x00" * 50, 400),
            (b"", 400),
            (b"x" * 1_500_000, 413),
            (body(9, 8), 400),
        ):
            assert http.post("/add-checkpoint", content=content).status_code == status
        digest = sha256(ORIGIN.encode()).hexdigest()
        shown = parse_checkpoint(http.get(f"/{digest}/checkpoint").content)
        known = (*LOG_KEYS.verifiers, *post.keys.verifiers)
        assert len(seals(*shown, known)) == 4
        assert http.get("/0000/checkpoint").status_code == 404
        assert http.get("/add-checkpoint").status_code == 405


def test_a_clock_that_goes_back_takes_no_time_back(post: Post) -> None:
    def time_of(signature: Signature) -> int:
        return int(struct.unpack(">Q", signature.value[:8])[0])

    times = []
    for size, jump in ((1, 0), (2, 86_400), (3, -200_000), (4, 300_000)):
        post.clock.forward(seconds=jump)
        times.append(time_of(post.add(body(size - 1, size))[0]))
    assert times == sorted(times)
    assert times[1] == times[2]


STEPS: tuple[tuple[Any, str], ...] = (
    (witness, "parse_submission"),
    (witness, "seals"),
    (StateFile, "read"),
    (witness, "verify_consistency"),
    (KeyFile, "signatures"),
    (StateFile, "write"),
    (last_signed, "rewrite"),
)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("place", "step"), STEPS, ids=str)
def test_killed_before_or_after_any_step_it_never_goes_back(
    post: Post,
    monkeypatch: pytest.MonkeyPatch,
    place: Any,
    step: str,
    *,
    after: bool,
) -> None:
    post.add(body(0, 7))
    real: Callable[..., Any] = getattr(place, step)

    def killed(*arguments: Any, **named: Any) -> Any:
        if after:
            real(*arguments, **named)
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(place, step, killed)
        post.add(body(7, 12))
    size = post.size
    assert size in {7, 12}
    if size == 12:
        assert declined(post, body(7, 12)) == (409, "12\n")
    assert post.add(body(size, 20))
    fork = body(20, 30, signed(30, root=bytes(32)))
    assert declined(post, fork)[0] == 422


def test_on_a_full_disk_it_cosigns_nothing_and_says_so(post: Post) -> None:
    with small_disk(1) as folder:
        post.folder = folder
        post.add(body(0, 7))
        filler = folder / "filler"
        with (
            filler.open("wb", buffering=0) as out,
            pytest.raises(OSError, match="space"),
        ):
            while True:
                out.write(bytes(4_096))
        one = post.witness()
        app = create_witness_app(one, Watcher(one, parse_policy(b"quorum none")))
        with TestClient[Any](app) as http:
            answer = http.post("/add-checkpoint", content=body(7, 9))
            assert answer.status_code == 503
            assert "No space" in answer.text
            assert post.size == 7
            filler.unlink()
            answer = http.post("/add-checkpoint", content=body(7, 9))
            assert answer.status_code == 200
        assert post.size == 9


def test_a_damaged_memory_is_named(post: Post) -> None:
    post.add(body(0, 7))
    path = post.folder / f"{sha256(ORIGIN.encode()).hexdigest()}.json"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(StateUnusable, match=path.name):
        post.add(body(7, 9))


def test_two_witnesses_do_not_share_a_memory(post: Post) -> None:
    one, other = post.witness(), post.witness()
    one.hold()
    with pytest.raises(StateUnusable, match="another process"):
        other.hold()
    one.release()


@pytest.fixture
def desk(url: str, tmp_path: Path, clock: Clock) -> Desk:
    return Desk(url, tmp_path, clock)


def watcher(post: Post, desk: Desk, url: str) -> Watcher:
    lines = [f"log {key.vkey} {url}\n" for key in desk.keys.verifiers]
    policy = parse_policy("".join([*lines, "quorum none\n"]).encode())
    one = Witness(post.keys, policy.log_keys, post.folder, post.clock)
    return Watcher(one, policy)


def test_it_follows_a_log_by_its_url(
    log: Log, desk: Desk, post: Post, app: Connection[TupleRow]
) -> None:
    with serving(log_paths(log.url)) as url:
        one = watcher(post, desk, url)
        assert not one.round()
        assert "/checkpoint: answered 404" in one.problems[ORIGIN]
        for cases in (1, 30, 2):
            log.tell_mixed(cases)
            log.build()
            desk.sign()
            assert one.round(), one.problems
            checkpoint, _ = published(app)
            assert post.size == checkpoint.size
            assert one.round()


def test_it_finds_an_old_backup_and_a_fork(log: Log, desk: Desk, post: Post) -> None:
    with serving(log_paths(log.url)) as url:
        one = watcher(post, desk, url)
        for _ in range(2):
            log.tell()
            log.build()
            desk.sign()
            assert one.round()
        with owner_without_triggers(log.url) as owner:
            cut_log(owner, 17)
        desk.path.unlink()
        desk.sign()
        assert not one.round()
        assert (
            "shrank or is stale: 34 entries were cosigned, 17" in one.problems[ORIGIN]
        )
        log.close()
        for _ in range(2):
            log.tell()
            log.build()
            desk.sign()
            assert not one.round()
            assert "is not the one expected" in one.problems[ORIGIN]
        assert post.size == 34
        assert list((post.folder / "evidence").iterdir())


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
    desk: Desk, post: Post, answer: tuple[int, bytes], said: str
) -> None:
    with serving(lambda *_: answer) as url:
        one = watcher(post, desk, url)
        assert not one.round()
        assert said in one.problems[ORIGIN]
        assert "\x1b" not in one.problems[ORIGIN]


def test_a_log_whose_tiles_are_wrong_is_named(log: Log, desk: Desk, post: Post) -> None:
    true = log_paths(log.url)
    broken: list[Callable[[bytes], bytes]] = [
        lambda hashes: hashes[:0],
        lambda hashes: hashes[:-1],
        lambda hashes: bytes(len(hashes)),
    ]
    log.tell()
    log.build()
    desk.sign()
    with serving(true) as url:
        assert watcher(post, desk, url).round()
    log.tell()
    log.build()
    desk.sign()
    for breaking in broken:

        def answer(
            handler: Any, path: str, sent: bytes, breaking: Any = breaking
        ) -> tuple[int, bytes]:
            status, content = true(handler, path, sent) or (500, b"")
            return status, breaking(content) if "tile" in path else content

        with serving(answer) as url:
            one = watcher(post, desk, url)
            assert not one.round()
            assert one.problems[ORIGIN]
    assert post.size == 17
