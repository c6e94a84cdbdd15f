"""A peer agrees: Go's checksum database code accepts what our API and signer say."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from application.log.format.checkpoint import parse_checkpoint
from application.log.format.verifier_keys import Algorithm, parse_vkey
from interface.bootstrap import System
from interface.run.worker import Worker
from tests.http.conftest import People, file_for, http, people, system
from tests.http.conftest import whole_worker as background

__all__ = ["background", "http", "people", "system"]

PROGRAM = Path(__file__).with_name("peer") / "main.go"
LIBRARY = Path("/usr/share/gocode")
SUMDB = LIBRARY / "src/golang.org/x/mod/sumdb/tlog"

Said = dict[str, Any]
Peer = Callable[[Said], str]

if shutil.which("go") is None:
    pytest.skip("there is no Go here to build the peer", allow_module_level=True)
if not SUMDB.exists():
    pytest.skip("golang-golang-x-mod-dev is not here", allow_module_level=True)


@pytest.fixture(scope="session")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Peer:
    """Return what answers "holds", or why not."""
    folder = tmp_path_factory.mktemp("peer")
    own = {"GO111MODULE": "off", "GOPATH": str(LIBRARY), "GOCACHE": str(folder / "c")}
    command = ["go", "build", "-o", str(folder / "peer"), str(PROGRAM)]
    subprocess.run(command, check=True, env=os.environ | own, timeout=300)

    def ask(said: Said) -> str:
        done = subprocess.run(
            [folder / "peer"],
            input=json.dumps(said),
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        return (done.stdout if done.returncode == 0 else done.stderr).strip()

    return ask


@pytest.fixture
def said(
    people: People, background: Worker, http: TestClient[Any], system: System
) -> Said:
    """Return what the log says of one event, and of how it grew."""
    case = file_for(people, order="o-0")
    for n in range(1, 7):
        file_for(people, order=f"o-{n}")
    background.catch_up()
    early = http.get("/v1/log/checkpoint").text
    proof = people.regulator.get(f"/v1/audit/disputes/{case}/proof/1").text
    for n in range(7, 20):
        file_for(people, order=f"o-{n}")
    system.clock.forward(seconds=2)  # type: ignore[attr-defined]
    background.catch_up()
    later = http.get("/v1/log/checkpoint").text
    sizes = [parse_checkpoint(one.encode())[0].size for one in (early, later)]
    assert 0 < sizes[0] < sizes[1]
    query = f"old={sizes[0]}&new={sizes[1]}"
    growth = http.get(f"/v1/log/consistency?{query}").json()["proof"]
    stored = [one.state for one in system.disputes.recorder.select_events(case)]
    return {
        "vkey": ed25519(http),
        "checkpoint": early,
        "entry": b64encode(stored[0]).decode(),
        "proof": proof,
        "later": later,
        "growth": growth,
    }


def ed25519(http: TestClient[Any]) -> str:
    """Return the log's key of the kind that Go knows."""
    keys = http.get("/v1/log/keys").json()["items"]
    vkeys = [str(one["vkey"]) for one in keys if one["use"] == "log"]
    kinds = {parse_vkey(vkey).algorithm: vkey for vkey in vkeys}
    return kinds[Algorithm.ED25519]


def changed(text: str) -> str:
    """Return base64 with one bit of what it stands for turned."""
    content = bytearray(b64decode(text))
    content[len(content) // 2] ^= 1
    return b64encode(content).decode()


def with_line(text: str, number: int) -> str:
    lines = text.split("\n")
    lines[number] = changed(lines[number])
    return "\n".join(lines)


def test_the_peer_accepts_checkpoint_entry_and_growth(peer: Peer, said: Said) -> None:
    assert said["proof"].count("\n") > 6
    assert said["growth"]
    assert peer(said) == "holds"
    assert peer(said | {"checkpoint": said["later"], "growth": []}) == "holds"


def test_the_peer_refuses_whatever_was_changed(peer: Peer, said: Said) -> None:
    other = parse_vkey(said["vkey"])
    stranger = f"{other.name}.example"
    broken: dict[str, tuple[Said, str]] = {
        "root": ({"checkpoint": with_line(said["checkpoint"], 2)}, "invalid signature"),
        "origin": (
            {"checkpoint": said["checkpoint"].replace(other.name, stranger, 1)},
            "invalid signature",
        ),
        "entry": ({"entry": changed(said["entry"])}, "invalid transparency proof"),
        "path": ({"proof": with_line(said["proof"], 2)}, "invalid transparency proof"),
        "index": (
            {"proof": said["proof"].replace("index ", "index 1", 1)},
            "invalid",
        ),
        "growth": (
            {"growth": [*said["growth"][:-1], changed(said["growth"][-1])]},
            "invalid transparency proof",
        ),
        "no growth": ({"growth": []}, "invalid transparency proof"),
        "turned around": (
            {"checkpoint": said["later"], "later": said["checkpoint"], "proof": ""},
            "invalid",
        ),
    }
    for what, (change, why) in broken.items():
        answer = peer(said | change)
        assert why in answer, (what, answer)
