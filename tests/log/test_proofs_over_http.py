"""The log as others see it: static paths, and proofs that hold without the server."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from msgspec.structs import replace

from application.log.format.checkpoint import parse_checkpoint
from application.log.format.merkle_proofs import ProofWrong, verify_consistency
from application.log.format.tiles import tiles_of, unbundle
from application.log.format.tlog_proof import parse_proof
from application.log.format.verifier_keys import parse_vkey, seals
from application.log.sign import key_file
from interface.bootstrap import System
from interface.run.worker import Worker
from interface.settings.log_settings import Entries
from tests.http.conftest import People, file_for, http, people, system
from tests.http.conftest import whole_worker as background
from tests.http_app import serving
from tests.log import oracle

__all__ = ["background", "http", "people", "system"]


@pytest.fixture
def anyone(http: TestClient[Any]) -> TestClient[Any]:
    return http


@pytest.fixture
def cases(people: People, background: Worker) -> list[str]:
    """Several cases in the log, which is signed."""
    made = [file_for(people, order=f"o-{n}") for n in range(40)]
    for case in made[:20]:
        people.mediator.act(case, "admission", {})
    background.catch_up()
    return made


def test_before_anything_is_signed_there_is_no_checkpoint(
    anyone: TestClient[Any],
) -> None:
    answer = anyone.get("/v1/log/checkpoint", headers={"Accept-Language": "zh"})
    assert (answer.status_code, answer.json()["title"]) == (404, "尚无检查点")
    assert anyone.get("/v1/log/tile/0/000.p/1").status_code == 404


def test_a_signed_log_that_nobody_cosigned_says_so(
    cases: list[str], anyone: TestClient[Any]
) -> None:
    assert cases
    path = "/v1/log/cosigned-checkpoint"
    answer = anyone.get(path, headers={"Accept-Language": "zh"})
    assert (answer.status_code, answer.json()["title"]) == (404, "尚无联署检查点")
    english = anyone.get(path, headers={"Accept-Language": "en"}).json()
    assert "not enough witnesses have co-signed it" in english["detail"]


def test_a_client_of_tiles_finds_the_whole_log(
    cases: list[str], anyone: TestClient[Any], people: People, system: System
) -> None:
    assert len(cases) == 40
    answer = anyone.get("/v1/log/checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=1"
    checkpoint, note = parse_checkpoint(answer.content)
    keys = anyone.get("/v1/log/keys").json()["items"]
    vkeys = [parse_vkey(one["vkey"]) for one in keys if one["use"] == "log"]
    assert set(vkeys) == set(key_file.read(system.settings.log.key).verifiers)
    assert len(seals(checkpoint, note, vkeys)) == 2
    regulator = people.named("regulator", "r-1", None)
    leaves, d = b"", list[bytes]()
    for tile in tiles_of(checkpoint.size):
        answer = anyone.get(f"/v1/log/tile/{tile.path}")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert "immutable" in answer.headers["cache-control"]
        assert len(answer.content) == 32 * tile.width
        if tile.level == 0:
            leaves += answer.content
            path = tile.path.replace("0/", "entries/", 1)
            d += unbundle(regulator.get(f"/v1/log/tile/{path}").content)
    assert oracle.mth(d) == checkpoint.root
    assert b"".join(oracle.mth([one]) for one in d) == leaves
    kinds = {"head" if "type" in json.loads(one) else "event" for one in d}
    assert kinds == {"head", "event"}


@pytest.mark.parametrize(
    "path",
    ["0/001", "0/000", "1/000", "entries/001", "0/x001/000", "0/000.p/255"],
)
def test_tiles_that_are_not_there_are_not_made_up(
    people: People, background: Worker, path: str
) -> None:
    file_for(people)
    background.catch_up()
    answer = people.named("regulator", "r-1", None).get(f"/v1/log/tile/{path}")
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:redress:problem:no-such-tile"


@pytest.mark.parametrize("path", ["x", "0/0", "64/000", "0/000.p/256", "0/000.p/0"])
def test_what_is_no_tile_is_not_found(anyone: TestClient[Any], path: str) -> None:
    assert anyone.get(f"/v1/log/tile/{path}").status_code == 404


def test_entries_are_for_auditors_unless_they_are_published(
    cases: list[str], anyone: TestClient[Any], people: People, system: System
) -> None:
    path = "/v1/log/tile/entries/000.p/3"
    assert cases
    assert anyone.get(path).status_code == 401
    for person in (people.buyer, people.mediator, people.regulator):
        answer = person.get(path)
        assert answer.status_code == 403
        assert answer.json()["type"].endswith("entries-restricted")
    allowed = people.named("auditor", "a-1", None).get(path)
    assert allowed.status_code == 200
    assert allowed.headers["cache-control"].startswith("private")
    open_log = replace(system.settings.log, entries=Entries.PUBLIC)
    published = replace(system, settings=replace(system.settings, log=open_log))
    with serving(published) as visitor:
        answer = visitor.get(path)
        assert answer.content == allowed.content
        assert answer.headers["cache-control"].startswith("public")


def test_consistency_proofs_hold(
    cases: list[str], anyone: TestClient[Any], people: People
) -> None:
    assert cases
    checkpoint, _ = parse_checkpoint(anyone.get("/v1/log/checkpoint").content)
    d = _entries(people, checkpoint.size)
    for old in (1, 2, 33, checkpoint.size - 1, checkpoint.size):
        answer = anyone.get(f"/v1/log/consistency?old={old}&new={checkpoint.size}")
        proof = [base64.b64decode(one) for one in answer.json()["proof"]]
        root = oracle.mth(d[:old])
        verify_consistency(old, checkpoint.size, proof, root, checkpoint.root)
    for query, status in (("old=0&new=1", 400), ("old=2&new=1", 400), ("old=1", 400)):
        assert anyone.get(f"/v1/log/consistency?{query}").status_code == status
    beyond = checkpoint.size + 1
    answer = anyone.get(f"/v1/log/consistency?old=1&new={beyond}")
    assert answer.json()["type"] == "urn:redress:problem:no-such-proof"


def _entries(people: People, size: int) -> list[bytes]:
    assert size < 256
    regulator = people.named("regulator", "r-1", None)
    content = regulator.get(f"/v1/log/tile/entries/000.p/{size}").content
    return list(unbundle(content))


def test_every_event_of_a_case_is_proved_and_so_is_its_length(
    cases: list[str], people: People, system: System
) -> None:
    keys = key_file.read(system.settings.log.key).verifiers
    regulator = people.regulator
    shown = regulator.get(f"/v1/audit/disputes/{cases[0]}/proof").json()
    stored = [one.state for one in system.disputes.recorder.select_events(cases[0])]
    assert shown["checkpoint"] == "signed"
    assert len(shown["events"]) == len(stored) >= 2
    for event, state in zip(shown["events"], stored, strict=True):
        proof = parse_proof(event["proof"])
        assert str(proof) == event["proof"]
        assert len(proof.verify(oracle.mth([state]), keys)) == 2
        with pytest.raises(ProofWrong):
            proof.verify(oracle.mth([state + b" "]), keys)
        text = regulator.get(f"/v1/audit/disputes/{cases[0]}/proof/{event['version']}")
        assert text.text == event["proof"]
        root = oracle.root_by_path(
            oracle.mth([state]), proof.index, proof.checkpoint.size, [*proof.path]
        )
        assert root == proof.checkpoint.root
    head = shown["head"]
    assert json.loads(head["entry"])["version"] == len(stored) == head["version"]
    leaf = oracle.mth([head["entry"].encode()])
    parse_proof(head["proof"]).verify(leaf, keys)


def test_proofs_are_for_auditors_and_what_is_not_signed_is_not_proved(
    people: People, background: Worker
) -> None:
    case = file_for(people)
    path = f"/v1/audit/disputes/{case}/proof"
    assert people.buyer.get(path).status_code == 403
    assert people.named("regulator", "r-2", "elsewhere").get(path).status_code == 404
    shown = people.auditor.get(path).json()
    assert (shown["checkpoint"], shown["head"], shown["events"]) == (None, None, [])
    assert people.auditor.get(f"{path}/1").status_code == 404
    background.catch_up()
    assert people.auditor.get(f"{path}/1").status_code == 200
    last = len(people.auditor.get(path).json()["events"])
    for version in ("99", "0", "-1"):
        answer = people.auditor.get(f"{path}/{version}")
        assert answer.status_code == 404
        assert answer.json()["type"].endswith("no-such-version")
        assert answer.json()["detail"] == f"The case has the versions 1 to {last}."


def test_the_key_file_of_a_sandbox_is_private(
    background: Worker, system: System, tmp_path: Path
) -> None:
    assert background.led
    path = system.settings.log.key
    assert path.is_relative_to(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
