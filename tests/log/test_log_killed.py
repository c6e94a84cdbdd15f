"""kill -9 of worker, signer and witness: the log never forks and never shrinks."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from psycopg import Connection
from psycopg.conninfo import make_conninfo
from psycopg.rows import TupleRow

from application.log.build.batches import batch_of_size, tip
from application.log.format.checkpoint import Checkpoint, parse_checkpoint
from application.log.format.merkle_proofs import verify_consistency
from application.log.format.verifier_keys import VerifierKey, seals
from application.log.sign import key_file
from application.log.sign.checkpoint_kind import Kind
from application.log.sign.checkpoint_store import latest
from application.log.sign.key_file import WITNESS
from application.log.sign.statement_keys import StatementKey, read_or_make
from application.log.witness.remote_log import RemoteLog
from tests.http.test_worker import within_seconds
from tests.loaded_program import run
from tests.log.http_servers import log_paths, serving
from tests.log.log_fixture import LogFixture
from tests.log.signer_fixture import SignerFixture
from tests.processes import PATIENCE, Process, free_port, http_client, wait_until_ready
from tests.sizes import sized

pytestmark = pytest.mark.kill

KILLS = sized(2, 4)
"""How often each part is killed."""


class Observer:
    """Looks at checkpoints as anyone may, and holds each against the one before."""

    def __init__(self, url: str, keys: tuple[VerifierKey, ...]) -> None:
        self.log, self.keys = RemoteLog(url), keys
        self.seen: list[Checkpoint] = []

    def look(self) -> None:
        checkpoint, note = self.log.checkpoint()
        assert seals(checkpoint, note, self.keys)
        last = self.seen[-1] if self.seen else None
        if last is not None:
            assert checkpoint.size >= last.size, "the log shrank"
            proof = self.log.consistency(last.size, checkpoint.size)
            roots = last.root, checkpoint.root
            verify_consistency(last.size, checkpoint.size, proof, *roots)
        if last != checkpoint:
            self.seen.append(checkpoint)


def test_killed_again_and_again_the_log_goes_on(
    log: LogFixture, url: str, app: Connection[TupleRow], tmp_path: Path
) -> None:
    log.now = datetime.now(UTC)
    port, witness_port = free_port(), free_port()
    policy, home = tmp_path / "policy", tmp_path / "witness"
    environ = {
        "DATABASE_URL": url,
        "REDRESS_HOME": str(tmp_path),
        "REDRESS_PORT": str(port),
    }
    path = {"PATH": "/usr/bin:/bin"}
    run("sign", "--new-key", env=environ | path, check=True)
    now = key_file.read(tmp_path / "keys" / "log.json").keys[0].made_at
    keys = key_file.read(tmp_path / "keys" / "log.json").verifiers
    ours = tmp_path / "keys" / "statements.json"
    log.sign_as(StatementKey(read_or_make(ours, keys[0].name, now)).sign)
    watching = key_file.read_or_make(
        home / "witness-key.json", "w.example", now, WITNESS
    )
    at = f"http://127.0.0.1:{port}"
    policy.write_text(
        "".join(f"log {key.vkey} {at}/v1/log\n" for key in keys)
        + f"witness w {watching.verifiers[1].vkey} http://127.0.0.1:{witness_port}\n"
        "quorum w\n"
    )
    environ["REDRESS_LOG_POLICY"] = str(policy)
    listen = f"127.0.0.1:{witness_port}"
    options = ("--name", "w.example", "--home", str(home), "--every", "0.2")
    parts = {
        "work": Process(environ, "work"),
        "sign": Process(environ, "sign"),
        "witness": Process({}, "witness", str(policy), *options, "--listen", listen),
    }
    server = Process(environ, "serve")
    wait_until_ready(at)
    observer, chance = Observer(f"{at}/v1/log", keys), random.Random(4)
    log.tell()
    anyone = http_client()
    checkpoint_path = f"{at}/v1/log/checkpoint"
    assert within_seconds(20, lambda: anyone.get(checkpoint_path).is_success)
    to_kill = [*parts] * KILLS
    chance.shuffle(to_kill)
    until = time.monotonic() + PATIENCE
    while to_kill or len(observer.seen) < 5:
        assert time.monotonic() < until, "the log does not grow"
        for _ in range(chance.randrange(1, 5)):
            log.tell()
        observer.look()
        if to_kill and chance.random() < 0.3:
            part = parts[to_kill.pop()]
            part.kill()
            part.start()
        time.sleep(chance.random() * 0.5)
        observer.look()

    def is_cosigned() -> bool:
        lines = anyone.get(f"{at}/metrics").text.splitlines()
        size = float(tip(app).size)
        parts = ("log_cosigned_entries", "log_entries")
        return all(f"redress_{part} {size}" in lines for part in parts)

    assert within_seconds(40, is_cosigned)
    observer.look()
    answer = anyone.get(f"{at}/v1/log/cosigned-checkpoint")
    anyone.close()
    checkpoint, note = parse_checkpoint(answer.content)
    assert {one.key.name for one in seals(checkpoint, note, watching.verifiers)} == {
        "w.example"
    }
    for one in observer.seen:
        batch = batch_of_size(app, one.size)
        assert batch is not None
        assert batch.root == one.root
    told = run("verify", "--json", env=environ | path)
    assert '"intact":true' in told.stdout, told
    assert '"quorum":true' in told.stdout
    for part in (server, *parts.values()):
        assert part.stop() == 0


def look_once(policy: Path, home: Path, *more: str) -> tuple[int, str]:
    options = ("--name", "w.example", "--home", str(home), "--once", *more)
    done = run("witness", str(policy), *options)
    return done.returncode, done.stdout + done.stderr


def test_a_witness_can_look_once_and_tell(
    log: LogFixture, signer: SignerFixture, tmp_path: Path
) -> None:
    policy, home = tmp_path / "policy", tmp_path / "witness"
    assert look_once(policy, home)[0] == 1
    policy.write_text("quorum none\n")
    assert "names no log" in look_once(policy, home)[1]
    log.tell()
    log.build()
    signer.sign()
    with serving(log_paths(log.url)) as url:
        key = signer.keys.verifiers[0]
        policy.write_text(f"log {key.vkey} {url}\nquorum none\n")
        code, said = look_once(policy, home)
        assert (code, "co-signed" in said) == (0, True)
    code, said = look_once(policy, home)
    assert (code, "refused" in said) == (1, True)
    assert "Traceback" not in said


def test_in_production_a_signer_needs_a_key_and_no_more(
    log: LogFixture,
    url: str,
    app_login: str,
    tmp_path: Path,
    app: Connection[TupleRow],
) -> None:
    environ = {
        "DATABASE_URL": make_conninfo(url, user=app_login),
        "REDRESS_MODE": "production",
        "REDRESS_HOME": str(tmp_path),
        "REDRESS_LOG_ORIGIN": "shop.example/log",
    }

    def told(*arguments: str) -> tuple[int, str]:
        done = run(*arguments, env=environ | {"PATH": "/usr/bin:/bin"})
        return done.returncode, done.stdout + done.stderr

    code, said = told("sign")
    assert (code, "keys/log.json: there is no key file" in said) == (1, True)
    code, said = told("sign", "--new-key")
    assert (code, said.count("signs   shop.example/log+")) == (0, 2)
    code, said = told("sign", "--rotate")
    assert (code, said.count("signs")) == (0, 4)
    code, said = told("sign", "--retire")
    assert (code, said.count("signs"), said.count("retired")) == (0, 2, 2)
    log.tell()
    log.build()
    signer = Process(environ, "sign")
    assert within_seconds(20, lambda: latest(app, Kind.SIGNED) is not None)
    assert signer.stop() == 0
    code, said = told("verify")
    assert (code, said[:6]) == (0, "intact")
    (tmp_path / "keys" / "log.json").write_text("{}")
    code, said = told("sign")
    assert (code, "keys/log.json" in said, "Traceback" in said) == (1, True, False)
