"""What is wrong with a bundle is named rightly, by both verifiers."""

from __future__ import annotations

import io
import json
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest

from interface.verifier.redress_verify import check
from tests.bundle.bundle_archive import canonical, forged, put, taken
from tests.bundle.conftest import states
from tests.bundle.node_verifier import NODE, NodeVerifier, outcomes, second
from tests.bundle.test_golden import GOLDEN, asked_of

PATH = GOLDEN / "case-1.zip"
DATA = PATH.read_bytes()
MEMBERS = taken(DATA)
POLICY = "rules/policy/cn-default-1.toml"
LOG = "redress.localhost/log"
PROOF = "rules/proof/proof-1.toml"


def without(name: str) -> bytes:
    return forged({one: MEMBERS[one] for one in MEMBERS if one != name})


def commented() -> bytes:
    out = io.BytesIO(DATA)
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b"see below"
    return out.getvalue()


def bomb(*sizes: int) -> bytes:
    """Deflate members: one that hardly shrinks, then zeros of some sizes."""
    rows = {"manifest.json": MEMBERS["manifest.json"]}
    rows |= {f"events/{n:06d}.json": bytes(size) for n, size in enumerate(sizes, 1)}
    return put(rows, method=zipfile.ZIP_DEFLATED)


def declaring(packed: int, length: int, many: int) -> bytes:
    """Let the directory declare that members inflate to some length."""
    content = bytearray(put({f"x/{n:06d}": bytes(packed) for n in range(many)}))
    place = content.index(b"PK\x01\x02")
    for _ in range(many):
        content[place + 10] = 8
        content[place + 24 : place + 28] = length.to_bytes(4, "little")
        place = content.find(b"PK\x01\x02", place + 46)
    return bytes(content)


def manifest(**changes: Any) -> bytes:
    told = json.loads(MEMBERS["manifest.json"])
    for name, change in changes.items():
        told[name] |= change
    return put(MEMBERS | {"manifest.json": canonical(told)})


def keys(change: Any) -> bytes:
    listed = json.loads(MEMBERS["keys.json"])
    return forged(MEMBERS | {"keys.json": canonical(change(listed))})


def vkey(name: str) -> str:
    material = b"\1" + bytes(32)
    key_id = sha256(f"{name}\n".encode() + material).hexdigest()[:8]
    return f"{name}+{key_id}+{b64encode(material).decode()}"


def published(vkey: str) -> dict[str, object]:
    return {"endorsement": None, "made_at": "2026-01-01T00:00:00Z", "vkey": vkey}


ENTRY = json.loads(MEMBERS["manifest.json"])["members"]["head.json"]
CASES: dict[str, tuple[bytes, str]] = {
    "appended": (DATA + b"x", "not-alone"),
    "prepended": (b"x" + DATA, "not-alone"),
    "commented": (commented(), "not-alone"),
    "two of them": (DATA + DATA, "not-alone"),
    "cut off": (DATA[:-1], "truncated"),
    "only the end": (DATA[-22:], "truncated"),
    "all deflated": (put(MEMBERS, method=zipfile.ZIP_DEFLATED), "not-canonical"),
    "one bomb": (bomb(1000, 5_000_000), "too-large"),
    "many bombs": (bomb(*[1_000_000] * 50), "too-large"),
    "a bomb by its sum": (declaring(100_000, 9_900_000, 120), "too-large"),
    "deflated, but no bomb": (declaring(1_000, 60_000, 200), "not-canonical"),
    "size 10^400": (manifest(checkpoint={"size": 10**400}), "manifest-wrong"),
    "size 2^53": (manifest(checkpoint={"size": 2**53}), "manifest-wrong"),
    "size -1": (manifest(checkpoint={"size": -1}), "manifest-wrong"),
    "more of a checkpoint": (manifest(checkpoint={"x": 1}), "manifest-wrong"),
    "a member of 10^400": (
        manifest(members={"head.json": ENTRY | {"size": 10**400}}),
        "manifest-wrong",
    ),
    "a member of 10^5000": (
        put(
            MEMBERS
            | {
                "manifest.json": MEMBERS["manifest.json"].replace(
                    b'"size":28', b'"size":1' + b"0" * 5_000
                )
            }
        ),
        "manifest-wrong",
    ),
    "half a character": (
        put(
            MEMBERS
            | {
                "manifest.json": MEMBERS["manifest.json"].replace(
                    b'"case":"', b'"case":"\\udc00'
                )
            }
        ),
        "manifest-wrong",
    ),
    "rules that no event names": (
        forged(MEMBERS | {"rules/policy/jd-like-1.toml": b""}),
        "unknown-member",
    ),
    "proof that no policy names": (
        forged(MEMBERS | {"rules/proof/proof-2.toml": b""}),
        "unknown-member",
    ),
    "without its policy": (without(POLICY), "missing-member"),
    "without its proof": (without(PROOF), "missing-member"),
    "other rules": (forged(MEMBERS | {"rules/more.toml": b""}), "unknown-member"),
    "a policy worded otherwise": (
        forged(
            MEMBERS | {POLICY: MEMBERS[POLICY].replace(b"\nproof =", b'\n"proof" =')}
        ),
        "valid",
    ),
    "proof of another policy": (
        forged(MEMBERS | {POLICY: MEMBERS[POLICY].replace(b"proof/1", b"proof/2")}),
        "unknown-member",
    ),
    "a key of another log": (
        keys(lambda listed: [*listed, published(vkey("other.example/log"))]),
        "keys-wrong",
    ),
    "a key with another id": (
        keys(lambda listed: [*listed, published(vkey(LOG).replace("AAAA", "AAAB"))]),
        "keys-wrong",
    ),
    "one more key of this log": (
        keys(lambda listed: [*listed, published(vkey(LOG))]),
        "key-unknown",
    ),
    "keys that are none": (keys(lambda _: {"x": 1}), "keys-wrong"),
    "keys with more": (keys(lambda listed: [listed[0] | {"x": 1}]), "keys-wrong"),
}


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeVerifier | None]:
    if NODE is None:
        yield None
    else:
        folder = tmp_path_factory.mktemp("second")
        with second(folder, PATH.with_suffix(".json")) as running:
            yield running


@pytest.mark.parametrize("name", CASES)
def test_each_is_named_rightly_by_both(name: str, other: NodeVerifier | None) -> None:
    content, verdict = CASES[name]
    report = check(content, asked_of(PATH))
    assert report.verdict == verdict
    if other is not None:
        theirs = other.check(content)
        assert outcomes(theirs) == states(report)
        first = next((one for one in report.found if one.state == "fails"), None)
        if first is not None:
            told = [one["told"] for one in theirs["properties"] if one["code"]]
            assert told[0] == json.loads(json.dumps(first.told))


def test_what_is_wrong_is_said_in_words() -> None:
    asked = asked_of(PATH)
    for content, said in (
        (DATA + b"xyz", "3 bytes after it"),
        (b"xyz" + DATA, "3 bytes before it"),
        (put({"étrange.json": b""}), "manifest.json"),
        (put({"../é": b""}), "../é"),
        (without(PROOF), PROOF),
    ):
        failed = [one for one in check(content, asked).found if one.state == "fails"]
        assert failed[0].about == said


def test_that_a_file_was_never_changed_is_not_claimed() -> None:
    """A manifest made anew fits: that says nothing of who made it."""
    remade = forged(MEMBERS | {"reasons.json": b"[]\n"})
    assert check(remade, asked_of(PATH)).verdict == "valid"
