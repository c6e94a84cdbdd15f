"""A bundle that was made once is read for ever: those in `golden/` are never edited."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from application.bundle.archive import TooLarge, member, pack
from interface.verifier.redress_verify import Asked, check, parse_certificate, parse_key
from tests.bundle.bundle_archive import put, taken

GOLDEN = Path(__file__).parent / "golden"
BUNDLES = sorted(GOLDEN.glob("*.zip"))


def asked_of(path: Path) -> Asked:
    keys: dict[str, Any] = json.loads(path.with_suffix(".json").read_text("utf-8"))
    return Asked(
        tuple(map(parse_key, keys["log"])),
        tuple(map(parse_key, keys["witnesses"])),
        keys["quorum"],
        tuple(map(parse_certificate, keys["tsa"])),
        tuple(map(parse_key, keys.get("statements", []))),
    )


@pytest.mark.parametrize("path", BUNDLES, ids=lambda path: path.stem)
def test_a_golden_bundle_still_holds(path: Path) -> None:
    report = check(path.read_bytes(), asked_of(path))
    told = json.loads(path.with_suffix(".json").read_text("utf-8"))["found"]
    assert {one.name: one.about for one in report.found} == told
    nothing = {one.name for one in report.found if one.state == "none"}
    assert nothing <= {"statements", "vouched"}
    assert {one.state for one in report.found} <= {"holds", "none"}
    assert report.verdict == "valid"


def test_a_receipt_of_its_events_holds() -> None:
    """A party's receipt has no more than a bundle has, and stays readable as long."""
    path = GOLDEN / "case-2.zip"
    members, version = taken(path.read_bytes()), 1
    state = members[f"events/{version:06d}.json"]
    receipt = {
        "format": "redress-receipt/1",
        "origin": json.loads(members["manifest.json"])["checkpoint"]["origin"],
        "case": json.loads(members["manifest.json"])["case"],
        "version": version,
        "event": b64encode(state).decode(),
        "leaf": sha256(b"\0" + state).hexdigest(),
        "statement_keys": json.loads(members["statement-keys.json"]),
        "keys": json.loads(members["keys.json"]),
        "proof": members[f"proofs/{version:06d}.tlog-proof"].decode(),
    }
    report = check(json.dumps(receipt).encode(), asked_of(path))
    assert {one.state for one in report.found} == {"holds"}


@pytest.mark.parametrize("path", BUNDLES, ids=lambda path: path.stem)
def test_any_zip_program_reads_it_and_packs_the_same(path: Path) -> None:
    data = path.read_bytes()
    assert put(taken(data)) == data


@pytest.mark.parametrize("path", BUNDLES, ids=lambda path: path.stem)
def test_its_members_are_packed_as_they_were(path: Path) -> None:
    data = path.read_bytes()
    members = taken(data)
    backwards = {name: member(body) for name, body in reversed(members.items())}
    assert b"".join(pack(backwards).read()) == data


def test_what_no_plain_zip_can_hold_is_not_packed() -> None:
    with pytest.raises(TooLarge, match="65536 members"):
        pack({f"{number}": member(b"") for number in range(65_536)})


def test_there_is_one() -> None:
    assert BUNDLES
