"""Three witnesses for tests, and a collector that asks them."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from psycopg import Connection
from psycopg.rows import TupleRow

from application.jobs.status import reports
from application.log.format.checkpoint import parse_checkpoint
from application.log.format.verifier_keys import seals
from application.log.sign.checkpoint_kind import Kind
from application.log.sign.checkpoint_store import latest
from application.log.sign.key_file import WITNESS, KeyFile, read_or_make
from application.log.witness.cosignatures import Collector
from application.log.witness.trust_policy import TrustPolicy, parse_policy
from application.log.witness.witness import Witness
from tests.conftest import Clock
from tests.log.http_servers import Answering, serving, witness_paths
from tests.log.log_fixture import LogFixture
from tests.log.signer_fixture import SignerFixture

App = Connection[TupleRow]


class WitnessSet:
    """Three witnesses, each with a key of its own; what they answer can be changed."""

    def __init__(self, signer: SignerFixture, folder: Path, clock: Clock) -> None:
        self.signer, self.servers = signer, ExitStack()
        self.keys: dict[str, KeyFile] = {}
        self.answering: dict[str, Answering] = {}
        self.urls: dict[str, str] = {}
        for name in ("w1", "w2", "w3"):
            path = folder / name / "key.json"
            self.keys[name] = read_or_make(path, f"{name}.example", clock.now, WITNESS)
            one = Witness(self.keys[name], signer.keys.verifiers, folder / name, clock)
            self.answering[name] = witness_paths(one)
            self.urls[name] = self.servers.enter_context(serving(self.answerer(name)))

    def answerer(self, name: str) -> Answering:
        def answer(*request: Any) -> tuple[int, bytes] | None:
            return self.answering[name](*request)

        return answer

    def policy(self, threshold: int = 2) -> TrustPolicy:
        lines = [f"log {key.vkey}" for key in self.signer.keys.verifiers]
        for name, file in self.keys.items():
            key = file.verifiers[1]
            lines.append(f"witness {name} {key.vkey} {self.urls[name]}")
        lines += [f"group all-of-them {threshold} w1 w2 w3", "quorum all-of-them", ""]
        return parse_policy("\n".join(lines).encode())

    def collect(self, url: str, seconds: float = 5.0, threshold: int = 2) -> int:
        one = Collector(url, lambda: self.policy(threshold), seconds)
        done = one.tick()
        one.close()
        return done


def said(app: App) -> dict[str, str]:
    return {one.part: one.problem or "" for one in reports(app)}


def cosigners(app: App, witnesses: WitnessSet) -> set[str]:
    one = latest(app, Kind.COSIGNED)
    if one is None:
        return set()
    checkpoint, note = parse_checkpoint(one.note)
    held = seals(checkpoint, note, witnesses.policy().witness_keys)
    return {seal.key.name for seal in held}


def grow(log: LogFixture, signer: SignerFixture) -> None:
    log.tell()
    log.build()
    assert signer.sign() == 1
